"""One row by a query written by hand. What every request and every log-in asks would cost more in the ORM, which
writes the same query anew each time, than in the database."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models

M = TypeVar("M", bound=models.Model)
Reader = tuple[int, Any, tuple[Callable[..., Any], ...]]


def row_of(model: type[M], sql: str, params: Sequence[Any], *more: str) -> M | None:
    """The first row of ``sql`` as a ``model``, None without one. Its columns are the model's, all and in their order
    (``columns_of``), then one for each of ``more``, which becomes an attribute as the database gives it."""
    here: Any = connections[DEFAULT_DB_ALIAS]
    with here.cursor() as cursor:
        cursor.execute(sql, params)
        row = cursor.fetchone()
    if row is None:
        return None
    names, readers = _shape(model)
    values = list(row[: len(names)])
    for at, column, converters in readers:
        for convert in converters:
            values[at] = convert(values[at], column, here)
    found = model.from_db(DEFAULT_DB_ALIAS, names, values)
    for name, value in zip(more, row[len(names) :], strict=True):
        setattr(found, name, value)
    return found


def columns_of(model: type[models.Model], table: str = "") -> str:
    """The model's columns as ``row_of`` wants them, of ``table`` (an alias) where one is given."""
    before = f"{table}." if table else ""
    return ", ".join(f'{before}"{field.column}"' for field in model._meta.concrete_fields)


@cache
def _shape(model: type[models.Model]) -> tuple[list[str], list[Reader]]:
    """Attribute names, and how this database's values become the fields' own, where they are not already."""
    here: Any = connections[DEFAULT_DB_ALIAS]
    fields = model._meta.concrete_fields
    readers: list[Reader] = []
    for at, field in enumerate(fields):
        column = field.get_col(model._meta.db_table)
        converters = (*here.ops.get_db_converters(column), *column.get_db_converters(here))
        if converters:
            readers.append((at, column, converters))
    return [field.attname for field in fields], readers
