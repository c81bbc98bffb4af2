"""Writers at once: the chain stays whole and nobody waits for ever. On PostgreSQL; SQLite has one writer at a time."""

import threading
from collections.abc import Callable

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import close_old_connections, connection, models

from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.foundation.audit.services import record, verify_chain
from liaoyuan.foundation.audit.tests.factories import actor
from liaoyuan.kernel.db import unit_of_work

User = get_user_model()
PasswordHistory = apps.get_model("accounts", "PasswordHistory")

pytestmark = pytest.mark.django_db(transaction=True)


def together(*works: Callable[[], None]) -> None:
    """Run ``works`` in threads of their own; raise what one of them raised."""
    failures: list[BaseException] = []

    def run(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,), daemon=True) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    close_old_connections()
    assert not any(thread.is_alive() for thread in threads), "a writer hangs"
    assert failures == []


def account(name: str) -> models.Model:
    return User.objects.create(username=name, display_name=name, password="!")


def test_many_writers_at_once_leave_a_whole_chain():
    def write() -> None:
        who = actor()
        for number in range(15):
            with unit_of_work():
                record(who, "a.b", detail={"n": number})
                record(who, "a.c", detail={"n": number})

    together(write, write, write)
    report = verify_chain()
    assert (report.ok, report.checked) == (True, 90)
    # The two rows of one unit stand side by side.
    for first in AuditEntry.objects.filter(action="a.b"):
        after = AuditEntry.objects.get(seq=first.seq + 1)
        assert (after.action, after.actor_id) == ("a.c", first.actor_id)


def test_two_first_rows_at_once_found_one_chain():
    start = threading.Barrier(2)

    def write() -> None:
        start.wait(10)
        record(actor(), "a.b")

    together(write, write)
    assert (verify_chain().ok, verify_chain().checked) == (True, 2)


def test_a_row_lock_before_the_record_and_one_after_it_do_not_cross():
    user = account("a")
    start = threading.Barrier(2)

    def lock_then_record() -> None:
        for _ in range(10):
            with unit_of_work():
                User.objects.select_for_update().get(pk=user.pk)
                record(actor(), "a.b")

    def record_then_lock() -> None:
        for _ in range(10):
            with unit_of_work():
                record(actor(), "a.b")
                User.objects.select_for_update().get(pk=user.pk)

    def at_once(work: Callable[[], None]) -> Callable[[], None]:
        return lambda: (start.wait(10), work())

    together(at_once(lock_then_record), at_once(record_then_lock))
    assert (verify_chain().ok, verify_chain().checked) == (True, 20)


def test_a_foreign_key_checked_at_the_commit_does_not_cross_with_the_chain():
    """One inserts a row that refers to a locked account; the other holds that lock and wants the chain."""
    user = account("b")
    locked, inserted = threading.Event(), threading.Event()

    def holder() -> None:
        with unit_of_work():
            User.objects.select_for_update().get(pk=user.pk)
            locked.set()
            if connection.vendor == "postgresql":  # SQLite's other writer waits for this one to end
                assert inserted.wait(10)
            record(actor(), "a.holder")

    def referrer() -> None:
        assert locked.wait(10)
        with unit_of_work():
            PasswordHistory.objects.create(user_id=user.pk, encoded="x")
            record(actor(), "a.referrer")
            inserted.set()

    together(holder, referrer)
    assert (verify_chain().ok, verify_chain().checked) == (True, 2)
    assert PasswordHistory.objects.count() == 1
