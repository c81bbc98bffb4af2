"""How many people there are in units: numbers, never names, for those who may see the people."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple
from uuid import UUID

from django.db import connection

from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.policies import Capability
from liaoyuan.organisation.units.models import Unit
from liaoyuan.organisation.units.registry import UnitCount

# Two index ranges per unit (the indexes person_count and person_attached hold every column read); the text is the same
# for both databases.
_COUNT = """
SELECT unit.id, COUNT(*),
       SUM(CASE WHEN person.standing IN ('full', 'probationary') THEN 1 ELSE 0 END),
       SUM(CASE WHEN person.standing = 'full' THEN 1 ELSE 0 END),
       0
FROM units_unit unit
JOIN members_person person ON person.home_path >= unit.path AND person.home_path < unit.path || '~' AND person.active
WHERE unit.id IN ({marks})
GROUP BY unit.id
UNION ALL
SELECT unit.id, 0, 0, 0, COUNT(*)
FROM units_unit unit
JOIN members_person person
  ON person.attached_path >= unit.path AND person.attached_path < unit.path || '~' AND person.active
WHERE unit.id IN ({marks}) AND NOT (person.home_path >= unit.path AND person.home_path < unit.path || '~')
GROUP BY unit.id
"""
_BATCH = 500


def unit_counts(actor: Actor, units: Sequence[Unit]) -> Mapping[UUID, UnitCount]:
    """People in service, members, full members, and those attached from outside, in each of ``units`` and below: one
    query for up to 500 units. A unit whose people the actor may not see is left out: its strength is not for those who
    only manage the platform."""
    found: dict[UUID, UnitCount] = {}
    ids = [unit.pk for unit in units if actor.covers(Capability.VIEW, unit.path)]
    for start in range(0, len(ids), _BATCH):
        some = ids[start : start + _BATCH]
        values = some if connection.vendor == "postgresql" else [key.hex for key in some]
        with connection.cursor() as cursor:
            cursor.execute(_COUNT.format(marks=", ".join(["%s"] * len(some))), [*values, *values])
            for key, *numbers in cursor.fetchall():
                unit = key if isinstance(key, UUID) else UUID(key)
                known = found.get(unit, UnitCount())
                found[unit] = UnitCount(*map(sum, zip(astuple(known), numbers, strict=True)))
    return {key: found.get(key, UnitCount()) for key in ids}
