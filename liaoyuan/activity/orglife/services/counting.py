"""Counts entered by people: paper ballots by two tellers, raised hands by the recorder."""

from uuid import UUID

from django.utils.translation import gettext as _

from liaoyuan.activity.orglife.clauses import clause_words
from liaoyuan.activity.orglife.models import Motion, MotionState, PaperTally, Presence
from liaoyuan.activity.orglife.policies import can_record
from liaoyuan.activity.orglife.rules import votes
from liaoyuan.activity.orglife.rules.decisions import HANDS, PAPER, RULES
from liaoyuan.activity.orglife.services.locking import locked_motion
from liaoyuan.foundation.audit.services import record
from liaoyuan.foundation.regulations.selectors import effective
from liaoyuan.kernel import clock
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import Conflict, DomainError
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import StandingKind


def paper_tally_record(*, actor: Actor, motion: UUID, teller: UUID, count: votes.PaperCount) -> PaperTally:
    """Enter what one teller counted: he himself, or the recorder for him. Two tellers count apart and must agree; a
    teller may correct his own count until the close.

    Raises Conflict where the ballot is not an open one on paper; DomainError with its clause for a teller who has no
    vote here, is absent, or is whom the vote is about; for counts that cannot be (marks = taken back ≤ handed out ≤
    present); and where the two tellers differ.
    """
    with unit_of_work():
        row = locked_motion(actor, motion)
        if actor.person_id is None or actor.person_id != teller:
            can_record(actor, row.meeting).require()
        _check_open(row, PAPER)
        _check_teller(row, teller)
        field, problem = votes.paper_problem(count, present=row.present or 0)
        if problem:
            raise DomainError(f"{problem}。", field=field, clause=_clause(row))
        others = PaperTally.objects.filter(motion=row).exclude(teller_id=teller)
        for other in others:
            if (other.handed_out, other.collected, other.yes, other.no, other.abstain, other.invalid) != (
                count.handed_out, count.collected, count.yes, count.no, count.abstain, count.invalid,
            ):  # fmt: skip
                raise DomainError(
                    _("与另一名计票人报的数不一致，请两人重新清点后再录。"), field="yes", clause=_clause(row)
                )
        wanted = effective("meeting.tellers", on=row.meeting.held_on, path=row.meeting.path).value
        if others.count() >= int(str(wanted)):
            raise DomainError(_("计票人已够 %(wanted)s 名。") % {"wanted": wanted}, field="teller")
        tally, _created = PaperTally.objects.update_or_create(
            motion=row,
            teller_id=teller,
            defaults={
                "handed_out": count.handed_out,
                "collected": count.collected,
                "yes": count.yes,
                "no": count.no,
                "abstain": count.abstain,
                "invalid": count.invalid,
                "entered_by": actor.name[:80],
                "entered_at": clock.now(),
            },
        )
        _audit(actor, "orglife.paper_tally_record", row, teller)
    return tally


def hands_record(*, actor: Actor, motion: UUID, yes: int, no: int, abstain: int) -> PaperTally:
    """Enter the count of a show of hands. Raises Conflict where that is not the open ballot, DomainError for more
    hands than people present."""
    with unit_of_work():
        row = locked_motion(actor, motion)
        can_record(actor, row.meeting).require()
        _check_open(row, HANDS)
        problem = votes.too_many(
            entitled=row.entitled or 0,
            present=row.present or 0,
            cast=votes.Tally(yes, no, abstain),
            written=votes.Tally(),
        )
        if problem:
            raise DomainError(f"{problem}。", field="yes", clause=_clause(row))
        tally, _created = PaperTally.objects.update_or_create(
            motion=row,
            teller=None,
            defaults={
                "yes": yes, "no": no, "abstain": abstain, "entered_by": actor.name[:80], "entered_at": clock.now()
            },
        )  # fmt: skip
        _audit(actor, "orglife.hands_record", row, None)
    return tally


def _check_open(motion: Motion, mode: str) -> None:
    if motion.state != MotionState.OPEN or motion.mode != mode:
        raise Conflict(
            _("“%(title)s”现在不是正在进行的%(mode)s，不能录入票数。")
            % {"title": motion.title, "mode": _("纸质投票") if mode == PAPER else _("举手表决")}
        )


def _check_teller(motion: Motion, teller: UUID) -> None:
    fits = motion.meeting.roll.filter(
        person=teller, entitled=True, presence=Presence.PRESENT, standing=StandingKind.FULL
    ).exists()
    if not fits:
        raise DomainError(_("计票人须是到会、有表决权的正式党员。"), field="teller", clause=_clause(motion))
    if motion.person_id == teller:
        raise DomainError(_("表决涉及的本人不能计票。"), field="teller", clause=_clause(motion))


def _clause(motion: Motion) -> str:
    return clause_words(RULES[motion.rule].majority_fact, on=motion.meeting.held_on)


def _audit(actor: Actor, action: str, motion: Motion, teller: UUID | None) -> None:
    record(
        actor,
        action,
        object_type="orglife.motion",
        object_id=motion.pk,
        object_label=motion.title,
        detail={"teller": str(teller or "")},
    )
