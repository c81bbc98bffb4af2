"""One act of a case, from judging to telling: the only way in which a case moves.

Order: authorise → lock (person, case) → judge (``rules.checks``) → write the act → let standing follow
(``members.standing_change``, the only writer of standing) → tell the chronicle → bring the case's columns up to date →
audit → publish. Everything in one transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from liaoyuan.activity.notices.selectors.postings import mobile_at, posting_days
from liaoyuan.activity.orglife.models import Motion
from liaoyuan.affairs.admission.events import CaseChanged, CaseClosed
from liaoyuan.affairs.admission.models import Case, StepRecord
from liaoyuan.affairs.admission.policies import Capability, can_act
from liaoyuan.affairs.admission.rules.acts import ACTS, BESIDE, Act, detail_problem
from liaoyuan.affairs.admission.rules.checks import check
from liaoyuan.affairs.admission.rules.findings import Finding, Helper, Setting, Weight
from liaoyuan.affairs.admission.rules.limits import Limits
from liaoyuan.affairs.admission.rules.progress import Progress
from liaoyuan.affairs.admission.rules.steps import STEPS
from liaoyuan.affairs.admission.rules.timeline import most_urgent, timeline
from liaoyuan.affairs.admission.selectors.around import above, attached_between, full_members_on
from liaoyuan.affairs.admission.selectors.cases import live_records, progress_of
from liaoyuan.affairs.admission.selectors.company import introducers_on
from liaoyuan.affairs.admission.selectors.limits import Book
from liaoyuan.affairs.admission.selectors.meetings import ACT_OF
from liaoyuan.affairs.admission.selectors.roll import roll_of
from liaoyuan.affairs.admission.services.locking import check_words, locked_case
from liaoyuan.affairs.admission.services.refusing import refusal_tell
from liaoyuan.affairs.admission.services.telling import tell
from liaoyuan.foundation.audit.services import record as audit
from liaoyuan.kernel import bus, clock
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import DomainError
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.duties.selectors.penalties import penalties
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.members.services import standing_change
from liaoyuan.organisation.units.models import UnitKind

POSTING = "admission.candidate_posting"  # the parameter that sets how long a candidate's posting hangs


@dataclass(frozen=True, slots=True)
class Doing:
    """What somebody wants to record: the act, its day, what it carries; ``reason`` answers 不宜, ``basis`` a special
    provision; ``helpers`` are the people named (mentors, introducers); ``back_filled``: it happened outside the
    platform and is filled in afterwards."""

    act: Act
    on: date
    detail: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    basis: str = ""
    helpers: Sequence[Person] = ()
    back_filled: bool = False


def act_do(*, actor: Actor, case: UUID, doing: Doing) -> StepRecord:
    """Do an act in a case. Raises NotInScope, NotPermitted; DomainError with the clause where a rule refuses, with
    ``field="reason"`` or ``"basis"`` where only a reason or a recorded basis is wanting."""
    with unit_of_work():
        row = locked_case(actor, case)
        can_act(actor, row, doing.act).require()
        return perform(actor, row, doing)


def perform(actor: Actor, case: Case, doing: Doing) -> StepRecord:
    """``act_do`` for a locked case and an actor who was authorised."""
    info = ACTS[doing.act]
    problem = detail_problem(doing.act, doing.detail)
    if problem:
        raise DomainError(f"{problem}。")
    records = live_records(case)
    limits = limits_of(case)
    before = progress_of(case, records, limits)
    setting = setting_of(actor, case, doing, before, limits)
    found = check(doing.act, doing.on, doing.detail, before, limits, setting, today=clock.today())
    reason, basis = answered(found, doing)
    record = StepRecord(
        case=case,
        seq=records[-1].seq + 1 if records else 1,
        act=doing.act,
        step=int(info.step),
        done_on=doing.on,
        detail=dict(doing.detail),
        back_filled=doing.back_filled or doing.on < clock.local(case.opened_at).date(),
        against=[{"code": one.code, "message": one.message, "clause": one.clause} for one in found],
        reason=reason,
        basis=basis,
        unit_id=case.unit_id,
        by_name=actor.name[:80],
        recorded_at=clock.now(),
    )
    record.save(force_insert=True)
    after = progress_of(case, [*records, record], limits)
    follow_standing(actor, case, before, after, record)
    tell(actor, record, before)
    refusal_tell(actor, record)
    show(case, after, limits, on=doing.on)
    audit(
        actor,
        f"admission.{doing.act}",
        object_type="admission.case",
        object_id=case.pk,
        object_label=info.label,
        subject_id=case.person_id,
        reason=(reason or basis)[:200],
        detail={"on": doing.on, "step": int(info.step)},
    )
    bus.publish(CaseChanged(case.pk, case.person_id, case.unit_id, str(doing.act)))
    if after.closed and not before.closed:
        bus.publish(CaseClosed(case.pk, case.person_id, after.closed))
    return record


def limits_of(case: Case) -> Limits:
    """The limits that bind a case today."""
    return Book.of(clock.today()).limits(case.text_of, case.path)


def setting_of(actor: Actor, case: Case, doing: Doing, state: Progress, limits: Limits) -> Setting:
    """What surrounds the case on the act's day."""
    over = above(case.unit)
    hangs = doing.act == Act.POST and limits.posting_days and doing.on <= clock.today()  # a day to come is refused
    shortest, away, mobile = _hanging(case, doing) if hangs else (None, (), "")
    return Setting(
        birth=case.person.birth_date,
        temporary=_temporary(case, doing),
        superior=over.superior is not None and actor.covers(Capability.APPROVE, over.superior.path),
        approver=over.approver is not None and actor.covers(Capability.APPROVE, over.approver.path),
        leaving_on=case.leaving_on,
        helpers=_named(case, doing) or introducers_on(case, doing.act, doing.on, state),
        shortest=shortest,
        away=away,
        mobile=mobile,
        roll=roll_of(case, doing.on) if _on_paper(doing) else None,
    )


def _named(case: Case, doing: Doing) -> tuple[Helper, ...]:
    """Whom the act names."""
    people = [one.pk for one in doing.helpers]
    full, held = (full_members_on(people, doing.on), penalties(people, doing.on)) if people else (set(), {})
    return tuple(
        Helper(one.name, one.pk in full, held.get(one.pk, ""), one.pk == case.person_id) for one in doing.helpers
    )


def _temporary(case: Case, doing: Doing) -> bool:
    """A vote of the platform is its meeting's branch's; everything else the case's own."""
    if doing.act not in ACT_OF.values() or _on_paper(doing):
        return bool(case.unit.kind == UnitKind.TEMPORARY_BRANCH)
    rows = Motion.objects.filter(pk=doing.detail["motion"], meeting__unit__kind=UnitKind.TEMPORARY_BRANCH)
    return rows.exists()


def _on_paper(doing: Doing) -> bool:
    return doing.act in ACT_OF.values() and not doing.detail.get("motion")


def _hanging(case: Case, doing: Doing) -> tuple[date, tuple[str, ...], str]:
    """What a posting is judged by: its own days', for it may have hung years ago."""
    days = posting_days(doing.on, path=case.path, parameter=POSTING, text_of=case.text_of)
    ends = date.fromisoformat(str(doing.detail["ends_on"]))
    gone = mobile_at(case.person, doing.on)
    mobile = _("外出（%(site)s）已超过%(term)s") % {"site": gone.site, "term": gone.term} if gone is not None else ""
    return days.period.last_day, attached_between(case.person_id, doing.on, ends), mobile


def answered(found: Sequence[Finding], doing: Doing) -> tuple[str, str]:
    """``(reason, basis)`` to be kept. Raises DomainError for what refuses, or is not answered."""
    reason = basis = ""
    for one in found:
        if one.weight == Weight.HARD:
            raise DomainError(one.message, field=one.field, clause=one.clause)
        if one.weight == Weight.BASIS:
            if not doing.basis.strip():
                raise DomainError(one.message, field="basis", clause=one.clause)
            basis = check_words(doing.basis, field="basis")
        elif not doing.reason.strip():
            raise DomainError(one.message, field="reason", clause=one.clause)
        else:
            reason = check_words(doing.reason, field="reason")
    return reason or doing.reason.strip()[:300], basis


def follow_standing(actor: Actor, case: Case, before: Progress, after: Progress, record: StepRecord) -> None:
    """Let the person's standing follow the case. The day is the one that the regulation counts from: a probationer's is
    the branch meeting, a full member's the end of the probation."""
    if after.standing == before.standing or after.standing == case.person.standing:
        return
    since = {"probationary": after.probation_from, "full": after.full_on}.get(after.standing, record.done_on)
    if since is None:
        return
    clerk = Actor.system(_("发展党员：%(name)s") % {"name": actor.name}, via=actor.via)
    words = (
        _("发展党员：%(label)s（%(on)s）") if record.act in BESIDE else _("发展党员第%(number)d步：%(label)s（%(on)s）")
    )
    basis = words % {"number": record.step, "label": record.get_act_display(), "on": record.done_on}
    case.person = standing_change(actor=clerk, person=case.person, kind=after.standing, on=since, basis=basis)


def show(case: Case, state: Progress, limits: Limits, *, on: date | None = None, reason: str = "") -> None:
    """Bring the case's own columns in line with its acts."""
    lines = timeline(state, limits, today=clock.today())
    urgent = most_urgent(lines)
    step = state.step
    case.standing = state.standing
    case.step = int(step) if step is not None else None
    case.stage = str(STEPS[step].stage) if step is not None else ""
    case.due_on = urgent.latest if urgent is not None else None
    case.started_on = state.applied_on
    case.closed_as = state.closed
    case.closed_on = on if state.closed else None
    if reason:
        case.close_reason = reason[:200]
    case.updated_at = clock.now()
    case.save()
