import asyncio
import json
from collections.abc import Callable, Coroutine
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from channels.layers import get_channel_layer
from channels.routing import URLRouter
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection

from liaoyuan.desk.insights import consumers
from liaoyuan.desk.insights.consumers import MapConsumer
from liaoyuan.desk.insights.routing import websocket_urlpatterns
from liaoyuan.desk.insights.selectors.cells import map_answer
from liaoyuan.desk.insights.selectors.reach import Filters
from liaoyuan.foundation.accounts import browser_session
from liaoyuan.foundation.accounts.models import User
from liaoyuan.foundation.accounts.services.sessions import socket_group
from liaoyuan.kernel.realtime import Listener
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.tests.factories import House
from liaoyuan.organisation.units.models import Grant, Site
from liaoyuan.organisation.units.services import site_update

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _fresh() -> Any:
    MapConsumer.open_sockets.clear()
    get_channel_layer().groups.clear()  # type: ignore[union-attr]  # in-memory here
    yield
    assert not MapConsumer.open_sockets  # every test leaves as it came


def close_here() -> None:
    """Inside the event loop Django opens connections of its own; PostgreSQL's must not be left to the collector."""
    if connection.vendor == "postgresql":
        connection.close()


def run(scene: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Play ``scene`` in an event loop."""

    async def whole() -> None:
        try:
            await scene()
        finally:
            close_here()

    asyncio.run(whole())


@pytest.fixture
def same_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite's test database belongs to one thread: look at the rights in it."""

    def direct(function: Any) -> Any:
        async def call(*args: Any) -> Any:
            try:
                return function(*args)
            finally:
                close_here()

        return call

    monkeypatch.setattr(consumers, "database_sync_to_async", direct)
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def session_of(house: House, persona: str) -> SessionStore:
    user = house.users[persona]
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "liaoyuan.foundation.accounts.backends.AccountBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    browser_session.start(session)
    session[browser_session.TOTP] = True
    session.save()
    return session


class Line(ApplicationCommunicator):
    """A socket of a persona. (channels.testing needs daphne, which the product does not.)"""

    def __init__(self, house: House, persona: str) -> None:
        scope = {
            "type": "websocket",
            "path": "",
            "headers": [],
            "subprotocols": [],
            "client": ("127.0.0.1", 1),
            "session": session_of(house, persona) if persona else None,
        }
        super().__init__(URLRouter(websocket_urlpatterns), scope)
        self.scope = scope

    async def open(self) -> int | None:
        """None where it stays open, else the code it was closed with."""
        await self.send_input({"type": "websocket.connect"})
        assert (await self.receive_output(timeout=2))["type"] == "websocket.accept"
        if await self.receive_nothing(timeout=0.05):
            return None
        return (await self.receive_output())["code"]

    async def read(self, timeout: float = 1) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((await self.receive_output(timeout=timeout))["text"])
        return found

    async def say(self, text: str) -> None:
        await self.send_input({"type": "websocket.receive", "text": text})

    async def leave(self) -> None:
        await self.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wait()


async def change(*paths: str) -> None:
    await get_channel_layer().group_send("map", {"type": "map.changed", "paths": list(paths)})  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("persona", "code"), [("", 4401), ("system_admin", 4403), ("audit_admin", 4403), ("battalion_secretary", None)]
)
def test_who_may_listen(house: House, same_thread: None, persona: str, code: int | None):
    async def scene() -> None:
        line = Line(house, persona)
        assert await line.open() == code
        await line.leave()

    run(scene)


def test_only_changes_in_reach_are_told_and_nothing_but_a_hint(house: House, same_thread: None):
    async def scene() -> None:
        line = Line(house, "battalion_secretary")
        await line.open()
        await change(house.battalion_b.path)
        await change(house.group_b.path)
        assert await line.receive_nothing(timeout=0.1)
        await change(house.group_a.path)
        message = await line.read()
        assert set(message) == {"type", "at"}
        assert message["type"] == "changed"
        await line.leave()

    run(scene)


def test_a_burst_becomes_two_hints_a_second_and_the_last_is_not_lost(house: House, same_thread: None):
    async def scene() -> None:
        line = Line(house, "organisation_clerk")
        await line.open()
        heard = []
        loop = asyncio.get_running_loop()
        began = loop.time()
        for _ in range(60):
            await change(house.group_a.path)
            await asyncio.sleep(0.02)
        while not await line.receive_nothing(timeout=0.7):
            await line.read()
            heard.append(loop.time() - began)
        assert 3 <= len(heard) <= 5
        await line.leave()

    run(scene)


def test_an_ended_session_closes_the_line(house: House, same_thread: None):
    async def scene() -> None:
        line = Line(house, "battalion_secretary")
        await line.open()
        line.scope["session"].delete()
        group = socket_group(house.users["battalion_secretary"].pk)
        await get_channel_layer().group_send(group, {"type": "session.ended"})  # type: ignore[union-attr]
        assert (await line.receive_output(timeout=1))["code"] == 4401
        await line.leave()

    run(scene)
    assert Session.objects.count() == 0


def test_another_session_of_the_account_that_ends_does_not(house: House, same_thread: None):
    async def scene() -> None:
        line = Line(house, "battalion_secretary")
        await line.open()
        group = socket_group(house.users["battalion_secretary"].pk)
        await get_channel_layer().group_send(group, {"type": "session.ended"})  # type: ignore[union-attr]
        assert await line.receive_nothing(timeout=0.1)
        await line.leave()

    run(scene)


def test_a_role_that_ends_takes_its_map_with_it(house: House, same_thread: None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(consumers, "RECHECK", 0.1)

    async def scene() -> None:
        line = Line(house, "organisation_clerk")
        await line.open()
        await asyncio.sleep(0.15)
        user = house.users["organisation_clerk"]
        Grant.objects.filter(user=user).delete()
        User.objects.filter(pk=user.pk).update(is_active=False)
        assert (await line.receive_output(timeout=1))["code"] == 4401
        await line.leave()

    run(scene)


def test_open_lines_of_one_account_are_bounded(house: House, same_thread: None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(consumers, "MAX_PER_USER", 2)

    async def scene() -> None:
        lines = [Line(house, "battalion_secretary") for _ in range(3)]
        assert [await line.open() for line in lines] == [None, None, 4429]
        other = Line(house, "organisation_clerk")
        assert await other.open() is None
        for line in (*lines, other):
            await line.leave()

    run(scene)


def test_a_page_that_talks_is_cut_off(house: House, same_thread: None):
    async def scene() -> None:
        line = Line(house, "battalion_secretary")
        await line.open()
        await line.say("not json")  # ignored
        assert await line.receive_nothing(timeout=0.05)
        await line.say("x" * 2000)
        assert (await line.receive_output(timeout=1))["code"] == 4400
        await line.leave()

    run(scene)


def test_leaving_leaves_the_groups(house: House, same_thread: None):
    async def scene() -> None:
        line = Line(house, "battalion_secretary")
        await line.open()
        assert get_channel_layer().groups["map"]  # type: ignore[union-attr]
        await line.leave()
        assert not get_channel_layer().groups.get("map")  # type: ignore[union-attr]

    run(scene)


@pytest.mark.parametrize("values", [{"lon": 101.5, "lat": 37.3}, {"name": "西北二号点"}])
def test_a_place_set_right_reaches_open_maps_within_a_second(
    house: House, same_thread: None, settings: Any, tmp_path: Path, values: dict[str, Any]
):
    """From the service through the instance's own line to the page's socket; side b's page shows the place anew."""
    settings.REALTIME_DIR = tmp_path / "realtime"
    camp = Site.objects.get(name="西北驻训点")
    filters = Filters()

    async def scene() -> None:
        listener = Listener(settings.REALTIME_DIR)
        listener.start()
        line = Line(house, "battalion_secretary_b")
        await line.open()
        site_update(
            actor=Actor.system("测试"), site=camp, **{"name": camp.name, "lon": camp.lon, "lat": camp.lat, **values}
        )
        assert (await line.read(timeout=1))["type"] == "changed"
        cells = map_answer(house.actor("battalion_secretary_b"), filters, zoom=8).cells
        close_here()
        (found,) = [cell for cell in cells if cell[10] == values.get("name", "西北驻训点")]
        assert tuple(found[:2]) == (values.get("lon", 100.45), values.get("lat", 38.93))
        await line.leave()
        await listener.stop()

    run(scene)
