"""Database pieces every app uses: the path column, the unit of work, named locks."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, models, transaction

from liaoyuan.kernel.ids import new_id
from liaoyuan.kernel.paths import MAX_LENGTH


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


_PENDING = "_liaoyuan_before_commit"


@contextmanager
def unit_of_work() -> Iterator[None]:
    """One atomic verb. What ``before_commit`` collected runs once, at the end of the outermost unit, in the same
    transaction: the audit chain's lock is therefore always taken last and held briefly (ADR 0006)."""
    if getattr(connection, _PENDING, None) is not None:
        with transaction.atomic():
            yield
        return
    pending: list[Callable[[], None]] = []
    setattr(connection, _PENDING, pending)
    try:
        with transaction.atomic():
            yield
            while pending:
                pending.pop(0)()
    finally:
        setattr(connection, _PENDING, None)


def before_commit(action: Callable[[], None]) -> None:
    """Run ``action`` at the end of the unit of work; outside of one, at once."""
    pending = getattr(connection, _PENDING, None)
    if pending is None:
        with transaction.atomic():
            action()
    else:
        pending.append(action)
