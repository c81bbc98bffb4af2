"""Who may read and prove the audit trail: the audit administrator alone (SC-12)."""

from enum import StrEnum

from django.utils.translation import gettext as _

from liaoyuan.kernel.results import Allowed, Decision, Denied
from liaoyuan.kernel.scoping import Actor


class Capability(StrEnum):
    """What the audit trail lets one do. The trail lies outside the tree: holding it anywhere holds it whole."""

    VIEW = "audit.view"


def can_view(actor: Actor) -> Decision:
    """Whether ``actor`` may read, search, export and prove the trail."""
    return Allowed() if actor.holds(Capability.VIEW) else Denied(_("只有审计管理员可以查阅审计记录。"))
