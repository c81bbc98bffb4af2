"""Opening case files: from an application, or taken over from what the roster knows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from liaoyuan.affairs.admission.models import Case, StepRecord
from liaoyuan.affairs.admission.policies import can_open
from liaoyuan.affairs.admission.rules.acts import ACTS, Act, Happened
from liaoyuan.affairs.admission.rules.beside import LEFT
from liaoyuan.affairs.admission.rules.limits import Limits
from liaoyuan.affairs.admission.rules.progress import LADDER, Progress, fold
from liaoyuan.affairs.admission.rules.steps import STEPS
from liaoyuan.affairs.admission.rules.takeover import taken_over
from liaoyuan.affairs.admission.rules.timeline import most_urgent, timeline
from liaoyuan.affairs.admission.selectors.cases import happened, known_from, live_records, progress_of
from liaoyuan.affairs.admission.selectors.limits import Book
from liaoyuan.affairs.admission.services.acting import Doing, perform, show
from liaoyuan.affairs.admission.services.agenda import motions_take_back
from liaoyuan.affairs.admission.services.hanging import postings_take_down
from liaoyuan.foundation.audit.services import record as audit
from liaoyuan.kernel import clock
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import Conflict, DomainError, NotInScope
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import Person, Standing, StandingKind
from liaoyuan.organisation.members.policies import Capability as MembersCapability
from liaoyuan.organisation.members.rules.admission import NEXT

CHUNK = 500
GOING_ON = ("", LEFT)  # a suspended case goes on by itself when its person is back
STEPPING = tuple(kind for kind in LADDER if kind != StandingKind.FULL)


def case_open(*, actor: Actor, person: UUID, on: date, note: str = "") -> Case:
    """Somebody has handed in an application (step 1): open the case. The text in force that day binds it to the end.

    Raises NotInScope, NotPermitted; Conflict where a case is open already or the person has left; DomainError under 18
    (DM-01) or for a standing from which nobody applies.
    """
    with unit_of_work():
        row = Person.objects.visible_to(actor, MembersCapability.VIEW).select_for_update().filter(pk=person).first()
        if row is None:
            raise NotInScope()
        if row.unit is None or not row.active:
            raise Conflict(_("%(name)s 已离队，不能建立发展案卷。") % {"name": row.name})
        can_open(actor, row.unit.path).require()
        if actor.person_id == row.pk:
            raise DomainError(_("不能为自己建立发展案卷，请由所在党支部的其他委员办理。"))
        if Case.objects.unscoped("one open case a person").filter(person=row, closed_as__in=GOING_ON).exists():
            raise Conflict(_("%(name)s 已有正在办理的发展案卷。") % {"name": row.name})
        if StandingKind.APPLICANT not in NEXT.get(row.standing, frozenset()):
            raise DomainError(
                _("%(name)s 现在是%(standing)s，不用再提出入党申请。")
                % {"name": row.name, "standing": row.get_standing_display()},
                field="person",
            )
        case = Case.objects.create(
            person=row,
            unit=row.unit,
            path=row.unit.path,
            text_of=on,
            started_on=on,
            back_filled=on < clock.today(),
            opened_by=actor.name[:80],
            opened_at=clock.now(),
        )
        perform(actor, case, Doing(Act.APPLY, on, reason=note))
        return case


def cases_take_over(*, actor: Actor, people: Iterable[UUID] | None = None) -> int:
    """Open a case, filled in from standing dates, for everybody (or for ``people``) whose standing says that one is
    under way and who has none. Returns how many. May run twice: the second time finds nobody."""
    opened = 0
    with unit_of_work():
        for ids in _chunks(people):
            opened += _take_over(actor, ids)
        if opened:
            audit(actor, "admission.take_over", detail={"opened": opened})
    return opened


def _chunks(people: Iterable[UUID] | None) -> Iterator[Sequence[UUID]]:
    rows = Person.objects.unscoped("cases follow standings").filter(
        active=True, standing__in=STEPPING, unit__isnull=False
    )
    busy = Case.objects.unscoped("one open case a person").filter(closed_as__in=GOING_ON).values("person_id")
    wanted = rows.exclude(pk__in=busy).order_by("pk")
    if people is not None:
        wanted = wanted.filter(pk__in=list(people))
    source = iter(list(wanted.values_list("pk", flat=True)))
    while chunk := list(islice(source, CHUNK)):
        yield chunk


def _take_over(actor: Actor, ids: Sequence[UUID]) -> int:
    people = list(Person.objects.unscoped("cases follow standings").filter(pk__in=ids).select_related("unit"))
    days = standing_days(ids)
    book = Book.of(clock.today())
    cases, records = [], []
    for person in people:
        known = days.get(person.pk, {})
        reached = [day for kind in LADDER if (day := known.get(kind)) is not None]
        begun = min(reached, default=clock.today())
        limits = book.limits(begun, person.unit.path)
        acts = list(taken_over(person.standing, known, needs_consent=limits.needs_consent))
        state = fold(acts, limits, known_from=clock.today())
        case = Case(
            person=person,
            unit=person.unit,
            path=person.unit.path,
            text_of=begun,
            back_filled=True,
            opened_by=actor.name[:80],
            opened_at=clock.now(),
            **_columns(state, limits),
        )
        cases.append(case)
        records += rows_for(case, acts, actor, first=1)
    Case.objects.bulk_create(cases, batch_size=CHUNK)
    StepRecord.objects.bulk_create(records, batch_size=CHUNK)
    return len(cases)


def rows_for(case: Case, acts: Sequence[Happened], actor: Actor, *, first: int) -> list[StepRecord]:
    """Unsaved rows of acts that were taken over."""
    return [
        StepRecord(
            case=case,
            seq=first + index,
            act=one.act,
            step=int(ACTS[one.act].step),
            done_on=one.on,
            detail=dict(one.detail),
            back_filled=True,
            unit_id=case.unit_id,
            by_name=actor.name[:80],
            recorded_at=clock.now(),
        )
        for index, one in enumerate(acts)
    ]


def _columns(state: Progress, limits: Limits) -> dict[str, Any]:
    urgent = most_urgent(timeline(state, limits, today=clock.today()))
    step = state.step
    return {
        "standing": state.standing,
        "started_on": state.applied_on,
        "step": int(step) if step is not None else None,
        "stage": str(STEPS[step].stage) if step is not None else "",
        "due_on": urgent.latest if urgent is not None else None,
    }


def standing_days(ids: Sequence[UUID]) -> dict[UUID, dict[str, date | None]]:
    """The latest day on which each standing began, by person: what a way taken anew is counted from."""
    found: dict[UUID, dict[str, date | None]] = {}
    rows = Standing.objects.filter(person_id__in=ids, kind__in=LADDER).order_by("since")
    for person, kind, since in rows.values_list("person_id", "kind", "since"):
        found.setdefault(person, {})[kind] = since
    return found


def case_follow(*, actor: Actor, person: UUID) -> None:
    """The person's standing was changed elsewhere (the member's file, a roster): the case follows, marked as filled in.
    Ahead: the steps that the standing presupposes count as done. Off the ladder or back: the case is closed, and
    what stands on an agenda or hangs about it is taken back."""
    with unit_of_work():
        row = Person.objects.unscoped("cases follow standings").select_for_update().filter(pk=person).first()
        if row is None:
            return
        rows = Case.objects.unscoped("cases follow standings").filter(person=row, closed_as="")
        _take_back(actor, rows.first(), row)
        case = rows.select_for_update().first()
        if case is None:
            if row.active and row.standing in STEPPING:
                cases_take_over(actor=actor, people=[row.pk])
            return
        if case.standing == row.standing:
            return
        _catch_up(actor, case, row)


def cases_follow(*, actor: Actor) -> int:
    """``case_follow`` for everybody whose open case says another standing than he has (a roster brought it). Returns
    how many were looked at."""
    behind = (
        Case.objects.unscoped("cases follow standings").filter(closed_as="").exclude(standing=F("person__standing"))
    )
    people = list(behind.order_by("pk").values_list("person_id", flat=True))
    for person in people:
        case_follow(actor=actor, person=person)
    return len(people)


def _take_back(actor: Actor, case: Case | None, person: Person) -> None:
    """Before the case is locked, as the count of a vote and the close of a posting lock."""
    if case is not None and case.standing != person.standing and not _ahead(case.standing, person.standing):
        motions_take_back(actor=actor, case_id=case.pk, why=_("政治面貌已变更，案卷终止"))
        postings_take_down(case_id=case.pk, why=_("发展工作已终止"))


def _ahead(before: str, after: str) -> bool:
    return after in LADDER and (before not in LADDER or LADDER.index(after) > LADDER.index(before))


def _catch_up(actor: Actor, case: Case, person: Person) -> None:
    limits = Book.of(clock.today()).limits(case.text_of, case.path)
    records = live_records(case)
    state = progress_of(case, records, limits)
    if state.standing == person.standing:
        return
    if _ahead(state.standing, person.standing):
        days: Mapping[str, date | None] = standing_days([person.pk]).get(person.pk, {})
        every = taken_over(person.standing, days, needs_consent=limits.needs_consent)
        acts = [one for one in every if not _stands(one, state)]
    else:
        why = _("政治面貌已变更为“%(standing)s”") % {"standing": person.get_standing_display()}
        acts = [Happened(Act.STOP, clock.today(), {"why": why, "standing": person.standing}, True)]
    first = records[-1].seq + 1 if records else 1
    StepRecord.objects.bulk_create(rows_for(case, acts, actor, first=first), batch_size=CHUNK)
    after = fold([*happened(records), *acts], limits, known_from=known_from(case))
    case.person = person
    show(case, after, limits, on=clock.today(), reason=str(acts[-1].detail.get("why", "")) if acts else "")
    audit(
        actor,
        "admission.catch_up",
        object_type="admission.case",
        object_id=case.pk,
        subject_id=person.pk,
        detail={"standing": person.standing, "acts": len(acts)},
    )


def _stands(one: Happened, state: Progress) -> bool:
    """Whether the act counts already in what is under way."""
    return state.has(ACTS[one.act].step) or one.act in state.acts
