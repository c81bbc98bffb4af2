"""Who looks after what: data problems by role in one's subtrees, the system by its administrator."""

from enum import StrEnum

from django.utils.translation import gettext as _

from liaoyuan.foundation.accounts.rules import SYSTEM_MANAGE
from liaoyuan.kernel.results import Allowed, Decision, Denied
from liaoyuan.kernel.scoping import Actor


class Capability(StrEnum):
    """What oversight lets one do."""

    DATA_QUALITY = "oversight.data_quality"


def can_see_quality(actor: Actor) -> Decision:
    """Whether ``actor`` may see the data problems of his subtrees."""
    if actor.holds(Capability.DATA_QUALITY):
        return Allowed()
    return Denied(_("只有书记、组织干事和检查组可以查看数据质量。"))


def can_manage_system(actor: Actor) -> Decision:
    """Whether ``actor`` may see how the system runs."""
    return Allowed() if actor.holds(SYSTEM_MANAGE) else Denied(_("只有系统管理员可以查看系统运行状况。"))
