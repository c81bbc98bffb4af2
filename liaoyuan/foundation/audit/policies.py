"""Who may read and prove the audit trail: the audit administrator alone (SC-12)."""

from enum import StrEnum

from django.utils.translation import gettext as _

from liaoyuan.kernel.results import Allowed, Decision, Denied
from liaoyuan.kernel.scoping import Actor


class Capability(StrEnum):
    """What the audit trail lets one do. The trail lies outside the tree: holding one anywhere holds it whole."""

    VIEW = "audit.view"
    EXPORT = "audit.export"
    VERIFY = "audit.verify"


def can_view(actor: Actor) -> Decision:
    """Whether ``actor`` may read the trail."""
    return _decide(actor, Capability.VIEW, _("只有审计管理员可以查看审计记录。"))


def can_export(actor: Actor) -> Decision:
    """Whether ``actor`` may take the trail out."""
    return _decide(actor, Capability.EXPORT, _("只有审计管理员可以导出审计记录。"))


def can_verify(actor: Actor) -> Decision:
    """Whether ``actor`` may prove the chain."""
    return _decide(actor, Capability.VERIFY, _("只有审计管理员可以核验审计链。"))


def _decide(actor: Actor, capability: Capability, reason: str) -> Decision:
    return Allowed() if actor.holds(capability) else Denied(reason)
