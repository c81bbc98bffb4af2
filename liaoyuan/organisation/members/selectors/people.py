"""Finding people: by a part of the name, pinyin, initials, number, or an ID number's last six.

ID numbers are found by blind index only, by who may see the file, and every such search is recorded: six digits are a
question about somebody. Fewer than six are no search: four could be tried out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from liaoyuan.foundation.audit.services import record
from liaoyuan.kernel.paths import upper
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import Person, StandingKind
from liaoyuan.organisation.members.policies import Capability
from liaoyuan.organisation.members.rules import search
from liaoyuan.organisation.members.selectors.finding import Term, id_terms_of, keys_in, keys_sql, terms_of
from liaoyuan.organisation.units.models import Unit
from liaoyuan.organisation.units.registry import UnitPerson

LIMIT = 20


@dataclass(frozen=True, slots=True)
class FoundUnit:
    """As much of a unit as a chip shows."""

    pk: UUID
    name: str


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """As much of a person as a chip shows."""

    pk: UUID
    number: str
    name: str
    rank: str
    position: str
    standing: str
    unit: FoundUnit | None

    def get_standing_display(self) -> str:
        """The standing in words, as on a Person."""
        return str(StandingKind(self.standing).label)


_FIND = """
SELECT person.id, person.number, person.name, person.rank, person.position, person.standing, unit.id, unit.name
FROM ({keys} LIMIT {limit}) found
JOIN members_person person ON person.id = found.id
LEFT JOIN units_unit unit ON unit.id = person.unit_id
"""


def people_search(actor: Actor, q: str, *, limit: int = LIMIT) -> list[FoundPerson]:
    """Up to ``limit`` people in service whom the actor may see, matching ``q``."""
    typed = search.typed(q)
    found: dict[UUID, FoundPerson] = {}
    by_id, terms = id_terms_of(typed), terms_of(typed)
    if by_id and actor.holds(Capability.VIEW_FILE):
        _find(actor.reach(Capability.VIEW_FILE), by_id, limit, found)
        record(actor, "members.find_by_id", detail={"found": len(found)})
    if terms and len(found) < limit:
        _find(actor.reach(Capability.VIEW), terms, limit, found)
    return list(found.values())[:limit]


def _find(reach: Sequence[str], terms: Sequence[Term], limit: int, found: dict[UUID, FoundPerson]) -> None:
    """Add people to ``found``. One may come twice (王王 by both parts), so a few more are read."""
    keys, values = keys_sql(reach, terms, active_only=True)
    with connection.cursor() as cursor:
        cursor.execute(_FIND.format(keys=keys, limit=limit * 2), values)
        for key, number, name, rank, position, standing, unit_id, unit_name in cursor.fetchall():
            unit = None if unit_id is None else FoundUnit(_uuid(unit_id), unit_name)
            person = FoundPerson(_uuid(key), number, name, rank, position, standing, unit)
            found.setdefault(person.pk, person)


def _uuid(key: object) -> UUID:
    """PostgreSQL gives a UUID, SQLite its 32 digits."""
    return key if isinstance(key, UUID) else UUID(str(key))


def search_rows(actor: Actor, rows: QuerySet[Person], q: str) -> QuerySet[Person]:
    """``rows`` (scoped already) narrowed to what ``q`` means: the list's search."""
    typed = search.typed(q)
    by_id, terms = id_terms_of(typed), terms_of(typed)
    where = Q(pk__in=keys_in(actor.reach(Capability.VIEW), terms)) if terms else Q(pk__in=[])
    if by_id and actor.holds(Capability.VIEW_FILE):
        record(actor, "members.find_by_id")
        where |= Q(pk__in=keys_in(actor.reach(Capability.VIEW_FILE), by_id))
    return rows.filter(where)


def unit_people(actor: Actor, unit: Unit) -> Sequence[UnitPerson]:
    """The people in service of a unit and below whom the actor may see, for the forms of units."""
    rows = Person.objects.visible_to(actor, Capability.VIEW).filter(active=True)
    rows = rows.filter(home_path__gte=unit.path, home_path__lt=upper(unit.path))
    return [
        UnitPerson(pk, name, f"{rank} {position}".strip(), group_id, user_id)
        for pk, name, rank, position, group_id, user_id in rows.order_by("rank_order", "pinyin").values_list(
            "pk", "name", "rank", "position", "group_id", "user_id"
        )
    ]
