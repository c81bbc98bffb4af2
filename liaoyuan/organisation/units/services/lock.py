"""The tree lock, and the row lock for whoever copies a path.

Order of locks, everywhere: tree lock → unit rows → account rows → the audit chain (at the end of the unit of work).

``tree_lock`` orders every structural change: on PostgreSQL an advisory lock of the transaction, so that it ends with
the transaction whatever happens; on SQLite the transaction itself is IMMEDIATE, one writer at a time, and nothing is
to do.

Whoever stores a copy of ``Unit.path`` reads it by ``unit_for_path``: the row lock makes a concurrent move wait (its
later statements then see the copy and change it) or makes us wait for it (we then read the new path). No copy is left
behind. Whoever writes copies for many units at once (the duties) holds the whole tree still by ``tree_hold`` instead:
it would else wait for the movers' rows, and they for its own.
"""

from uuid import UUID

from django.db import OperationalError, connection
from django.utils.translation import gettext as _

from liaoyuan.kernel.errors import Conflict, NotInScope
from liaoyuan.organisation.units.models import Unit

_LOCK_NOT_AVAILABLE = "55P03"
TREE_LOCK = 0x4C59_0001  # "LY", 1: the number must only differ from other advisory locks of this database


def tree_lock() -> None:
    """Take the tree's lock until the end of the transaction. Call it inside ``unit_of_work``, before reading."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TREE_LOCK])


class TreeBusyError(Conflict):
    """The tree is being changed for longer than somebody could wait."""


def tree_hold(*, seconds: int | None = None) -> None:
    """Keep the tree as it is until the end of the transaction: many may at once, and who changes it waits for them.
    Call it inside ``unit_of_work``, before anything is locked or read. Raises TreeBusyError where somebody has been
    changing the tree for ``seconds`` (an import may take a minute); without a number it waits.
    """
    if connection.vendor != "postgresql":
        return
    hold = f"SELECT pg_advisory_xact_lock_shared({TREE_LOCK:d})"
    if seconds is not None:
        hold = f"SET LOCAL lock_timeout TO '{seconds:d}s'; {hold}; SET LOCAL lock_timeout TO DEFAULT"
    with connection.cursor() as cursor:
        try:
            cursor.execute(hold)
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") != _LOCK_NOT_AVAILABLE:
                raise
            raise TreeBusyError(_("组织结构正在调整，请稍后再试。")) from error


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
