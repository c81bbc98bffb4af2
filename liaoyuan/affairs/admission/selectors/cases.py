"""Case files in the actor's reach."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from liaoyuan.affairs.admission.models import Case, StepRecord
from liaoyuan.affairs.admission.policies import Capability
from liaoyuan.affairs.admission.rules.acts import Act, Happened
from liaoyuan.affairs.admission.rules.company import mentors_wanted, with_mentors
from liaoyuan.affairs.admission.rules.limits import Limits
from liaoyuan.affairs.admission.rules.progress import ACTIVIST, Progress, fold
from liaoyuan.affairs.admission.rules.timeline import Line, timeline
from liaoyuan.affairs.admission.selectors.company import companions, mentors_named, people_of
from liaoyuan.affairs.admission.selectors.limits import Book
from liaoyuan.affairs.admission.selectors.missed import Missed, reviews_missed
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import NotInScope
from liaoyuan.kernel.scoping import Actor, ScopedQuerySet
from liaoyuan.organisation.members.models import Person


@dataclass(frozen=True, slots=True)
class CaseState:
    """A case with everything computed from its acts."""

    case: Case
    records: tuple[StepRecord, ...]
    limits: Limits
    progress: Progress
    lines: tuple[Line, ...]


def cases(actor: Actor) -> ScopedQuerySet:
    """Cases that the actor may see, with person and branch."""
    rows: ScopedQuerySet = Case.objects.visible_to(actor, Capability.VIEW)
    return rows.select_related("person", "person__unit", "unit")


def case_get(actor: Actor, case_id: UUID) -> Case:
    """One case. NotInScope where the actor may not see it."""
    row: Case | None = cases(actor).filter(pk=case_id).first()
    if row is None:
        raise NotInScope()
    return row


def happened(records: Iterable[StepRecord]) -> list[Happened]:
    """Live records as the rules read them; ``records`` are in order."""
    return [Happened(Act(row.act), row.done_on, row.detail, row.back_filled) for row in records if row.live]


def known_from(case: Case) -> date | None:
    """Since when the platform has kept a case that had begun before."""
    return clock.local(case.opened_at).date() if case.back_filled else None


def progress_of(
    case: Case,
    records: Iterable[StepRecord],
    limits: Limits,
    *,
    people: Mapping[str, Person] | None = None,
    missed: Mapping[UUID, Missed] | None = None,
) -> Progress:
    """Where a case stands after these records, with the mentors as they are today. ``people``: those whom the records
    name (``people_of``), and ``missed``: what was said of reviews (``reviews_missed``), where many cases are asked
    about; otherwise they are looked up."""
    rows = list(records)
    state = fold(happened(rows), limits, known_from=known_from(case))
    if state.standing == ACTIVIST and not state.closed:
        said = (reviews_missed([case.person_id]) if missed is None else missed).get(case.person_id, Missed())
        state.missed_reviews, state.made_up = said.turns, said.made_up
    if not mentors_wanted(state):
        return state
    named = mentors_named(rows)
    known = people if people is not None else people_of(named)
    return with_mentors(state, companions(case, [known[one] for one in named if one in known]), limits)


def state_of(
    case: Case,
    records: Iterable[StepRecord],
    book: Book,
    *,
    today: date | None = None,
    people: Mapping[str, Person] | None = None,
    missed: Mapping[UUID, Missed] | None = None,
) -> CaseState:
    """Everything computed for a case whose records are at hand."""
    rows = tuple(records)
    limits = book.limits(case.text_of, case.path)
    progress = progress_of(case, rows, limits, people=people, missed=missed)
    lines = timeline(progress, limits, today=today or book.on)
    return CaseState(case, rows, limits, progress, tuple(lines))


def case_state(case: Case) -> CaseState:
    """Everything about one case: five queries. The caller has authorised."""
    return state_of(case, live_records(case), Book.of(clock.today()))


def case_states(rows: Iterable[Case]) -> list[CaseState]:
    """Everything about many cases, in a constant number of queries. The caller has scoped them."""
    found = list(rows)
    book = Book.of(clock.today())
    records: dict[UUID, list[StepRecord]] = {row.pk: [] for row in found}
    for record in StepRecord.objects.filter(case__in=list(records), live=True).order_by("seq"):
        records[record.case_id].append(record)
    people = people_of([one for rows in records.values() for one in mentors_named(rows)])
    missed = reviews_missed([row.person_id for row in found if row.standing == ACTIVIST])
    return [state_of(row, records[row.pk], book, people=people, missed=missed) for row in found]


def live_records(case: Case) -> list[StepRecord]:
    """The acts that count, in order."""
    return list(StepRecord.objects.filter(case=case, live=True).order_by("seq"))


def history(case: Case) -> list[StepRecord]:
    """Every row ever recorded, corrected and cancelled ones included."""
    rows = StepRecord.objects.filter(case=case).select_related("unit", "talk", "review", "opinion", "political_review")
    return list(rows.select_related("training", "examination").order_by("seq", "recorded_at"))


def open_case_of(actor: Actor, person_id: UUID | None) -> Case | None:
    """The open case of a person, where the actor may see it."""
    found: Case | None = cases(actor).filter(person_id=person_id, closed_as="").first()
    return found


def own_case(actor: Actor) -> Case | None:
    """The actor's own latest case, open or closed."""
    if actor.person_id is None:
        return None
    rows = Case.objects.visible_to(actor, Capability.VIEW).filter(person_id=actor.person_id)
    found: Case | None = rows.select_related("person", "unit").order_by("-opened_at").first()
    return found


def record_get(case: Case, record_id: UUID) -> StepRecord:
    """One live act of an authorised case. NotInScope."""
    row = StepRecord.objects.filter(case=case, pk=record_id, live=True).first()
    if row is None:
        raise NotInScope()
    return row
