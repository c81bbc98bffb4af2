"""Opening a ballot, closing and counting it, and taking a motion back."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from liaoyuan.activity.orglife.clauses import Thresholds, clause_words, thresholds
from liaoyuan.activity.orglife.events import MotionDecided, MotionWithdrawn
from liaoyuan.activity.orglife.models import (
    BallotBox,
    BallotMark,
    Motion,
    MotionState,
    PaperTally,
    Presence,
    Resolution,
    WrittenOpinion,
)
from liaoyuan.activity.orglife.models.motion import BallotMode
from liaoyuan.activity.orglife.policies import can_chair
from liaoyuan.activity.orglife.rules import votes
from liaoyuan.activity.orglife.rules.boxes import Box, tally_of
from liaoyuan.activity.orglife.rules.decisions import HANDHELD, HANDS, PAPER, RULES, missing_agenda
from liaoyuan.activity.orglife.rules.drafting import Draft, resolution_text
from liaoyuan.activity.orglife.rules.meetings import KINDS
from liaoyuan.activity.orglife.services.locking import check_not_over, check_open, check_reason, locked_motion
from liaoyuan.activity.orglife.services.roll import entitled_of
from liaoyuan.foundation.audit.services import record
from liaoyuan.foundation.regulations.selectors import effective
from liaoyuan.kernel import bus, clock
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import Conflict, DomainError
from liaoyuan.kernel.scoping import Actor


def motion_open(
    *, actor: Actor, motion: UUID, agenda: frozenset[str] | set[str] = frozenset(), mode: str = ""
) -> Motion:
    """Open the ballot on a motion. From here to its close the roll stands still. ``agenda`` names what has taken place
    (ids of ``rules.decisions.AGENDA``); ``mode`` changes the ballot at the last moment.

    Raises Conflict where the meeting is not open, another ballot is (one at a time: DM-29), or the motion is over;
    DomainError with its clause without a quorum, with agenda items missing (DM-25), a handheld ballot with somebody
    present who has no account, or one for a meeting in the past.
    """
    with unit_of_work():
        row = locked_motion(actor, motion)
        meeting = row.meeting
        can_chair(actor, meeting).require()
        check_open(meeting)
        if row.state != MotionState.PLANNED:
            raise Conflict(_("这项表决是“%(state)s”，不能再开始。") % {"state": row.get_state_display()})
        other = meeting.motions.filter(state=MotionState.OPEN).first()
        if other is not None:
            raise Conflict(
                _("“%(title)s”还在表决。须逐个讨论、逐个表决，请先结束那一项。") % {"title": other.title},
                clause=clause_words("DM-29", on=meeting.held_on),
            )
        rule = RULES[row.rule]
        missing = missing_agenda(rule, frozenset(agenda))
        if missing:
            raise DomainError(
                _("表决前还须进行：%(items)s。") % {"items": "；".join(missing)},
                field="agenda",
                clause=clause_words("DM-25", on=meeting.held_on),
            )
        row.mode = mode or row.mode
        _check_mode(row)
        entitled, present = entitled_of(meeting)
        found = votes.quorum(_needs(row).quorum, entitled=entitled, present=present)
        if not found.met:
            raise DomainError(
                _("到会人数不够，不能表决：%(why)s。") % {"why": found.explanation},
                clause=clause_words(rule.quorum_fact, on=meeting.held_on),
            )
        row.state, row.opened_at = MotionState.OPEN, clock.now()
        row.entitled, row.present, row.agenda = entitled, present, sorted(agenda)
        row.save(update_fields=["state", "mode", "opened_at", "entitled", "present", "agenda"])
        if row.mode == HANDHELD:
            BallotBox.objects.create(motion=row, sealed=Box(row.pk.hex).pack())
        _audit(actor, "orglife.motion_open", row, detail={"entitled": entitled, "present": present, "mode": row.mode})
    return row


def _check_mode(motion: Motion) -> None:
    if motion.mode not in BallotMode.values or (RULES[motion.rule].secret and motion.mode == HANDS):
        raise DomainError(
            _("须无记名投票，不能举手表决。"), field="mode", clause=clause_words("DM-26", on=motion.meeting.held_on)
        )
    if motion.mode != HANDHELD:
        return
    if motion.meeting.backfilled:
        raise DomainError(_("补录的会议不能用手持终端投票，请选纸质投票并录入计票结果。"), field="mode")
    without = motion.meeting.roll.filter(
        entitled=True, presence=Presence.PRESENT, person__user__isnull=True
    ).values_list("person__name", flat=True)
    if without:
        raise DomainError(
            _("%(names)s 没有账号，不能用手持终端投票。请改用纸质投票。") % {"names": "、".join(without)}, field="mode"
        )


def motion_close(*, actor: Actor, motion: UUID, missing_ok: bool = False) -> Motion:
    """Close the ballot, count, say whether it passed and why, and draft the resolution. ``missing_ok`` closes although
    somebody present has not voted. The box is opened here, once, and destroyed.

    Raises Conflict where the motion is not open or the box does not hold as many votes as voters were marked;
    DomainError where votes or counts are missing.
    """
    with unit_of_work():
        row = locked_motion(actor, motion)
        can_chair(actor, row.meeting).require()
        if row.state != MotionState.OPEN:
            raise Conflict(_("这项表决是“%(state)s”，没有可以结束的投票。") % {"state": row.get_state_display()})
        cast = {HANDHELD: _from_box, PAPER: _from_tellers, HANDS: _from_hands}[row.mode](row, missing_ok)
        written = _written(row)
        result = _count(row, cast, written)
        total = cast + written
        row.state, row.closed_at = MotionState.DECIDED, clock.now()
        row.yes, row.no, row.abstain, row.invalid = total.yes, total.no, total.abstain, total.invalid
        row.written, row.passed = written.total, result.passed
        row.explanation, row.disclosure = result.explanation[:300], votes.disclosure(cast) if _is_secret(row) else ""
        row.clause = _needs(row).origin[:300]
        row.save()
        BallotBox.objects.filter(motion=row).delete()
        _draft(row, cast, written)
        _audit(actor, "orglife.motion_close", row, detail={"passed": row.passed, "why": row.explanation})
        bus.publish(
            MotionDecided(
                motion_id=row.pk,
                meeting_id=row.meeting_id,
                subject_type=row.subject_type,
                subject_id=row.subject_id,
                passed=result.passed,
                entitled=result.quorum.entitled,
                present=result.quorum.present,
                yes=total.yes,
                no=total.no,
                abstain=total.abstain,
                written=written.total,
                decided_on=row.meeting.held_on,
                explanation=row.explanation,
            )
        )
    return row


def motion_withdraw(*, actor: Actor, motion: UUID, reason: str) -> Motion:
    """Take a motion back before it is decided. A ballot under way is void: the box and the marks are destroyed
    uncounted, and the question may be put again. Raises Conflict where it is decided or withdrawn already."""
    with unit_of_work():
        row = locked_motion(actor, motion)
        can_chair(actor, row.meeting).require()
        check_not_over(row.meeting)
        if row.state not in {MotionState.PLANNED, MotionState.OPEN}:
            raise Conflict(_("这项表决是“%(state)s”，不能撤回。") % {"state": row.get_state_display()})
        row.state, row.reason = MotionState.WITHDRAWN, check_reason(reason)
        row.save(update_fields=["state", "reason"])
        BallotBox.objects.filter(motion=row).delete()
        BallotMark.objects.filter(motion=row).delete()
        PaperTally.objects.filter(motion=row).delete()
        _audit(actor, "orglife.motion_withdraw", row, reason=row.reason)
        bus.publish(MotionWithdrawn(row.pk, row.meeting_id, row.subject_type, row.subject_id, row.reason))
    return row


def _needs(motion: Motion) -> Thresholds:
    meeting = motion.meeting
    return thresholds(RULES[motion.rule], on=meeting.held_on, path=meeting.path, text_of=motion.text_of)


def _is_secret(motion: Motion) -> bool:
    return motion.mode != HANDS


def _from_box(motion: Motion, missing_ok: bool) -> votes.Tally:
    box = BallotBox.objects.select_for_update().get(motion=motion)
    marked = BallotMark.objects.filter(motion=motion).count()
    if marked == 0 or (marked < (motion.present or 0) and not missing_ok):
        raise DomainError(
            _("到会 %(present)d 人，已投票 %(marked)d 人。还有人没有投票；确定不等的，请勾选后再结束。")
            % {"present": motion.present or 0, "marked": marked},
            field="missing_ok",
        )
    try:
        counted = Box.unpack(box.sealed, motion=motion.pk.hex).tally
    except ValueError as error:
        raise Conflict(_("票箱打不开或不是这项表决的票箱，投票作废。请撤回这项表决，重新投票。")) from error
    if counted.total != marked:
        raise Conflict(
            _("票箱里有 %(votes)d 票，投过票的有 %(marked)d 人，对不上，投票作废。请撤回这项表决，重新投票。")
            % {"votes": counted.total, "marked": marked}
        )
    return counted


def _from_tellers(motion: Motion, missing_ok: bool) -> votes.Tally:
    rows = list(PaperTally.objects.filter(motion=motion, teller__isnull=False))
    wanted = effective("meeting.tellers", on=motion.meeting.held_on, path=motion.meeting.path).value
    if len(rows) < int(str(wanted)):
        raise DomainError(
            _("须由 %(wanted)s 名计票人各录一次票数，现在有 %(have)d 份。") % {"wanted": wanted, "have": len(rows)},
            field="tally",
        )
    first = rows[0]
    return votes.Tally(first.yes, first.no, first.abstain, first.invalid)


def _from_hands(motion: Motion, missing_ok: bool) -> votes.Tally:
    row = PaperTally.objects.filter(motion=motion, teller__isnull=True).first()
    if row is None:
        raise DomainError(_("还没有录入举手表决的票数。"), field="tally")
    return votes.Tally(row.yes, row.no, row.abstain)


def _written(motion: Motion) -> votes.Tally:
    """Opinions of those with a vote who did not come after all."""
    rows = WrittenOpinion.objects.filter(motion=motion, entry__entitled=True).exclude(entry__presence=Presence.PRESENT)
    return tally_of([row.choice for row in rows])


def _count(motion: Motion, cast: votes.Tally, written: votes.Tally) -> votes.VoteResult:
    rule, needs = RULES[motion.rule], _needs(motion)
    quorum = votes.quorum(needs.quorum, entitled=motion.entitled or 0, present=motion.present or 0)
    try:
        return votes.majority(needs.majority, quorum=quorum, cast=cast, written=written, of_present=rule.of_present)
    except ValueError as error:
        raise DomainError(
            _("%(why)s，不能计票。请重新清点。") % {"why": error},
            field="tally",
            clause=clause_words(rule.majority_fact, on=motion.meeting.held_on),
        ) from error


def _draft(motion: Motion, cast: votes.Tally, written: votes.Tally) -> None:
    meeting = motion.meeting
    text = resolution_text(
        Draft(
            rule=motion.rule,
            unit=meeting.unit.name,
            meeting=KINDS[meeting.kind].label,
            title=motion.title,
            person=motion.person.name if motion.person else "",
            held_on=meeting.held_on,
            mode=motion.mode,
            entitled=motion.entitled or 0,
            present=motion.present or 0,
            cast=cast,
            written=written,
            passed=bool(motion.passed),
        )
    )
    Resolution.objects.create(motion=motion, adopted=bool(motion.passed), text=text)


def _audit(
    actor: Actor, action: str, motion: Motion, *, reason: str = "", detail: dict[str, Any] | None = None
) -> None:
    record(
        actor,
        action,
        object_type="orglife.motion",
        object_id=motion.pk,
        object_label=motion.title,
        subject_id=motion.person_id,
        reason=reason,
        detail=detail,
    )
