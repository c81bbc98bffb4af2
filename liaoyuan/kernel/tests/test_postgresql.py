"""A kept connection is used as long as the server keeps it, and replaced when it does not; without asking."""

from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

pytestmark = pytest.mark.django_db(transaction=True)
POSTGRESQL = connection.vendor == "postgresql"


def asked(sql: str, which: Any = connection) -> Any:
    with which.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def a_request_begins() -> None:
    connection.close_if_unusable_or_obsolete()
    connection.health_check_done = False


def test_a_living_connection_is_used_again_without_a_question():
    a_request_begins()
    before = asked("SELECT pg_backend_pid()") if POSTGRESQL else 1
    a_request_begins()
    with CaptureQueriesContext(connection) as captured:
        assert connection.is_usable()
    assert captured.captured_queries == []
    assert before == (asked("SELECT pg_backend_pid()") if POSTGRESQL else 1)


def test_one_that_the_server_ended_is_replaced():
    if not POSTGRESQL:
        assert connection.is_usable()  # a file does not hang up
        return
    a_request_begins()
    before = asked("SELECT pg_backend_pid()")
    other = connections.create_connection("default")
    try:
        assert asked(f"SELECT pg_terminate_backend({int(before)}, 5000)", other)
    finally:
        other.close()
    assert not connection.is_usable()
    a_request_begins()
    assert asked("SELECT pg_backend_pid()") != before


def test_news_from_the_server_is_no_end():
    if not POSTGRESQL:
        assert connection.is_usable()
        return
    asked("SELECT 1")
    with connection.cursor() as cursor:
        cursor.execute("LISTEN something")
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("NOTIFY something")
        before = asked("SELECT pg_backend_pid()")
        assert connection.is_usable()
        assert asked("SELECT pg_backend_pid()") == before
    finally:
        other.close()
        with connection.cursor() as cursor:
            cursor.execute("UNLISTEN something")


def test_after_an_error_the_server_is_asked(monkeypatch: pytest.MonkeyPatch):
    connection.ensure_connection()
    monkeypatch.setattr(connection, "errors_occurred", True)
    assert connection.is_usable()


def test_a_closed_one_is_not_usable():
    connection.ensure_connection()
    if POSTGRESQL:
        connection.connection.close()
        assert not connection.is_usable()
    connection.close()
    if POSTGRESQL:
        assert not connection.is_usable()
