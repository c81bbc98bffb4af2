"""Who may see what is due, and act on it."""

from enum import StrEnum

from liaoyuan.kernel.results import Allowed, Decision
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.duties.models import Duty


class Capability(StrEnum):
    """Capabilities of this app. Everybody sees what is due about himself."""

    VIEW = "duties.view"
    ACT = "duties.act"


def can_act(actor: Actor, duty: Duty) -> Decision:
    """Whether the actor may record, snooze or hand over: whoever answers for the unit, or to whom it was handed."""
    if actor.person_id is not None and actor.person_id == duty.handed_to_id:
        return Allowed()
    return actor.may(Capability.ACT, duty.path, reason="只有责任党组织的书记、委员或上级组织干事可以办理这件事。")
