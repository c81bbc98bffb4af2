"""Which postings somebody sees, how long one must hang, and where."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from liaoyuan.activity.notices import rules
from liaoyuan.activity.notices.models import PostingPlace, PublicPosting
from liaoyuan.activity.notices.policies import Capability
from liaoyuan.foundation.regulations.dates import after
from liaoyuan.foundation.regulations.rules import Duration
from liaoyuan.foundation.regulations.selectors import calendar, effective
from liaoyuan.kernel import clock, paths
from liaoyuan.kernel.errors import NotInScope
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.units.models import Unit
from liaoyuan.organisation.whereabouts.models import Posting
from liaoyuan.organisation.whereabouts.selectors.when import active_on

DEFAULT_PERIOD = "posting.working_days"
DAY_ONE = "posting.counts_first_day"
MOBILE = "education.mobile_when_away_more_than"


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
    branch he is attached to. Where nobody looks after him there, ``mobile_at`` says whether a wall is wanted."""
    return [unit for unit in (person.unit, person.attached_unit) if unit is not None]


@dataclass(frozen=True, slots=True)
class Mobile:
    """Somebody is a 流动人员 (FL-01): away at ``site`` since a day, for longer than ``term``."""

    site: str
    since: date
    term: str


def mobile_at(person: Person, on: date) -> Mobile | None:
    """Where somebody had been away on a day for longer than makes a 流动人员; None for everybody else. Whether he was
    attached to a branch there is not asked. At most two queries."""
    rows = Posting.objects.unscoped("where a posting must hang does not depend on who asks").select_related("site")
    away = rows.filter(active_on(on), person=person).order_by("since").first()
    if away is None:
        return None
    term = mobile_after(on, person.home_path or "")
    return Mobile(away.site.name, away.since, str(term)) if on > after(away.since, term) else None


def mobile_after(on: date, path: str = "") -> Duration:
    """Who is away for longer is a 流动人员. Raises TypeError where the text gives no length of time."""
    term = effective(MOBILE, on=on, path=path).value
    if not isinstance(term, Duration):
        raise TypeError(f"{MOBILE} is no duration")
    return term
