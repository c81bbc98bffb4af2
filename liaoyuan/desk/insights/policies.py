"""Who may see the map, names on it, precise positions; who may replace its ground."""

from enum import StrEnum

from django.utils.translation import gettext as _

from liaoyuan.foundation.accounts.rules import SYSTEM_MANAGE
from liaoyuan.kernel.results import Allowed, Decision, Denied
from liaoyuan.kernel.scoping import Actor


class Capability(StrEnum):
    """Capabilities of insights, as roles.toml names them."""

    MAP = "insights.map"
    NAMES = "insights.names"
    PRECISE = "insights.precise"


def can_see_map(actor: Actor) -> Decision:
    """Whoever holds insights.map anywhere."""
    if actor.holds(Capability.MAP):
        return Allowed()
    return Denied(_("您的角色不看党员地图。三员只管系统，不看人员。"))


def can_see_names(actor: Actor) -> Decision:
    """Whoever holds insights.names anywhere."""
    return Allowed() if actor.holds(Capability.NAMES) else Denied(_("您的角色只看人数，不看姓名。"))


def can_replace_base(actor: Actor) -> Decision:
    """The system administrator."""
    if actor.holds(SYSTEM_MANAGE):
        return Allowed()
    return Denied(_("更换底图由系统管理员办理。"))
