"""Casting a secret vote on a handheld.

In one transaction the voter is marked and the sealed box is written anew. Neither the mark nor the audit row, neither
an id nor a time says how; the box says nothing until the motion is closed (THREAT_MODEL.md, "Ballots").
"""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from liaoyuan.activity.orglife.clauses import clause_words
from liaoyuan.activity.orglife.models import BallotBox, BallotMark, Motion, MotionState, Presence, RollEntry
from liaoyuan.activity.orglife.rules.boxes import CHOICES, Box
from liaoyuan.activity.orglife.rules.decisions import HANDHELD
from liaoyuan.activity.orglife.selectors import motion_visible
from liaoyuan.foundation.audit.services import record
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import Conflict, DomainError, NotPermitted
from liaoyuan.kernel.scoping import Actor


def ballot_cast(*, actor: Actor, motion: UUID, choice: str) -> None:
    """Put one vote into the box and mark that the actor has voted. It cannot be changed or taken back: nobody could
    find it. Returns nothing, whatever the choice.

    Raises Conflict for a second vote, a ballot not open, or closed meanwhile; NotPermitted for somebody without a vote
    or not present; DomainError for what is no choice.
    """
    with unit_of_work():
        seen = motion_visible(actor, motion)
        row = Motion.objects.select_for_update().get(pk=seen.pk)
        row.meeting = seen.meeting
        entry = _voter(actor, row)
        if row.state != MotionState.OPEN or row.mode != HANDHELD:
            raise Conflict(_refusal(row), clause=clause_words("DM-26", on=row.meeting.held_on))
        if choice not in CHOICES:
            raise DomainError(_("请选择赞成、反对或弃权。"), field="choice")
        try:
            with transaction.atomic():
                BallotMark.objects.create(motion=row, entry=entry)
        except IntegrityError as error:
            raise Conflict(
                _("您已经投过票。一人一票，投出后不能更改。"), clause=clause_words("DM-26", on=row.meeting.held_on)
            ) from error
        box = BallotBox.objects.select_for_update().get(motion=row)
        try:
            box.sealed = Box.unpack(box.sealed, motion=row.pk.hex).with_vote(choice).pack()
        except ValueError as error:
            raise Conflict(_("票箱打不开或被换过，没有投票。请报告主持人。")) from error
        box.save(update_fields=["sealed"])
        record(
            actor,
            "orglife.ballot_cast",
            object_type="orglife.motion",
            object_id=row.pk,
            object_label=row.title,
        )


def _voter(actor: Actor, motion: Motion) -> RollEntry:
    entry = motion.meeting.roll.filter(person_id=actor.person_id).first() if actor.person_id else None
    if entry is None:
        raise NotPermitted(
            _("您不在这次会议的名册上，没有表决权。"), clause=clause_words("MT-17", on=motion.meeting.held_on)
        )
    if not entry.entitled:
        raise NotPermitted(_("您在这次会议没有表决权：%(why)s。") % {"why": entry.why_not}, clause=entry.clause)
    if entry.presence != Presence.PRESENT:
        raise NotPermitted(
            _("您还没有签到。到会的人才能投票；请先签到，或请记录人登记。"),
            clause=clause_words("DM-28", on=motion.meeting.held_on),
        )
    return entry


def _refusal(motion: Motion) -> str:
    if motion.state == MotionState.PLANNED:
        return _("“%(title)s”还没有开始投票，请等主持人宣布。") % {"title": motion.title}
    if motion.state == MotionState.OPEN:
        return _("“%(title)s”不用手持终端投票，请按会场要求表决。") % {"title": motion.title}
    return _("“%(title)s”的投票已经结束，没有计入。") % {"title": motion.title}
