"""Many rows into one table, as fast as each database takes them: COPY on PostgreSQL, executemany on SQLite.

For set-based services that have authorised and checked already. Rows hold what the columns store, not Python's idea of
it: ids as 32 hex characters (``new_ids``), dates as ISO text, moments by ``moment``, JSON as text, encrypted fields
encrypted. Every column that the database cannot fill must be named: model defaults are not applied. Constraints,
triggers and indexes work as ever.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import chain, islice
from typing import Any

from django.db import connection, models
from uuid_utils import uuid7

_CHUNK = 4000
_CACHE_KB = 200_000

Step = Callable[[int], None]


def new_ids(count: int) -> list[str]:
    """Fresh UUIDv7 keys as hex, in ascending order."""
    return [uuid7().hex for _ in range(count)]


def moment(at: datetime) -> str:
    """An aware moment as both databases store it."""
    text = at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    return f"{text}+00" if connection.vendor == "postgresql" else text


@contextmanager
def roomy() -> Iterator[None]:
    """A larger page cache for the length of a big write on SQLite: the pages of a dozen indexes stay at hand instead of
    being written and read back again and again. Nothing on PostgreSQL, whose cache is the server's."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        before = cursor.execute("PRAGMA cache_size").fetchone()[0]
        cursor.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA cache_size = {int(before)}")


def _column(model: type[models.Model], name: str) -> str:
    """The database column of a field ("pk" for the key's)."""
    field = model._meta.pk if name == "pk" else model._meta.get_field(name)
    return str(field.column)  # type: ignore[union-attr]  # only concrete fields are written


def insert_rows(
    model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]], *, step: Step | None = None
) -> int:
    """Insert ``rows`` (values in the order of ``fields``) and return how many; ``step`` hears the number of each chunk
    written. Call it inside a transaction. Raises IntegrityError as any insert."""
    columns = [_column(model, name) for name in fields]
    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    write = _copy if connection.vendor == "postgresql" else _execute_many
    return write(table, names, len(columns), iter(rows), step or _silent)


def update_rows(
    model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]], *, step: Step | None = None
) -> int:
    """Set ``fields`` of rows by key: each row is the values in order, then the key. Returns how many were handed in."""
    quote = connection.ops.quote_name
    sets = ", ".join(f"{quote(_column(model, name))} = %s" for name in fields)
    key = quote(_column(model, "pk"))
    statement = f"UPDATE {quote(model._meta.db_table)} SET {sets} WHERE {key} = %s"  # noqa: S608  names from the model
    source = iter(rows)
    total = 0
    while chunk := list(islice(source, _CHUNK)):
        with connection.cursor() as cursor:
            cursor.executemany(statement, chunk)
        total += len(chunk)
        if step is not None:
            step(len(chunk))
    return total


def _silent(count: int) -> None:
    """Nobody listens."""


def _copy(table: str, names: str, width: int, rows: Iterator[Sequence[Any]], step: Step) -> int:
    """One COPY for all: the server writes what has arrived while the next rows are made. ``rows`` must not ask the
    database anything meanwhile."""
    first = next(rows, None)
    if first is None:
        return 0
    total = 0
    with connection.cursor() as cursor:
        statement = f"COPY {table} ({names}) FROM STDIN"
        with cursor.copy(statement) as copy:  # the driver's own cursor, through Django's
            for row in chain([first], rows):
                copy.write_row(row)
                total += 1
                if total % _CHUNK == 0:
                    step(_CHUNK)
    step(total % _CHUNK)
    return total


def _execute_many(table: str, names: str, width: int, rows: Iterator[Sequence[Any]], step: Step) -> int:
    places = ", ".join(["%s"] * width)
    total = 0
    while chunk := list(islice(rows, _CHUNK)):
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", chunk)  # noqa: S608  from the model
        total += len(chunk)
        step(len(chunk))
    return total
