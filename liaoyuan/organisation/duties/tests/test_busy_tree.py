"""While the tree is being changed nothing is counted on its paths: a request waits briefly, else the worker counts."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, connections

from liaoyuan.kernel import clock
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.organisation.duties import handlers
from liaoyuan.organisation.duties.services import duties_evaluate, live_mark
from liaoyuan.organisation.duties.tests.test_services_run import TODAY, applicant, duties
from liaoyuan.organisation.members.tests.factories import two_branches
from liaoyuan.organisation.units.services import TreeBusyError, tree_hold
from liaoyuan.organisation.units.services.lock import TREE_LOCK

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def somebody_changes_the_tree() -> Iterator[bool]:
    """Another connection holds the tree's lock as a mover does; whether there is such a lock. SQLite has one writer:
    whoever writes at all has waited already."""
    if connection.vendor != "postgresql":
        yield False
        return
    other = connections.create_connection("default")
    other.set_autocommit(False)
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TREE_LOCK])
        yield True
    finally:
        other.close()


def test_news_that_came_meanwhile_is_counted_by_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(handlers, "PATIENCE", 1)
    monkeypatch.setattr(handlers, "enqueue", asked.append)
    house = two_branches()
    with clock.set_to(TODAY):
        live_mark()
        with somebody_changes_the_tree() as busy:
            person = applicant(house)
        assert (asked, len(duties(person))) == ((["duties.evaluate"], 0) if busy else ([], 1))
        duties_evaluate()
        assert len(duties(person)) == 1


def test_who_waits_no_longer_is_told_and_the_next_lock_waits_as_ever() -> None:
    with somebody_changes_the_tree() as busy, unit_of_work():
        if busy:
            with pytest.raises(TreeBusyError, match="正在调整"), unit_of_work():
                tree_hold(seconds=1)
    with unit_of_work():
        tree_hold(seconds=1)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SHOW lock_timeout")
                assert cursor.fetchone() == ("0",)


def test_many_may_hold_the_tree_at_once() -> None:
    with unit_of_work():
        tree_hold(seconds=1)
        if connection.vendor == "postgresql":
            other = connections.create_connection("default")
            with other.cursor() as cursor:
                cursor.execute(f"SELECT pg_try_advisory_xact_lock_shared({TREE_LOCK})")
                assert cursor.fetchone() == (True,)
                cursor.execute(f"SELECT pg_try_advisory_xact_lock({TREE_LOCK})")
                assert cursor.fetchone() == (False,)
            other.close()
