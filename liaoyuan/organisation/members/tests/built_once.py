"""Rows that thousands of tests begin with are built by the factories once and written in bulk from then on."""

import pickle
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from django.db import models, transaction
from django.db.models.signals import post_save

from liaoyuan.kernel.ids import new_id

T = TypeVar("T")
Row = models.Model
Shared = Mapping[type[Row], Callable[[Any], Row]]


def built_once(shared: Shared) -> Callable[[Callable[[], T]], Callable[[], T]]:
    """Decorate ``build()``, which writes rows and gives back an object that holds them (it must pickle).

    The first call in a process builds; every other writes the same rows anew, one INSERT a table, and gives back a copy
    of the object over them. Keys are new each time, so that nothing remembered of one test's rows fits another's; so
    are times that come by default. ``shared`` are reference rows, which are not the build's own: model → a function
    that finds or makes the present one.
    """

    def decorate(build: Callable[[], T]) -> Callable[[], T]:
        kept: list[bytes] = []

        @wraps(build)
        def again() -> T:
            if not kept:
                rows: dict[int, Row] = {}

                def note(sender: type[Row], instance: Row, **_more: Any) -> None:
                    if sender not in shared:
                        rows.setdefault(id(instance), instance)

                post_save.connect(note, weak=False)
                try:
                    found = build()
                finally:
                    post_save.disconnect(note)
                kept.append(pickle.dumps((found, list(rows.values()))))
                return found
            return _write(kept[0], shared)

        return again

    return decorate


def _write(blob: bytes, shared: Shared) -> Any:
    found, rows = pickle.loads(blob)  # noqa: S301  our own, of this process
    keys = {row.pk: new_id() for row in rows if isinstance(row.pk, UUID)}
    present: dict[tuple[type[Row], Any], Row] = {}
    tables: dict[type[Row], list[Row]] = defaultdict(list)
    for row in rows:
        for field in row._meta.concrete_fields:
            old = getattr(row, field.attname)
            if field.is_relation and field.related_model in shared:
                known = (field.related_model, old)
                if known not in present:
                    present[known] = shared[field.related_model](getattr(row, field.name))
                setattr(row, field.name, present[known])
            elif isinstance(old, UUID):
                row.__dict__[field.attname] = keys.get(old, old)  # setting it would drop the related row it carries
            elif isinstance(old, datetime) and field.has_default():
                setattr(row, field.attname, field.get_default())
        if not isinstance(row._meta.pk, models.UUIDField):
            row.pk = None
        tables[type(row)].append(row)
    with transaction.atomic():  # rows of one table may need those of another that comes later
        for model, several in tables.items():
            model._base_manager.bulk_create(several)
    return found
