"""Who may see, call, chair and record meetings. Who is on a roll sees his meeting without any capability."""

from enum import StrEnum

from django.utils.translation import gettext as _

from liaoyuan.activity.orglife.models import Meeting
from liaoyuan.kernel.results import Allowed, Decision
from liaoyuan.kernel.scoping import Actor


class Capability(StrEnum):
    """Capabilities of this app."""

    VIEW = "orglife.view"
    CALL = "orglife.call"
    CHAIR = "orglife.chair"
    RECORD = "orglife.record"


def can_call(actor: Actor, path: str) -> Decision:
    """Calling a meeting is the secretary's; a group's is its leader's (MT-21)."""
    return actor.may(
        Capability.CALL, path, reason=_("会议由书记召集（党小组会由组长召集）。需要时请书记办理或书面委托。")
    )


def can_chair(actor: Actor, meeting: Meeting) -> Decision:
    """Opening and closing meetings and ballots: whoever is named as chair, or holds the capability there."""
    if _is(actor, meeting.chair_id):
        return Allowed()
    reason = _("会议由主持人开始、表决和结束；本次主持人是%(name)s。") % {"name": _name(meeting.chair)}
    return actor.may(Capability.CHAIR, meeting.path, reason=reason)


def can_record(actor: Actor, meeting: Meeting) -> Decision:
    """Marking presence, entering opinions and counts, writing the minutes: recorder, chair, or by capability."""
    if _is(actor, meeting.recorder_id) or _is(actor, meeting.chair_id):
        return Allowed()
    reason = _("签到、计票和会议记录由记录人或主持人办理；本次记录人是%(name)s。") % {"name": _name(meeting.recorder)}
    return actor.may(Capability.RECORD, meeting.path, reason=reason)


def can_sign(actor: Actor, meeting: Meeting) -> Decision:
    """A resolution is signed by the secretary (DM-30), not by whoever chaired in his place."""
    return actor.may(Capability.CHAIR, meeting.path, reason=_("决议由书记签名。请书记本人登录签署。"))


def _is(actor: Actor, person_id: object) -> bool:
    return actor.person_id is not None and actor.person_id == person_id


def _name(person: object) -> str:
    return str(person) if person is not None else _("（未指定）")
