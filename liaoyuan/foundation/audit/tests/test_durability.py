"""On PostgreSQL the chain is let go before the disk has confirmed it, and nobody is told before it has (ADR 0011)."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.foundation.audit.services import record, record_refusal
from liaoyuan.kernel import db
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.scoping import Actor

pytestmark = pytest.mark.django_db(transaction=True)
ACTOR = Actor.system("测试")


def asked(sql: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


@pytest.fixture(autouse=True)
def _as_an_institution_sets_it_up() -> Iterator[None]:
    """A server for trials may be told not to wait for its disk; these tests are of one that does."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO on")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET synchronous_commit")


@pytest.fixture
def happened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What happened in order: that the disk was waited for, and whether all before it was there afterwards."""
    found: list[str] = []
    execute = db._execute

    def watched(here: Any, cursor: Any, statements: Sequence[Any]) -> None:
        execute(here, cursor, statements)
        if statements[-1] == db._ON_THE_DISK:
            while cursor.nextset():
                pass
            position = cursor.fetchone()[0]  # of the message, which the log holds after the commit
            there = asked(f"SELECT pg_current_wal_flush_lsn() >= '{position}'::pg_lsn")
            found.append("on the disk" if there and statements[-2] == db._COMMIT else "not on the disk")

    monkeypatch.setattr(db, "_execute", watched)
    return found


def in_a_unit() -> None:
    with unit_of_work():
        record(ACTOR, "test.read")


def undone() -> None:
    with unit_of_work():
        record(ACTOR, "test.read")
        raise RuntimeError


def alone() -> None:
    record(ACTOR, "test.read")


def refused() -> None:
    record_refusal(ACTOR, "test.read", reason="不行")


@pytest.mark.parametrize("write", [in_a_unit, alone, refused])
def test_a_row_is_on_the_disk_when_its_writer_goes_on(write: Callable[[], None], happened: list[str]):
    write()
    assert happened == (["on the disk"] if connection.vendor == "postgresql" else [])
    assert AuditEntry.objects.count() == 1


def test_whoever_is_told_after_the_commit_is_told_after_the_disk(happened: list[str]):
    with unit_of_work():
        transaction.on_commit(lambda: happened.append("told"))
        record(ACTOR, "test.read")
        with unit_of_work():
            record(ACTOR, "test.read")
    assert happened == (["on the disk", "told"] if connection.vendor == "postgresql" else ["told"])


def test_a_unit_that_records_nothing_or_is_undone_waits_as_ever(happened: list[str]):
    with unit_of_work():
        pass
    with pytest.raises(RuntimeError):
        undone()
    assert happened == []
    assert AuditEntry.objects.count() == 0


def test_inside_anothers_transaction_the_commit_is_his(happened: list[str]):
    with transaction.atomic():
        in_a_unit()
        alone()
        if connection.vendor == "postgresql":
            assert asked("SHOW synchronous_commit") == "on"
    assert happened == []
    assert AuditEntry.objects.count() == 2


def test_only_the_one_commit_does_not_wait_by_itself(monkeypatch: pytest.MonkeyPatch):
    seen: list[str] = []

    def look(entries: list[str]) -> None:
        if connection.vendor != "postgresql":
            seen.append("off")
            return
        with connection.cursor() as cursor:
            db.lock_the_chain(cursor, "SHOW synchronous_commit")
            seen.append(cursor.fetchone()[0])

    with unit_of_work():
        db.before_commit(look, "x")
    assert seen == ["off"]
    if connection.vendor == "postgresql":
        assert asked("SHOW synchronous_commit") == "on"


def test_where_the_disk_cannot_be_waited_for_the_writer_does_not_go_on(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(db, "_ON_THE_DISK", ("SELECT pg_terminate_backend(pg_backend_pid())", ()))
    if connection.vendor == "postgresql":
        with pytest.raises(DatabaseError):
            in_a_unit()
        connection.close()
    else:
        in_a_unit()


def test_an_account_that_may_not_wait_commits_as_ever(happened: list[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(db, "_may_wait", lambda: False)
    in_a_unit()
    assert happened == []
    assert AuditEntry.objects.count() == 1
