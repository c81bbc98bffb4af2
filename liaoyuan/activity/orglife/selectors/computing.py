"""Who stands on a roll, read from the dated rows of members: a past day gives the past roll."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Min, Q
from django.utils.translation import gettext as _

from liaoyuan.activity.orglife.clauses import clause_words
from liaoyuan.activity.orglife.models import Meeting
from liaoyuan.activity.orglife.registry import rights_lost
from liaoyuan.activity.orglife.rules import meetings as rules
from liaoyuan.kernel import clock
from liaoyuan.organisation.members.models import Membership, MembershipKind, Standing, StandingKind, Tenure
from liaoyuan.organisation.units.models import Unit, UnitKind
from liaoyuan.organisation.whereabouts.models import Posting


@dataclass(frozen=True, slots=True)
class RollLine:
    """One person as the roll should have him."""

    person_id: UUID
    standing: str
    attached: bool
    entitled: bool
    why_not: str
    clause: str
    presence: str
    note: str


def roll_lines(meeting: Meeting) -> list[RollLine]:
    """Everybody who belongs on the roll on the meeting's day. At most six queries."""
    return _lines(meeting.unit, meeting.kind, meeting.held_on, online=meeting.online)


@dataclass(frozen=True, slots=True)
class Voters:
    """How many have a vote in a branch's general meeting on a day (应到会). ``certain``: who came and went has been
    recorded since before that day; of earlier days the platform knows only those who were still there when its records
    began, and since when they belonged is supposed."""

    entitled: int
    certain: bool


def voters_on(unit: Unit, on: date) -> Voters:
    """The roll of a general meeting in numbers, whether or not there was one. At most six queries."""
    first = Membership.objects.filter(unit=unit).aggregate(first=Min("recorded_at"))["first"]
    entitled = sum(line.entitled for line in _lines(unit, "general_meeting", on, online=True))
    return Voters(entitled, certain=first is not None and clock.local(first).date() <= on)


def _lines(unit: Unit, kind: str, on: date, *, online: bool = False) -> list[RollLine]:
    belonging = _belonging(unit, kind, on)
    standings = _standings(belonging, on)
    people = [person for person in belonging if standings.get(person) in _MEMBERS]
    lost = rights_lost(people, on)
    away = {} if online else _away(people, on)
    temporary = unit.kind == UnitKind.TEMPORARY_BRANCH
    words: dict[str, str] = {}
    lines = []
    for person in people:
        given = rules.entitlement(
            standing=standings[person],
            attached=belonging[person],
            temporary_branch=temporary,
            loss=lost.get(person),
        )
        if given.fact and given.fact not in words:
            words[given.fact] = clause_words(given.fact, on=on)
        lines.append(
            RollLine(
                person_id=person,
                standing=standings[person],
                attached=belonging[person],
                entitled=given.entitled,
                why_not=given.why_not,
                clause=words.get(given.fact, "")[:120],
                presence=rules.LEAVE if person in away else rules.ABSENT,
                note=away.get(person, "")[:120],
            )
        )
    return lines


_MEMBERS = frozenset({StandingKind.FULL.value, StandingKind.PROBATIONARY.value})


def _during(on: date) -> Q:
    """Rows from ``since`` until the day before ``until``."""
    return Q(since__lte=on) & (Q(until__isnull=True) | Q(until__gt=on))


def _belonging(unit: Unit, kind: str, on: date) -> dict[UUID, bool]:
    """Person → whether he is only attached."""
    if rules.by_committee(kind, unit.kind):
        held = Q(since__lte=on) & (Q(until__isnull=True) | Q(until__gte=on))  # a tenure's last day is included
        rows = Tenure.objects.filter(held, unit=unit, post__code__in=rules.COMMITTEE_POSTS)
        return dict.fromkeys(rows.values_list("person_id", flat=True).distinct(), False)
    if unit.kind == UnitKind.GROUP:
        where = Q(group=unit)
    elif unit.kind == UnitKind.GENERAL_BRANCH:
        where = Q(unit__path__gte=unit.path, unit__path__lt=f"{unit.path}~")
    else:
        where = Q(unit=unit)
    found: dict[UUID, bool] = {}
    for person, way in Membership.objects.filter(_during(on) & where).values_list("person_id", "kind"):
        attached = way == MembershipKind.ATTACHED
        found[person] = found.get(person, True) and attached
    return found


def _standings(people: Iterable[UUID], on: date) -> dict[UUID, str]:
    begun = Q(since__isnull=True) | Q(since__lte=on)
    rows = Standing.objects.filter(begun & (Q(until__isnull=True) | Q(until__gt=on)), person__in=list(people))
    return dict(rows.values_list("person_id", "kind"))


def _away(people: list[UUID], on: date) -> dict[UUID, str]:
    """Who is posted away that day, and on what (it is leave, and he stays among those entitled)."""
    over = Q(ended_on__isnull=True) | Q(ended_on__gt=on)
    rows = Posting.objects.unscoped("why somebody on the roll is away").filter(over, person__in=people, since__lte=on)
    return {
        person: _("外出：%(purpose)s") % {"purpose": purpose}
        for person, purpose in rows.values_list("person_id", "purpose__name")
    }
