"""Actors and rows for the trail's tests."""

from contextlib import contextmanager
from types import SimpleNamespace
from uuid import UUID

from django.db import connection

from liaoyuan.foundation.audit.protection import protect, unprotect
from liaoyuan.foundation.audit.services import record
from liaoyuan.kernel.ids import new_id
from liaoyuan.kernel.scoping import EVERYWHERE, Actor


def actor(*capabilities: str, name: str = "甲", person_id: UUID | None = None, **fields) -> Actor:
    return Actor(
        user_id=fields.pop("user_id", None) or new_id(),
        name=name,
        person_id=person_id,
        grants=dict.fromkeys(capabilities, EVERYWHERE),
        address="10.0.0.7",
        **fields,
    )


def auditor(**fields) -> Actor:
    return actor("audit.view", name="审计员", **fields)


class Somebody(SimpleNamespace):
    """Looks like a person to the trail."""

    def __str__(self) -> str:
        return self.name


def person(name: str = "王大力") -> Somebody:
    return Somebody(id=new_id(), name=name)


def rows(count: int, by: Actor | None = None) -> None:
    by = by or actor()
    for number in range(1, count + 1):
        record(by, "units.rename", object_label=f"第{number}个", detail={"n": number})


@contextmanager
def guard_down():
    """What an intruder with the database's password does first."""
    unprotect(connection)
    try:
        yield
    finally:
        protect(connection)
