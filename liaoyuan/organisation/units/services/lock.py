"""The tree lock, and the row lock for whoever copies a path.

Order of locks, everywhere: tree lock → unit rows → account rows → the audit chain (at the end of the unit of work).

``tree_lock`` orders every structural change: on PostgreSQL an advisory lock of the transaction, so that it ends with
the transaction whatever happens; on SQLite the transaction itself is IMMEDIATE, one writer at a time, and nothing is
to do.

Whoever stores a copy of ``Unit.path`` reads it by ``unit_for_path``: the row lock makes a concurrent move wait (its
later statements then see the copy and change it) or makes us wait for it (we then read the new path). No copy is left
behind.
"""

from uuid import UUID

from django.db import connection

from liaoyuan.kernel.errors import NotInScope
from liaoyuan.organisation.units.models import Unit

TREE_LOCK = 0x4C59_0001  # "LY", 1: the number must only differ from other advisory locks of this database


def tree_lock() -> None:
    """Take the tree's lock until the end of the transaction. Call it inside ``unit_of_work``, before reading."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TREE_LOCK])


def unit_for_path(unit_id: UUID) -> Unit:
    """The unit as it stands now, its row locked until the end of the transaction. NotInScope where it is unknown."""
    unit = Unit.objects.unscoped("the caller has authorised").select_for_update().filter(pk=unit_id).first()
    if unit is None:
        raise NotInScope()
    return unit


def fresh(*units: Unit | None) -> list[Unit | None]:
    """The same units as they stand now, with their parents; call it under the tree lock."""
    wanted = [unit.pk for unit in units if unit is not None]
    rows = Unit.objects.unscoped("the caller authorises what is read").select_related("parent").in_bulk(wanted)
    if len(rows) != len(set(wanted)):
        raise NotInScope()
    return [None if unit is None else rows[unit.pk] for unit in units]
