"""What may be done with the rule book."""

from enum import StrEnum

from liaoyuan.kernel.paths import depth
from liaoyuan.kernel.results import Allowed, Decision, Denied
from liaoyuan.kernel.scoping import Actor


class Capability(StrEnum):
    """Capabilities of this app. Reading the rule book needs none: regulations are everybody's."""

    OVERRIDE = "regulations.override"
    CALENDAR = "regulations.calendar"


def can_override(actor: Actor, path: str) -> Decision:
    """Whether the actor may set parameters for the unit with ``path`` and all below it."""
    return actor.may(Capability.OVERRIDE, path, reason="只有本级及以上党组织的组织干事可以调整这里的参数。")


def can_edit_calendar(actor: Actor) -> Decision:
    """Whether the actor may change the working days, which bind everybody."""
    if any(depth(prefix) <= 1 for prefix in actor.reach(Capability.CALENDAR)):
        return Allowed()
    return Denied("工作日历由最高一级组织干事维护。")
