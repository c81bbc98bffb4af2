"""The people named for a case, as they stand today."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from liaoyuan.affairs.admission.models import Case, Introducer, Mentor, StepRecord
from liaoyuan.affairs.admission.rules.acts import Act
from liaoyuan.affairs.admission.rules.company import Companion
from liaoyuan.affairs.admission.rules.findings import Helper
from liaoyuan.affairs.admission.rules.progress import ACTIVIST, Progress
from liaoyuan.affairs.admission.rules.steps import Step
from liaoyuan.affairs.admission.selectors.around import full_members_on
from liaoyuan.organisation.duties.registry import Beside
from liaoyuan.organisation.duties.selectors.penalties import penalties
from liaoyuan.organisation.members.models import Person, StandingKind


def mentors_named(records: Sequence[StepRecord]) -> list[str]:
    """The ids of those whom the latest naming of mentors names; ``records`` are in order."""
    for record in reversed(records):
        if record.live and record.act == Act.MENTORS and record.detail.get("people"):
            return [str(one) for one in record.detail["people"]]
    return []


def people_of(named: Iterable[str]) -> dict[str, Person]:
    """The people behind ids. One query; none for nobody."""
    wanted = set(named)
    if not wanted:
        return {}
    rows = Person.objects.unscoped("asked by the rule on mentors").filter(pk__in=[UUID(one) for one in wanted])
    return {str(row.pk): row for row in rows}


def companions(case: Case, people: Iterable[Person]) -> list[Companion]:
    """People as the rule on mentors looks at them. Whoever is attached to the branch, or belongs to the one to which
    the activist is attached, is near him too."""
    near = {case.unit_id, case.person.attached_unit_id} - {None}
    return [
        Companion(
            one.name,
            in_service=one.active,
            full_member=one.standing == StandingKind.FULL,
            here=not near.isdisjoint({one.unit_id, one.attached_unit_id}),
        )
        for one in people
    ]


def introducers_on(case: Case, act: Act, on: date, state: Progress) -> tuple[Helper, ...]:
    """The introducers whom the branch's decision ``act`` looks at again, as they stand on its day; () for other acts. A
    penalty that has only its effect counts where it came after they were named or, for the meeting, after the
    committee's check: before, its reason was asked there."""
    if act not in {Act.COMMITTEE_CHECK, Act.MEETING}:
        return ()
    open_then = Q(until__isnull=True) | Q(until__gt=on)
    rows = list(Introducer.objects.filter(open_then, case=case, since__lte=on).select_related("person"))
    people = [row.person_id for row in rows]
    full, held = (full_members_on(people, on), penalties(people, on)) if people else (set(), {})
    checked = state.done.get(Step.COMMITTEE_CHECK) if act == Act.MEETING else None
    found = []
    for row in rows:
        penalty = held.get(row.person_id, "")
        if penalty == "effect":
            asked = max(day for day in (row.since, checked) if day is not None)
            penalty = "" if row.person_id in penalties([row.person_id], asked) else penalty
        found.append(Helper(row.person.name, row.person_id in full, penalty))
    return tuple(found)


def cases_of_mentor(person: UUID) -> QuerySet[Case]:
    """Open cases for which somebody is named mentor."""
    named = Mentor.objects.filter(person=person, until__isnull=True).values("case_id")
    rows: QuerySet[Case] = Case.objects.unscoped("cases follow their mentors").filter(
        pk__in=named, closed_as="", standing=ACTIVIST
    )
    return rows


class MentorsTold:
    """Mentors as those who hear of an activist's half-year reviews (``duties.registry.Companions``)."""

    def of(self, people: Collection[UUID] | None) -> Mapping[UUID, tuple[Beside, ...]]:
        """The mentors of open cases who serve and have an account in use."""
        rows = Mentor.objects.filter(
            until__isnull=True, case__closed_as="", person__active=True, person__user__is_active=True
        )
        if people is not None:
            rows = rows.filter(case__person__in=people)
        found: dict[UUID, tuple[Beside, ...]] = {}
        columns = ("case__person_id", "person__user_id", "person__name")
        for about, user, name in rows.order_by("pk").values_list(*columns):
            found[about] = (*found.get(about, ()), Beside(user, name, _("培养联系人")))
        return found

    def about(self, person_id: UUID) -> QuerySet[Mentor, UUID]:
        """Those whose mentor somebody is."""
        rows = Mentor.objects.filter(person=person_id, until__isnull=True, case__closed_as="")
        return rows.values_list("case__person_id", flat=True)


def cases_with_unfit_mentors() -> QuerySet[Case]:
    """Open cases of activists whose step does not say yet that a mentor left. A few too many do no harm."""
    gone = Q(person__active=False) | ~Q(person__standing=StandingKind.FULL)
    named = Mentor.objects.filter(gone, until__isnull=True).values("case_id")
    rows: QuerySet[Case] = Case.objects.unscoped("cases follow their mentors").filter(
        pk__in=named, closed_as="", standing=ACTIVIST
    )
    return rows.exclude(step=int(Step.MENTORS))
