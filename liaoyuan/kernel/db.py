"""Database pieces every app uses: the path column, the unit of work, named locks."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeVar

from django.db import connection, models, transaction

from liaoyuan.kernel.ids import new_id
from liaoyuan.kernel.paths import MAX_LENGTH

T = TypeVar("T")
Statement = tuple[str, Sequence[Any]]


class PathField(models.CharField):
    """A tree path. Compared byte by byte on both databases, so a range filter uses its index."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", MAX_LENGTH)
        super().__init__(*args, **kwargs)

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        """SQLite compares bytes by default; PostgreSQL must be told."""
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


class IdModel(models.Model):
    """A row with a UUIDv7 key."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    class Meta:
        abstract = True


_DEPTH = "_liaoyuan_units_open"
_AFTERWARDS = "_liaoyuan_after_unit"
_FIRST = "_liaoyuan_before_the_chain"
_log = logging.getLogger(__name__)


class _Deferred:
    """Something for the end of the unit. It waits among Django's on-commit hooks, which Django drops by itself when a
    savepoint is rolled back: what an undone inner block wanted written is therefore undone with it."""

    __slots__ = ("action", "done", "item")

    def __init__(self, action: Callable[[list[Any]], None], item: Any) -> None:
        self.action = action
        self.item = item
        self.done = False

    def __call__(self) -> None:
        """After the commit nothing is left to do."""


@contextmanager
def unit_of_work() -> Iterator[None]:
    """One atomic verb; units nest as savepoints. What ``before_commit`` collected is done once, at the end of the
    outermost unit, in the same transaction: the audit chain's lock is always taken last and held briefly (ADR 0006,
    0011). What ``after_unit`` collected is done after that transaction ended, whether it was kept or not."""
    depth = getattr(connection, _DEPTH, 0)
    setattr(connection, _DEPTH, depth + 1)
    own = depth == 0 and not connection.in_atomic_block
    try:
        with transaction.atomic():
            yield
            if depth == 0:
                _finish(alone=own)
    finally:
        setattr(connection, _DEPTH, depth)
        if depth == 0:
            setattr(connection, _FIRST, [])
            _afterwards()


def before_commit(action: Callable[[list[T]], None], item: T) -> None:
    """Call ``action`` once at the end of the unit of work with every ``item`` handed in for it, in order; outside of a
    unit, at once. An item handed in by an inner block that was rolled back is dropped."""
    if getattr(connection, _DEPTH, 0) == 0:
        own = not connection.in_atomic_block
        try:
            with transaction.atomic():
                if own and connection.vendor == "postgresql":
                    _before_the_chain(let_go=True)
                action([item])
        finally:
            setattr(connection, _FIRST, [])
    else:
        transaction.on_commit(_Deferred(action, item))


def after_unit(action: Callable[[], None]) -> None:
    """Call ``action`` when the outermost unit has ended, committed or rolled back; outside of a unit, at once. It runs
    in a transaction of its own; its failure is logged and hides nothing."""
    if getattr(connection, _DEPTH, 0) == 0:
        action()
        return
    waiting = getattr(connection, _AFTERWARDS, None)
    if waiting is None:
        waiting = []
        setattr(connection, _AFTERWARDS, waiting)
    waiting.append(action)


def execute_together(cursor: Any, statements: Sequence[Statement]) -> None:
    """Execute ``statements``, whose answers nobody needs, in order: on PostgreSQL in one journey to the server."""
    if connection.vendor == "postgresql":
        cursor.execute(*_joined(statements))
        return
    for sql, row in statements:
        cursor.execute(sql, row)


def execute_soon(*statements: Statement) -> None:
    """Execute ``statements``, whose answers nobody needs, at the latest at the end of the unit of work: on PostgreSQL
    with the journey that takes the audit chain's lock, elsewhere at once. Nothing in the unit may read what they
    write."""
    if connection.vendor == "postgresql" and getattr(connection, _DEPTH, 0) > 0:
        for one in statements:
            transaction.on_commit(_Deferred(_execute, one))
        return
    with connection.cursor() as cursor:
        execute_together(cursor, statements)


def _execute(statements: list[Statement]) -> None:
    """Put them before what PostgreSQL must know, on its way to the chain's lock."""
    setattr(connection, _FIRST, [*statements, *getattr(connection, _FIRST, ())])


def _joined(statements: Sequence[Statement]) -> Statement:
    return "; ".join(sql for sql, _row in statements), [value for _sql, row in statements for value in row]


def lock_the_chain(cursor: Any, sql: str) -> None:
    """Execute ``sql``, which takes the audit chain's lock; on PostgreSQL what must be known before goes in the same
    journey."""
    before = _take_first()
    cursor.execute(*_joined([*before, (sql, ())]))
    while before and cursor.nextset():
        pass  # to the answer of the last statement


def _take_first() -> list[Statement]:
    before: list[Statement] = getattr(connection, _FIRST, [])
    setattr(connection, _FIRST, [])
    return before


def _finish(*, alone: bool) -> None:
    """Do what was deferred, again until nothing is: an action may defer more. ``alone``: the transaction is ours."""
    first = True
    while waiting := [hook for hook in _hooks() if isinstance(hook, _Deferred) and not hook.done]:
        if connection.vendor == "postgresql":
            _before_the_chain(let_go=alone and first)
            first = False
        batches: dict[Callable[[list[Any]], None], list[Any]] = {}
        for hook in waiting:
            hook.done = True
            batches.setdefault(hook.action, []).append(hook.item)
        if (soon := batches.pop(_execute, None)) is not None:
            _execute(soon)
        for action, items in batches.items():
            action(items)
        if soon is not None and (unsent := _take_first()):  # nothing was audited
            with connection.cursor() as cursor:
                execute_together(cursor, unsent)


def _before_the_chain(*, let_go: bool) -> None:
    """What PostgreSQL must know before the audit chain's lock is taken.

    Foreign keys are checked at the commit and may wait for another's row lock. Checked now, nobody waits for a row
    while holding the chain, so that the two kinds of lock cannot cross.

    ``let_go``: the commit gives its locks back before the disk has confirmed it, and the disk is waited for right
    after, still before anybody is told. Otherwise each would hold the chain for a write to the disk, one after the
    other; so one such write serves all who wait. Nothing is told that could still be lost (ADR 0011).

    It waits for ``lock_the_chain``.
    """
    sqls = ["SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL DEFERRED"]
    if let_go and _may_wait():
        sqls.append("SET LOCAL synchronous_commit TO OFF")
        connection.run_on_commit.insert(0, (set(), _wait_for_the_disk, False))  # type: ignore[arg-type]  # the stubs know two of three
    if not getattr(connection, _FIRST, []):
        setattr(connection, _FIRST, [(one, ()) for one in sqls])


@cache
def _may_wait() -> bool:
    """Whether this account may write the message that is waited for; every account may, unless it was taken away."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_function_privilege('pg_logical_emit_message(boolean, text, text)', 'execute')")
        return bool(cursor.fetchone()[0])


def _wait_for_the_disk() -> None:
    """A commit of its own, synchronous as the server is configured: what was committed before it is on the disk (and on
    the standbys the server waits for) when it returns. The log is written in order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_logical_emit_message(true, 'liaoyuan', '')")


def _hooks() -> list[object]:
    """What Django would call after the commit, as far as nothing was rolled back since."""
    return [entry[1] for entry in connection.run_on_commit]


def _afterwards() -> None:
    waiting = getattr(connection, _AFTERWARDS, None) or []
    setattr(connection, _AFTERWARDS, None)
    for action in waiting:
        try:
            action()
        except Exception:
            _log.exception("工作单元结束后的 %s 出错", getattr(action, "__qualname__", action))
