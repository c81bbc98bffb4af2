"""Which postings somebody sees, how long one must hang, and where."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from liaoyuan.activity.notices import rules
from liaoyuan.activity.notices.models import PostingPlace, PublicPosting
from liaoyuan.activity.notices.policies import Capability
from liaoyuan.foundation.regulations.selectors import calendar, effective
from liaoyuan.kernel import clock, paths
from liaoyuan.kernel.errors import NotInScope
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.units.models import Unit

DEFAULT_PERIOD = "posting.working_days"
DAY_ONE = "posting.counts_first_day"


def postings_visible(actor: Actor) -> QuerySet[PublicPosting]:
    """Postings of the actor's reach, and those that hang in a unit his branch is under (from the day they hang); the
    receiver sees his own in any case."""
    rows = PublicPosting.objects.unscoped("narrowed by reach, places and receiver")
    reach = actor.reach(Capability.VIEW)
    if "" in reach:
        return rows
    condition = PublicPosting.scope.filter(actor, Capability.POST) or Q()
    hanging = Q(pk__in=[])
    for prefix in reach:
        hanging |= Q(path__gte=prefix, path__lt=paths.upper(prefix)) | Q(path__in=paths.ancestors(prefix))
    if reach:
        places = PostingPlace.objects.filter(hanging).values("posting")
        condition |= Q(pk__in=places, starts_on__lte=clock.today())
    if actor.person_id is not None:
        condition |= Q(receiver_id=actor.person_id)
    return rows.filter(condition)


def posting_visible(actor: Actor, posting_id: UUID) -> PublicPosting:
    """The posting, if the actor may see it. NotInScope else."""
    rows = postings_visible(actor).select_related("unit", "receiver", "receiver__unit", "person")
    row = rows.filter(pk=posting_id).first()
    if row is None:
        raise NotInScope()
    return row


def postings_of_subject(actor: Actor, subject_type: str, subject_id: object) -> QuerySet[PublicPosting]:
    """The postings of an affair that the actor may see, newest first."""
    rows = postings_visible(actor).filter(subject_type=subject_type, subject_id=str(subject_id))
    return rows.select_related("unit", "receiver").order_by("-started_at")


@dataclass(frozen=True, slots=True)
class Days:
    """How long a posting hangs, and why."""

    period: rules.Period
    working_days: int
    counts_first_day: bool
    origin: str
    clause: str


def posting_days(starts_on: date, *, path: str, parameter: str = DEFAULT_PERIOD, text_of: date | None = None) -> Days:
    """The period of a posting put up on ``starts_on`` at the unit with ``path``: so many working days (``parameter``,
    of the version ``text_of``) counted by the day-one setting in force there. Raises KeyError where that version of
    the text sets no period."""
    days = effective(parameter, on=starts_on, path=path, text_of=text_of)
    first = effective(DAY_ONE, on=starts_on, path=path)
    count = int(str(days.value))
    known = calendar(starts_on.year, starts_on.year + 1)
    return Days(
        period=rules.period(
            starts_on,
            count,
            count_first=bool(first.value),
            is_workday=known.is_workday,
            is_provisional=known.provisional,
        ),
        working_days=count,
        counts_first_day=bool(first.value),
        origin=f"{days.origin}；{first.origin}",
        clause=f"《{days.document.title}》第{days.parameter.clause}条",
    )


def required_places(person: Person) -> list[Unit]:
    """Where a posting about somebody must hang at the same time (DM-13): his own branch, and for whoever is away the
    branch he is attached to."""
    return [unit for unit in (person.unit, person.attached_unit) if unit is not None]
