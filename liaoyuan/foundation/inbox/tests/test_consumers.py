import asyncio
import json
from collections.abc import Callable, Coroutine
from importlib import import_module
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from channels.layers import get_channel_layer
from channels.routing import URLRouter
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import connection

from liaoyuan.foundation.accounts import browser_session
from liaoyuan.foundation.accounts.models import User
from liaoyuan.foundation.accounts.services.sessions import socket_group
from liaoyuan.foundation.inbox import consumers
from liaoyuan.foundation.inbox.consumers import InboxConsumer
from liaoyuan.foundation.inbox.routing import websocket_urlpatterns
from liaoyuan.foundation.inbox.services.hints import EVERYBODY, own_group
from liaoyuan.foundation.inbox.tests.factories import new, pair, put

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> Any:
    """SQLite's test database belongs to one thread: count and look in it. Every test leaves as it came."""

    def direct(function: Any) -> Any:
        async def call(*args: Any) -> Any:
            try:
                return function(*args)
            finally:
                close_here()

        return call

    monkeypatch.setattr(consumers, "database_sync_to_async", direct)
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    InboxConsumer.open_sockets.clear()
    get_channel_layer().groups.clear()  # type: ignore[union-attr]  # in-memory here
    yield
    assert not InboxConsumer.open_sockets


def close_here() -> None:
    """Inside the event loop Django opens connections of its own; PostgreSQL's must not be left to the collector."""
    if connection.vendor == "postgresql":
        connection.close()


def run(scene: Callable[[], Coroutine[Any, Any, None]]) -> None:
    async def whole() -> None:
        try:
            await scene()
        finally:
            close_here()

    asyncio.run(whole())


def session_of(user: User) -> Any:
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "liaoyuan.foundation.accounts.backends.AccountBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    browser_session.start(session)
    session.save()
    return session


class Line(ApplicationCommunicator):
    """A page's socket."""

    def __init__(self, user: User | None) -> None:
        scope = {
            "type": "websocket",
            "path": "",
            "headers": [],
            "subprotocols": [],
            "client": ("127.0.0.1", 1),
            "session": session_of(user) if user else None,
        }
        super().__init__(URLRouter(websocket_urlpatterns), scope)

    async def open(self) -> int:
        """The number said at once; minus the code where it was closed."""
        await self.send_input({"type": "websocket.connect"})
        assert (await self.receive_output(timeout=2))["type"] == "websocket.accept"
        answer = await self.receive_output(timeout=2)
        return -int(answer["code"]) if answer["type"] == "websocket.close" else int(json.loads(answer["text"])["count"])

    async def count(self) -> int:
        return int(json.loads((await self.receive_output(timeout=3))["text"])["count"])

    async def leave(self) -> None:
        await self.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wait()


async def hint(group: str, **more: Any) -> None:
    await get_channel_layer().group_send(group, {"type": "inbox.changed", **more})  # type: ignore[union-attr]


def test_a_page_is_told_the_number_at_once_and_at_every_change():
    one, other = pair()
    put(new(one), new(one, key="2"), new(other))

    async def scene() -> None:
        line, beside = Line(one), Line(other)
        assert (await line.open(), await beside.open()) == (2, 1)
        put(new(one, key="3"))
        await hint(own_group(one.pk))
        assert await line.count() == 3
        assert await beside.receive_nothing(timeout=0.1)
        await hint(EVERYBODY, users=[str(other.pk)])
        assert await beside.count() == 1
        assert await line.receive_nothing(timeout=0.1)
        await line.leave()
        await beside.leave()

    run(scene)


def test_hints_in_a_burst_become_one_number_the_last_one():
    one, _other = pair()

    async def scene() -> None:
        line = Line(one)
        assert await line.open() == 0
        for number in range(20):
            put(new(one, key=str(number)))
            await hint(own_group(one.pk))
        assert await line.count() == 20
        assert await line.receive_nothing(timeout=1.3)
        await line.leave()

    run(scene)


def test_a_visitor_and_an_ended_session_are_turned_away():
    one, _other = pair()

    async def scene() -> None:
        assert await Line(None).open() == -4401
        line = Line(one)
        assert await line.open() == 0
        Session.objects.all().delete()
        await get_channel_layer().group_send(socket_group(one.pk), {"type": "session.ended"})  # type: ignore[union-attr]
        assert (await line.receive_output(timeout=2))["code"] == 4401
        await line.leave()

    run(scene)


def test_too_many_pages_and_pages_that_talk_are_cut_off(monkeypatch: pytest.MonkeyPatch):
    one, _other = pair()
    monkeypatch.setattr(consumers, "MAX_PER_USER", 1)

    async def scene() -> None:
        line, second = Line(one), Line(one)
        assert await line.open() == 0
        assert await second.open() == -4429
        await second.leave()
        await line.send_input({"type": "websocket.receive", "text": "x" * 2000})
        assert (await line.receive_output(timeout=2))["code"] == 4400
        await line.leave()

    run(scene)
