"""Mending the roll of a meeting that is over: the one thing about it that may still turn out to have been wrong."""

from uuid import UUID

from django.utils.translation import gettext as _

from liaoyuan.activity.orglife.clauses import clause_words, thresholds
from liaoyuan.activity.orglife.models import (
    BallotMark,
    Meeting,
    Motion,
    MotionState,
    Presence,
    PresenceCorrection,
    RollEntry,
    WrittenOpinion,
)
from liaoyuan.activity.orglife.models.meeting import MeetingState
from liaoyuan.activity.orglife.policies import can_record
from liaoyuan.activity.orglife.rules import votes
from liaoyuan.activity.orglife.rules.decisions import RULES
from liaoyuan.activity.orglife.services.facts import attendance, source_of, told_of
from liaoyuan.activity.orglife.services.locking import check_reason, locked_meeting
from liaoyuan.foundation.audit.services import record
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import Conflict, DomainError, NotInScope
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.chronicle.services import facts_restate


def presence_correct(*, actor: Actor, meeting: UUID, person: UUID, presence: str, reason: str) -> PresenceCorrection:
    """Say who really came to a meeting that is over. The facts of the chronicle are superseded; what was voted, and the
    counts then found, stay as they are.

    Raises Conflict where the meeting is not over (mark him instead), NotInScope for somebody not on the roll,
    DomainError without a reason, where nothing changes, or where the correction would contradict a vote: he voted
    there, his written opinion counted in his absence, or fewer would have been present than voted or than the quorum.
    """
    with unit_of_work():
        row = locked_meeting(actor, meeting)
        can_record(actor, row).require()
        if row.state != MeetingState.CLOSED:
            raise Conflict(_("会议“%(title)s”还没有结束，请直接签到，不用更正。") % {"title": row.title})
        if presence not in Presence.values:
            raise DomainError(_("到会情况只有到会、请假、未到三种。"), field="presence")
        entry = row.roll.select_related("person").filter(person=person).first()
        if entry is None:
            raise NotInScope()
        if entry.presence == presence:
            raise DomainError(
                _("%(name)s 记录的就是“%(presence)s”，不用更正。")
                % {"name": entry.person.name, "presence": entry.get_presence_display()},
                field="presence",
            )
        words = check_reason(reason)
        _check_votes(row, entry, presence)
        correction = PresenceCorrection(
            entry=entry, before=entry.presence, after=presence, reason=words, corrected_by=actor.name[:80]
        )
        correction.save(force_insert=True)
        entry.presence = presence
        entry.save(update_fields=["presence"])
        facts_restate(actor=actor, source=source_of(row, entry), facts=[attendance(row, entry)], reason=words)
        facts_restate(actor=actor, source=source_of(row), facts=told_of(row), reason=words)
        record(
            actor,
            "orglife.presence_correct",
            object_type="orglife.meeting",
            object_id=row.pk,
            object_label=row.title,
            subject_id=entry.person_id,
            reason=words,
            detail={"before": correction.before, "after": presence},
        )
    return correction


def _check_votes(meeting: Meeting, entry: RollEntry, presence: str) -> None:
    """A correction must not contradict a vote: that takes the superior organisation, not the recorder."""
    decided = list(meeting.motions.filter(state=MotionState.DECIDED).order_by("order"))
    keys = [motion.pk for motion in decided]
    name = {"name": entry.person.name}
    if presence == Presence.PRESENT:
        if WrittenOpinion.objects.filter(motion__in=keys, entry=entry).exists():
            raise DomainError(
                _("%(name)s 的会前书面意见已按没有到会计票，不能再记为到会。") % name,
                field="presence",
                clause=clause_words("DM-28", on=meeting.held_on),
            )
        return
    if entry.presence != Presence.PRESENT:
        return
    if BallotMark.objects.filter(motion__in=keys, entry=entry).exists():
        raise DomainError(_("%(name)s 在会上投过票，不能改为没有到会。") % name, field="presence")
    if entry.entitled:
        gone = _gone_since(meeting) + 1
        for motion in decided:
            _check_present(meeting, motion, (motion.present or 0) - gone)


def _gone_since(meeting: Meeting) -> int:
    """By how many, of those with a vote, corrections have lowered the number present."""
    first: dict[UUID, str] = {}
    last: dict[UUID, str] = {}
    rows = PresenceCorrection.objects.filter(entry__meeting=meeting, entry__entitled=True)
    for entry, before, after in rows.order_by("corrected_at", "pk").values_list("entry_id", "before", "after"):
        first.setdefault(entry, before)
        last[entry] = after
    came = [(first[entry] == Presence.PRESENT, last[entry] == Presence.PRESENT) for entry in first]
    return sum(before for before, _after in came) - sum(after for _before, after in came)


def _check_present(meeting: Meeting, motion: Motion, present: int) -> None:
    rule = RULES[motion.rule]
    cast = sum(count or 0 for count in (motion.yes, motion.no, motion.abstain, motion.invalid)) - (motion.written or 0)
    needs = thresholds(rule, on=meeting.held_on, path=meeting.path, text_of=motion.text_of)
    found = votes.quorum(needs.quorum, entitled=motion.entitled or 0, present=max(present, 0))
    if found.met and cast <= present:
        return
    why = found.explanation if not found.met else _("会上投了 %(cast)d 票，到会却只有 %(n)d 人") % {
        "cast": cast, "n": present,
    }  # fmt: skip
    raise DomainError(
        _("更正后“%(title)s”的表决就不成立了：%(why)s。请先报上级党组织审查这项表决。")
        % {"title": motion.title, "why": why},
        field="presence",
        clause=clause_words(rule.quorum_fact, on=meeting.held_on),
    )
