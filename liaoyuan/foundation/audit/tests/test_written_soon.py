"""What a unit writes with the audit chain's journey is written, or undone, with the unit (kernel.db.execute_soon)."""

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.foundation.audit.services import record
from liaoyuan.kernel.db import execute_soon, unit_of_work
from liaoyuan.kernel.scoping import Actor

pytestmark = pytest.mark.django_db(transaction=True)
ACTOR = Actor.system("测试")
NEW = "INSERT INTO django_session (session_key, session_data, expire_date) VALUES (%s, %s, %s)"
AGAIN = "UPDATE django_session SET session_data = %s WHERE session_key = %s"


def put(key: str, said: str = "a") -> tuple[str, list[str]]:
    return NEW, [key, said, "2030-01-01 00:00:00+00:00"]


def kept() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_key, session_data FROM django_session")
        return dict(cursor.fetchall())


@pytest.mark.parametrize("audited", [True, False])
def test_it_is_written_in_order_at_the_latest_at_the_end(audited: bool) -> None:
    with unit_of_work():
        execute_soon(put("one"))
        if audited:
            record(ACTOR, "accounts.login")
        execute_soon((AGAIN, ["b", "one"]), put("two"))
    assert kept() == {"one": "b", "two": "a"}
    assert AuditEntry.objects.count() == audited


def test_outside_of_a_unit_it_is_written_at_once() -> None:
    execute_soon(put("one"))
    assert kept() == {"one": "a"}


def undone(key: str) -> None:
    """A unit that writes and then fails."""
    with unit_of_work():
        record(ACTOR, "accounts.login")
        execute_soon(put(key))
        raise ZeroDivisionError


def test_what_is_undone_is_not_written() -> None:
    with unit_of_work():
        execute_soon(put("one"))
        with pytest.raises(ZeroDivisionError):
            undone("two")
    with pytest.raises(ZeroDivisionError):
        undone("three")
    with unit_of_work():
        record(ACTOR, "accounts.logout")
    assert kept() == {"one": "a"}
    assert list(AuditEntry.objects.values_list("action", flat=True)) == ["accounts.logout"]


def twice(key: str) -> None:
    """A unit that writes what is there already."""
    with unit_of_work():
        record(ACTOR, "accounts.login")
        execute_soon(put(key))


def test_what_is_refused_undoes_the_unit() -> None:
    twice("one")
    with pytest.raises(DatabaseError):
        twice("one")
    assert AuditEntry.objects.count() == 1
    twice("two")
    assert AuditEntry.objects.count() == 2


def test_on_postgresql_it_takes_no_journey_of_its_own() -> None:
    def journeys(*more: tuple[str, list[str]]) -> int:
        with CaptureQueriesContext(connection) as asked, unit_of_work():
            execute_soon(*more)
            record(ACTOR, "accounts.login")
        return len(asked)

    journeys()  # the chain's first row costs more
    more = 0 if connection.vendor == "postgresql" else 2
    assert journeys(put("one"), put("two")) == journeys() + more
