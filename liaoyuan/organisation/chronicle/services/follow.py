"""Facts that follow from rows of other apps: what is wanted is compared with what is recorded, and the difference is
written. Telling twice changes nothing; a changed day is a correction, a vanished row a withdrawal, both kept.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from liaoyuan.foundation.audit.services import record
from liaoyuan.kernel import clock
from liaoyuan.kernel.bulk import insert_rows, moment, new_ids
from liaoyuan.kernel.bus import publish
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.chronicle import milestones
from liaoyuan.organisation.chronicle.events import FactsRecorded
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.members.models import Person, Standing, Tenure
from liaoyuan.organisation.units.models import Unit

CHUNK = 2000
TOLD_ONE_BY_ONE = 2000
_COLUMNS = (
    "id", "kind", "person", "unit", "path", "occurred_on", "recorded_at", "recorded_by", "quantity", "payload",
    "source_app", "source_id", "supersedes", "void", "reason",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """A fact as it should stand."""

    kind: str
    source_id: str
    person_id: UUID | None
    unit_id: UUID
    path: str
    occurred_on: date
    payload: Mapping[str, Any] = field(default_factory=dict)


def people_follow(*, actor: Actor, person_ids: Iterable[UUID] | None = None) -> int:
    """Bring the facts about standings and posts in line with the rows of members: for these people, or for everybody.
    Returns the number of facts written. The caller has authorised what changed."""
    known = None if person_ids is None else sorted(set(person_ids))
    kinds = milestones.STANDINGS | milestones.TENURES

    def wanted(ids: Sequence[UUID]) -> list[Wanted]:
        return _standings_wanted(ids) + _tenures_wanted(ids)

    return _follow(actor, "members", kinds, "person_id", _chunks(Person, known), wanted)


def tenures_follow(*, actor: Actor, person_ids: Iterable[UUID]) -> int:
    """The same of posts alone, for people whose standings are told already (``standings_begin``)."""
    known = sorted(set(person_ids))
    return _follow(actor, "members", milestones.TENURES, "person_id", _chunks(Person, known), _tenures_wanted)


def units_follow(*, actor: Actor, unit_ids: Iterable[UUID] | None = None) -> int:
    """The same for units: founded, elected, dissolved. An earlier election stays: it happened."""
    known = None if unit_ids is None else sorted(set(unit_ids))
    return _follow(actor, "units", milestones.UNITS, "unit_id", _chunks(Unit, known), _units_wanted)


def facts_follow(
    *, actor: Actor, app: str, kinds: frozenset[str], person_ids: Sequence[UUID], wanted: Iterable[Wanted]
) -> int:
    """For an app above: ``wanted`` is every fact of these ``kinds`` about these people whose source is ``app``."""
    rows = list(wanted)
    return _follow(actor, app, kinds, "person_id", iter([person_ids]), lambda _ids: rows)


def _chunks(model: type[Person] | type[Unit], known: list[UUID] | None) -> Iterator[Sequence[UUID]]:
    if known is None:
        known = list(model.objects.unscoped("facts follow every row").order_by("pk").values_list("pk", flat=True))
    source = iter(known)
    while chunk := list(islice(source, CHUNK)):
        yield chunk


def _standings_wanted(ids: Sequence[UUID]) -> list[Wanted]:
    people = Person.objects.unscoped("facts follow members' rows").filter(pk__in=ids)
    where = {pk: (unit, path) for pk, unit, path in people.values_list("pk", "unit_id", "unit__path") if unit}
    found = []
    standings = Standing.objects.filter(person_id__in=ids, kind__in=milestones.OF_STANDING, since__isnull=False)
    for pk, person, kind, since in standings.values_list("pk", "person_id", "kind", "since"):
        if person in where and since is not None:
            found.append(Wanted(milestones.OF_STANDING[kind], pk.hex, person, *where[person], since))
    today = clock.today()
    return [one for one in found if one.occurred_on <= today]


def _tenures_wanted(ids: Sequence[UUID]) -> list[Wanted]:
    found = []
    tenures = Tenure.objects.filter(person_id__in=ids).values_list(
        "pk", "person_id", "unit_id", "unit__path", "unit__name", "post__name", "since", "until"
    )
    today = clock.today()
    for pk, person, unit, path, name, post, since, until in tenures:
        payload = {"post": post, "where": name}
        found.append(Wanted(milestones.TENURE_BEGAN, pk.hex, person, unit, path, since, payload))
        if until is not None and until <= today:
            found.append(Wanted(milestones.TENURE_ENDED, pk.hex, person, unit, path, until, payload))
    return [one for one in found if one.occurred_on <= today]


def _units_wanted(ids: Sequence[UUID]) -> list[Wanted]:
    rows = Unit.objects.unscoped("facts follow the units' rows").filter(pk__in=ids)
    found = []
    today = clock.today()
    columns = ("pk", "path", "founded_on", "elected_on", "dissolved_on")
    for pk, path, founded, elected, dissolved in rows.values_list(*columns):
        for kind, day, source in (
            (milestones.FOUNDED, founded, pk.hex),
            (milestones.ELECTED, elected, f"{pk.hex}:{elected}"),
            (milestones.DISSOLVED, dissolved, pk.hex),
        ):
            if day is not None and day <= today:
                found.append(Wanted(kind, source, None, pk, path, day))
    return found


def _follow(
    actor: Actor,
    app: str,
    kinds: frozenset[str],
    column: str,
    chunks: Iterator[Sequence[UUID]],
    wanted: Any,
) -> int:
    added = corrected = withdrawn = 0
    touched_kinds: set[str] = set()
    people: set[UUID] = set()
    units: set[UUID] = set()
    with unit_of_work():
        for ids in chunks:
            rows, counts = _difference(actor, app, kinds, column, ids, wanted(ids))
            insert_rows(Fact, _COLUMNS, rows)
            added, corrected, withdrawn = added + counts[0], corrected + counts[1], withdrawn + counts[2]
            for row in rows:
                touched_kinds.add(row[1])
                units.add(row[3])
                if row[2] is not None:
                    people.add(row[2])
        if added or corrected or withdrawn:
            detail = {"source": app, "added": added, "corrected": corrected, "withdrawn": withdrawn}
            record(actor, "chronicle.follow", detail=detail)
            many = len(people) > TOLD_ONE_BY_ONE
            publish(
                FactsRecorded(
                    frozenset(touched_kinds),
                    frozenset() if many else frozenset(map(_uuid, people)),
                    frozenset(map(_uuid, units)),
                    everybody=many,
                    corrected=bool(corrected or withdrawn),
                )
            )
    return added + corrected + withdrawn


def _uuid(value: str | UUID) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)


def _difference(
    actor: Actor, app: str, kinds: frozenset[str], column: str, ids: Sequence[UUID], wanted: list[Wanted]
) -> tuple[list[tuple[Any, ...]], tuple[int, int, int]]:
    later = Fact.objects.unscoped("only asks whether a correction exists").filter(supersedes=OuterRef("pk"))
    now_held = (
        Fact.objects.unscoped("compared with their sources")
        .filter(Q(**{f"{column}__in": ids}), source_app=app, kind__in=kinds)
        .filter(~Exists(later))
        .order_by()
    )
    known = {(row.kind, row.source_id): row for row in now_held}
    rows: list[tuple[Any, ...]] = []
    counts = [0, 0, 0]
    keys = iter(new_ids(len(wanted) + len(known)))  # each is written once at most
    stamp, name = moment(clock.now()), actor.name[:80]

    def write(want: Wanted, old: Fact | None, *, void: bool, reason: str) -> None:
        person = want.person_id.hex if want.person_id else None
        payload = json.dumps(want.payload, ensure_ascii=False) if want.payload else "{}"
        rows.append(
            (
                next(keys), want.kind, person, want.unit_id.hex, want.path, want.occurred_on.isoformat(), stamp,
                name, None, payload, app, want.source_id, old.pk.hex if old else None, void, reason,
            )
        )  # fmt: skip

    for want in wanted:
        old = known.pop((want.kind, want.source_id), None)
        if old is None:
            write(want, None, void=False, reason="")
            counts[0] += 1
        elif old.void or old.occurred_on != want.occurred_on:
            write(want, old, void=False, reason=_("来源记录已更正"))
            counts[1] += 1
    last_election = {want.unit_id: want.occurred_on for want in wanted if want.kind == milestones.ELECTED}
    for (kind, source), old in known.items():
        if old.void:
            continue
        if kind == milestones.ELECTED and old.occurred_on < last_election.get(old.unit_id, date.max):
            continue  # an earlier election; one after the unit's last was a slip of the pen
        gone = Wanted(kind, source, old.person_id, old.unit_id, old.path, old.occurred_on, old.payload)
        write(gone, old, void=True, reason=_("来源记录已删除"))
        counts[2] += 1
    return rows, (counts[0], counts[1], counts[2])
