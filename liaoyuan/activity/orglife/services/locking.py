"""Fetching a meeting or motion to change: locked and fresh.

Order of locks: unit rows → the meeting's row → the motion's row → its box → the audit chain. Casting a vote takes the
motion's row alone: who may vote is frozen while a ballot is open.
"""

from uuid import UUID

from django.utils.translation import gettext as _

from liaoyuan.activity.orglife.clauses import clause_words
from liaoyuan.activity.orglife.models import Meeting, Motion, MotionState
from liaoyuan.activity.orglife.models.meeting import MeetingState
from liaoyuan.activity.orglife.selectors import meeting_visible, motion_visible
from liaoyuan.kernel.errors import Conflict, DomainError, NotInScope
from liaoyuan.kernel.scoping import Actor

REASON_LEAST = 2


def locked_meeting(actor: Actor, meeting_id: UUID) -> Meeting:
    """The meeting, locked until the end of the transaction. NotInScope where the actor may not see it."""
    meeting_visible(actor, meeting_id)
    row = Meeting.objects.unscoped("seen above; now locked").select_for_update().filter(pk=meeting_id).first()
    if row is None:
        raise NotInScope()
    return row


def locked_motion(actor: Actor, motion_id: UUID) -> Motion:
    """The motion with its meeting, both locked. NotInScope where the actor may not see the meeting."""
    meeting = locked_meeting(actor, motion_visible(actor, motion_id).meeting_id)
    motion = Motion.objects.select_for_update().get(pk=motion_id)
    motion.meeting = meeting
    return motion


def check_not_over(meeting: Meeting) -> None:
    """A meeting that is over, or will not be held, is not changed any more."""
    if meeting.state == MeetingState.CLOSED:
        raise Conflict(
            _("会议“%(title)s”已经结束，名册、表决和记录不再变动。") % {"title": meeting.title}, clause=_clause(meeting)
        )
    if meeting.state == MeetingState.CANCELLED:
        raise Conflict(_("会议“%(title)s”已取消。") % {"title": meeting.title})


def check_open(meeting: Meeting) -> None:
    """What happens in a meeting happens between its opening and its end."""
    check_not_over(meeting)
    if meeting.state != MeetingState.OPEN:
        raise Conflict(
            _("会议“%(title)s”还没有开始，请主持人先宣布开会。") % {"title": meeting.title}, clause=_clause(meeting)
        )


def _clause(meeting: Meeting) -> str:
    """That those present at the meeting decide, and nobody before or after it."""
    return clause_words("MT-12" if meeting.kind == "committee_meeting" else "MT-10", on=meeting.held_on)


def check_no_ballot(meeting: Meeting) -> None:
    """The roll stands still while a ballot is open: who may vote must not change under it."""
    if meeting.motions.filter(state=MotionState.OPEN).exists():
        raise Conflict(_("正在表决，名册不能改动。请先结束这次表决。"))


def check_reason(reason: str, *, field: str = "reason") -> str:
    """A reason in words."""
    text = " ".join(reason.split())
    if sum(character.isalnum() for character in text) < REASON_LEAST:
        raise DomainError(_("请写明理由，别人查看记录时要能看懂。"), field=field)
    return text[:200]
