"""Database pieces every app uses: the path column, the unit of work, named locks."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, models, transaction

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


_WORK = "_liaoyuan_work"
_CONSTRAINTS: tuple[Statement, ...] = (("SET CONSTRAINTS ALL IMMEDIATE", ()), ("SET CONSTRAINTS ALL DEFERRED", ()))
_LET_GO: Statement = ("SET LOCAL synchronous_commit TO OFF", ())
_COMMIT: Statement = ("COMMIT", ())
_ON_THE_DISK: Statement = ("SELECT pg_logical_emit_message(true, 'liaoyuan', '')", ())
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Work:
    """What a connection knows of its unit of work. ``depth``: units open within each other. ``alone``: the transaction
    is the outermost unit's own. ``soon``, then ``checks``, go to the server before the audit chain's lock, ``last``
    with the commit; ``let_go``: that commit gives its locks back before the disk has confirmed it. ``afterwards``: see
    ``after_unit``."""

    depth: int = 0
    alone: bool = False
    soon: list[Statement] = field(default_factory=list)
    checks: list[Statement] = field(default_factory=list)
    last: list[Statement] = field(default_factory=list)
    let_go: bool = False
    afterwards: list[Callable[[], None]] = field(default_factory=list)

    def take(self) -> list[Statement]:
        """What is to go to the server next, once."""
        waiting = [*self.last, *self.soon, *self.checks]
        self.last, self.soon, self.checks = [], [], []
        return waiting


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


def _here() -> tuple[Any, _Work]:
    """This thread's connection and its work. ``connection`` would look for it at every attribute."""
    here = connections[DEFAULT_DB_ALIAS]
    work: _Work | None = here.__dict__.get(_WORK)
    if work is None:
        work = here.__dict__[_WORK] = _Work()
    return here, work


@contextmanager
def unit_of_work() -> Iterator[None]:
    """One atomic verb; units nest as savepoints. What ``before_commit`` collected is done once, at the end of the
    outermost unit, in the same transaction: the audit chain's lock is always taken last and held briefly (ADR 0006,
    0011). What ``after_unit`` collected is done after that transaction ended, whether it was kept or not."""
    here, work = _here()
    outermost = work.depth == 0
    if outermost:
        work.alone = not here.in_atomic_block
    work.depth += 1
    try:
        with transaction.atomic():
            yield
            if outermost:
                _finish(here, work)
    finally:
        work.depth -= 1
        if outermost:
            work.take()
            work.let_go = False
            _afterwards(work)


def before_commit(action: Callable[[list[T]], None], item: T) -> None:
    """Call ``action`` once at the end of the unit of work with every ``item`` handed in for it, in order; outside of a
    unit, at once, in one of its own. An item handed in by an inner block that was rolled back is dropped."""
    if _here()[1].depth:
        transaction.on_commit(_Deferred(action, item))
        return
    with unit_of_work():
        transaction.on_commit(_Deferred(action, item))


def after_unit(action: Callable[[], None]) -> None:
    """Call ``action`` when the outermost unit has ended, committed or rolled back; outside of a unit, at once. It runs
    in a transaction of its own; its failure is logged and hides nothing."""
    work = _here()[1]
    if work.depth:
        work.afterwards.append(action)
    else:
        action()


def execute_soon(*statements: Statement) -> None:
    """Execute ``statements``, whose answers nobody needs, at the latest at the end of the unit of work: on PostgreSQL
    with the journey that takes the audit chain's lock, elsewhere at once. Nothing in the unit may read what they
    write."""
    here, work = _here()
    if here.vendor == "postgresql" and work.depth:
        for one in statements:
            transaction.on_commit(_Deferred(_execute_first, one))
        return
    with here.cursor() as cursor:
        _execute(here, cursor, statements)


def lock_the_chain(cursor: Any, sql: str) -> None:
    """Execute ``sql``, which takes the audit chain's lock; on PostgreSQL what must be known before goes in the same
    journey."""
    here, work = _here()
    before = work.take()
    _execute(here, cursor, [*before, (sql, ())])
    while before and cursor.nextset():
        pass  # to the answer of the last statement


def execute_last(cursor: Any, statements: Sequence[Statement]) -> None:
    """Execute ``statements``, whose answers nobody needs, at the end of what ``before_commit`` calls: on PostgreSQL in
    the journey that commits, so that nobody waits for the chain for longer than it takes."""
    here, work = _here()
    if here.vendor == "postgresql" and work.depth:
        work.last += statements
    else:
        _execute(here, cursor, statements)


def _execute(here: Any, cursor: Any, statements: Sequence[Statement]) -> None:
    """In order; on PostgreSQL in one journey to the server."""
    if here.vendor == "postgresql":
        values = [value for _sql, row in statements for value in row]
        cursor.execute("; ".join(sql for sql, _row in statements), values)
        return
    for sql, row in statements:
        cursor.execute(sql, row)


def _execute_first(statements: list[Statement]) -> None:
    """Put them before what PostgreSQL must know, on its way to the chain's lock."""
    _here()[1].soon += statements


def _finish(here: Any, work: _Work) -> None:
    """Do what was deferred, again until nothing is: an action may defer more."""
    while waiting := [hook for hook in _hooks(here) if isinstance(hook, _Deferred) and not hook.done]:
        if here.vendor == "postgresql":
            _before_the_chain(work)
        batches: dict[Callable[[list[Any]], None], list[Any]] = {_execute_first: []}
        for hook in waiting:
            hook.done = True
            batches.setdefault(hook.action, []).append(hook.item)
        for action, items in batches.items():
            action(items)
    if left := work.take():
        _end(here, work, left)


def _before_the_chain(work: _Work) -> None:
    """What PostgreSQL must know before the audit chain's lock is taken.

    Foreign keys are checked at the commit and may wait for another's row lock. Checked now, nobody waits for a row
    while holding the chain, so that the two kinds of lock cannot cross.

    Where the transaction is ours, its commit gives the locks back before the disk has confirmed it, and the disk is
    waited for right after (``_end``), still before anybody is told. Otherwise each would hold the chain for a write to
    the disk, one after the other; so one such write serves all who wait. Nothing is told that could still be lost
    (ADR 0011).
    """
    work.checks = list(_CONSTRAINTS)
    if work.alone and _may_wait():
        work.let_go = True
        work.checks.append(_LET_GO)


def _end(here: Any, work: _Work, statements: list[Statement]) -> None:
    """Execute what is left; where the transaction is ours, commit it in the same journey and wait for the disk. Django
    finds nothing left to commit then. The message that is waited for is a commit of its own, synchronous as the server
    is configured: what was committed before it is on the disk (and on the standbys the server waits for) when it
    returns, for the log is written in order."""
    if work.alone:
        statements = [*statements, _COMMIT, *([_ON_THE_DISK] if work.let_go else [])]
    with here.cursor() as cursor:
        _execute(here, cursor, statements)


@cache
def _may_wait() -> bool:
    """Whether this account may write the message that is waited for; every account may, unless it was taken away."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_function_privilege('pg_logical_emit_message(boolean, text, text)', 'execute')")
        return bool(cursor.fetchone()[0])


def _hooks(here: Any) -> list[object]:
    """What Django would call after the commit, as far as nothing was rolled back since."""
    return [entry[1] for entry in here.run_on_commit]


def _afterwards(work: _Work) -> None:
    waiting, work.afterwards = work.afterwards, []
    for action in waiting:
        try:
            action()
        except Exception:
            _log.exception("工作单元结束后的 %s 出错", getattr(action, "__qualname__", action))
