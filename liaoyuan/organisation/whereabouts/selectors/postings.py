"""Who is away, where, attached to whom, since when, until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import NotInScope
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.units.models import Site, Unit, UnitKind
from liaoyuan.organisation.whereabouts import rules
from liaoyuan.organisation.whereabouts.models import Posting, PostingChange, Purpose
from liaoyuan.organisation.whereabouts.policies import Capability
from liaoyuan.organisation.whereabouts.selectors.when import active_on

_JOINS = ("person__unit", "purpose", "site", "attached_unit")


def postings(actor: Actor) -> QuerySet[Posting]:
    """Every posting in the actor's reach (by home or attached branch), and his own."""
    return Posting.objects.visible_to(actor, Capability.VIEW).select_related(*_JOINS)


def posting_seen(actor: Actor, posting: UUID, *, lock: bool = False) -> Posting:
    """One posting; NotInScope where it is unknown or out of reach."""
    rows = postings(actor).filter(pk=posting)
    row = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if row is None:
        raise NotInScope()
    return row


def own_postings(actor: Actor) -> QuerySet[Posting]:
    """The actor's own postings, the latest first."""
    rows = Posting.objects.unscoped("one's own postings").filter(person_id=actor.person_id)
    return rows.select_related(*_JOINS).order_by("-since")


def postings_of(actor: Actor, person: UUID) -> QuerySet[Posting]:
    """A person's postings as far as the actor may see them, the latest first."""
    return postings(actor).filter(person_id=person).order_by("-since")


def posting_changes(posting: Posting) -> QuerySet[PostingChange]:
    """The steps of a posting the actor has already been shown, the latest first."""
    return posting.changes.order_by("-at", "-pk")


def state_of(posting: Posting, today: date | None = None) -> rules.State:
    """The posting's state today."""
    return rules.state(posting.since, posting.planned_end, posting.ended_on, today or clock.today())


def purposes() -> QuerySet[Purpose]:
    """Every purpose in the form's order."""
    return Purpose.objects.all()


def sites(*, also: UUID | None = None) -> QuerySet[Site]:
    """Places in use, by name, and the one that a posting names already, in use or not."""
    return Site.objects.filter(Q(active=True) | Q(pk=also)).order_by("name")


def branches_to_attach(actor: Actor, *, also: UUID | None = None) -> QuerySet[Unit]:
    """Branches one may be attached to: the actor's own reach, and temporary and joint branches of the whole house,
    which take people from everywhere; and the one that a posting names already."""
    today = clock.today()
    rows = Unit.objects.unscoped("temporary branches take people from the whole brigade; only their names are shown")
    reach = Q(pk__in=Unit.objects.visible_to(actor, Capability.POST).values("pk"))
    everywhere = Q(kind__in=[UnitKind.TEMPORARY_BRANCH, UnitKind.JOINT_BRANCH])
    kinds = [UnitKind.BRANCH, UnitKind.TEMPORARY_BRANCH, UnitKind.JOINT_BRANCH]
    open_now = Q(kind__in=kinds) & ~Q(dissolved_on__lte=today) & ~Q(founded_on__gt=today)
    return rows.filter((reach | everywhere) & open_now | Q(pk=also)).order_by("path")


def units_to_filter(actor: Actor) -> QuerySet[Unit]:
    """Units in the actor's reach, for the register's filter: organisations, without groups."""
    rows = Unit.objects.visible_to(actor, Capability.VIEW).exclude(kind=UnitKind.GROUP)
    return rows.filter(dissolved_on=None).order_by("path")


def people_to_post(actor: Actor, *, text: str = "", unit: Unit | None = None, standing: str = "") -> QuerySet[Person]:
    """People whom the actor may post away: by name, pinyin, initials or number, by unit, by standing."""
    rows = Person.objects.visible_to(actor, Capability.POST).filter(active=True, unit__isnull=False)
    if unit is not None:
        rows = rows.filter(home_path__gte=unit.path, home_path__lt=unit.path + "~")
    if standing:
        rows = rows.filter(standing=standing)
    if text := text.strip():
        low = text.lower()
        rows = rows.filter(
            Q(name__contains=text)
            | Q(pinyin__startswith=low)
            | Q(initials__startswith=low)
            | Q(number__in=[text, text.upper()])
        )
    return rows.select_related("unit").order_by("home_path", "rank_order", "pk")


def people_by_number(actor: Actor, numbers: Sequence[str]) -> dict[str, Person]:
    """People in the actor's reach by 人员编号 as written, for a pasted list; small letters find capitals."""
    asked = list(numbers)[: rules.MAX_GROUP]
    wanted = {*asked, *(number.upper() for number in asked)}
    rows = Person.objects.visible_to(actor, Capability.POST).filter(number__in=wanted).select_related("unit")
    found = {person.number: person for person in rows}
    return {number: person for number in asked if (person := found.get(number) or found.get(number.upper()))}


def people_chosen(actor: Actor, ids: Sequence[UUID]) -> list[Person]:
    """People in the actor's reach by key, in the order chosen."""
    rows = Person.objects.visible_to(actor, Capability.POST).filter(pk__in=list(ids)[: rules.MAX_GROUP])
    found = {person.pk: person for person in rows.select_related("unit")}
    return [found[key] for key in ids if key in found]


@dataclass(frozen=True, slots=True)
class Share:
    """One line of a statistic: away in all, and how many of them are overdue."""

    label: str
    away: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Away:
    """Who is away now, summed up."""

    away: int
    overdue: int
    by_purpose: tuple[Share, ...]
    by_place: tuple[Share, ...]
    by_unit: tuple[Share, ...]


def away_statistics(actor: Actor) -> Away:
    """Counts of who is away today in the actor's reach by purpose, place and branch. Three queries."""
    today = clock.today()
    rows = Posting.objects.visible_to(actor, Capability.VIEW).filter(active_on(today))
    late = Count("pk", filter=Q(planned_end__lt=today))

    def shares(column: str) -> tuple[Share, ...]:
        found = rows.order_by().values_list(column).annotate(away=Count("pk"), overdue=late).order_by("-away", column)
        return tuple(Share(label or "—", away, overdue) for label, away, overdue in found)

    by_purpose = shares("purpose__name")
    return Away(
        away=sum(share.away for share in by_purpose),
        overdue=sum(share.overdue for share in by_purpose),
        by_purpose=by_purpose,
        by_place=shares("site__name"),
        by_unit=shares("person__unit__name"),
    )


def trend(actor: Actor, days: int = 14) -> dict[str, tuple[int, ...]]:
    """For each of the past ``days`` days until today, oldest first: how many were away, overdue, and came back.
    Computed from the postings themselves in one query, so a late registration corrects the past as well."""
    today = clock.today()
    first = today - timedelta(days=days - 1)
    rows = Posting.objects.visible_to(actor, Capability.VIEW).filter(since__lte=today)
    rows = rows.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=first)).order_by()
    spans = rows.values_list("since", "planned_end", "ended_on").annotate(number=Count("pk"))
    away, late, back = [0] * days, [0] * days, [0] * days
    for since, planned_end, ended_on, number in spans:
        for index in range(days):
            day = first + timedelta(days=index)
            if rules.active_on(since, ended_on, day):
                away[index] += number
                late[index] += number if planned_end is not None and planned_end < day else 0
            elif ended_on == day:
                back[index] += number
    return {"away": tuple(away), "overdue": tuple(late), "back": tuple(back)}


def unconfirmed(actor: Actor) -> QuerySet[Posting]:
    """Postings in the actor's reach to post whose arrival nobody has confirmed."""
    rows = Posting.objects.visible_to(actor, Capability.POST).filter(active_on(clock.today()), confirmed_at=None)
    return rows.select_related(*_JOINS).order_by("since")


def overdue(actor: Actor) -> QuerySet[Posting]:
    """Postings in the actor's reach to post that lasted longer than planned."""
    today = clock.today()
    rows = Posting.objects.visible_to(actor, Capability.POST).filter(active_on(today), planned_end__lt=today)
    return rows.select_related(*_JOINS).order_by("planned_end")
