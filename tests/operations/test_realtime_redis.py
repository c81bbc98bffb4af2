"""Messages between processes over a real Redis: across them, through its restart, while it hangs."""

import asyncio
import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
import redis
from channels.layers import channel_layers
from django.db import connections, transaction
from django.test import override_settings

from liaoyuan.config.settings.realtime import redis_layer
from liaoyuan.kernel import realtime

REDIS = os.environ.get("TEST_REDIS_URL", "") or "redis://127.0.0.1:6379/15"
PUBLISH = """
import django, json, sys
django.setup()
from liaoyuan.kernel import realtime
for line in sys.stdin:
    realtime.publish(*json.loads(line)[0], **json.loads(line)[1])
    print("sent", flush=True)
"""


def group() -> str:
    """A group of this test's own: others may use the same Redis."""
    return f"test-{time.time_ns()}"


def play(scene: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(asyncio.wait_for(scene(), 60))


@contextlib.contextmanager
def over(url: str) -> Iterator[None]:
    """This process as one of an instance that uses the Redis at ``url``."""
    from django.conf import settings

    options = settings.LIAOYUAN.model_copy(update={"redis_url": url})
    with override_settings(LIAOYUAN=options, CHANNEL_LAYERS={"default": redis_layer(url)}):
        yield


@asynccontextmanager
async def joined(name: str) -> AsyncIterator[Callable[[float], Coroutine[Any, Any, dict[str, Any] | None]]]:
    """A page's socket in a group: a function that reads the next message, None where none comes in so many seconds."""
    layer = channel_layers.make_backend("default")
    channel = await layer.new_channel()
    await layer.group_add(name, channel)

    async def read(seconds: float) -> dict[str, Any] | None:
        task = reading.pop() if reading else asyncio.create_task(layer.receive(channel))
        done, _ = await asyncio.wait([task], timeout=seconds)
        if not done:
            reading.append(task)  # cancelling would leave the channel
            return None
        found: dict[str, Any] = task.result()
        return found

    reading: list[asyncio.Task[Any]] = []
    try:
        yield read
    finally:
        for task in reading:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        await layer.flush()


class Proxy:
    """A way to the Redis that can be cut and opened again, as its restart looks from here: lines die, nobody answers
    for a while, and whoever comes back is known to nobody (pub/sub keeps nothing). ``mute``: it takes what is said and
    never answers, as a machine that hangs."""

    def __init__(self) -> None:
        parts = urlsplit(REDIS)
        self.behind = (parts.hostname or "127.0.0.1", parts.port or 6379)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        named = f"{parts.username or ''}:{parts.password}@" if parts.password else ""
        self.url = urlunsplit(parts._replace(netloc=f"{named}127.0.0.1:{self.port}"))
        self.server: asyncio.Server | None = None
        self.lines: set[asyncio.StreamWriter] = set()
        self.tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        self.server = await asyncio.start_server(self._line, "127.0.0.1", self.port)

    async def cut(self) -> None:
        assert self.server is not None
        self.server.close()
        for writer in self.lines:
            writer.transport.abort()
        for task in list(self.tasks):
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await asyncio.sleep(0)

    async def _line(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.tasks.add(task)
        back, forth = await asyncio.open_connection(*self.behind)
        self.lines |= {writer, forth}
        try:
            await asyncio.gather(self._pump(reader, forth), self._pump(back, writer))
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            for one in (writer, forth):
                one.transport.abort()
                self.lines.discard(one)
            self.tasks.discard(task)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        writer.transport.abort()


@contextlib.contextmanager
def publisher(home: Path, url: str) -> Iterator[Callable[..., None]]:
    """Another process of the instance: a function that lets it publish."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "liaoyuan.config.settings", "LIAOYUAN_HOME": str(home)}
    environment |= {"REDIS_URL": url, "DATABASE_URL": ""}
    with subprocess.Popen(
        [sys.executable, "-c", PUBLISH], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None

        def send(name: str, kind: str, **payload: Any) -> None:
            process.stdin.write(json.dumps([[name, kind], payload]) + "\n")  # type: ignore[union-attr]
            process.stdin.flush()  # type: ignore[union-attr]
            assert process.stdout.readline() == "sent\n"  # type: ignore[union-attr]

        yield send
        process.stdin.close()
        assert process.wait(20) == 0


def test_what_one_process_publishes_arrives_in_another(tmp_path: Path):
    name = group()

    async def scene() -> None:
        async with joined(name) as read:
            for number in range(3):
                await asyncio.to_thread(send, name, "map.changed", paths=["0001", str(number)])
            begun = time.monotonic()
            heard = [await read(5) for _ in range(3)]
            assert time.monotonic() - begun < 1
        assert heard == [{"type": "map.changed", "paths": ["0001", str(number)]} for number in range(3)]

    with over(REDIS), publisher(tmp_path, REDIS) as send:
        play(scene)


@pytest.mark.django_db(transaction=True)
def test_nothing_leaves_before_the_commit():
    name = group()

    def verbs() -> None:
        try:
            with transaction.atomic(), redis.Redis.from_url(REDIS) as server:
                realtime.publish(name, "map.changed", paths=["1"])
                with contextlib.suppress(ZeroDivisionError), transaction.atomic():
                    realtime.publish(name, "map.changed", paths=["undone"])
                    raise ZeroDivisionError
                assert server.ping()  # it is there meanwhile
        finally:
            connections.close_all()

    async def scene() -> None:
        async with joined(name) as read:
            await asyncio.to_thread(verbs)
            assert await read(5) == {"type": "map.changed", "paths": ["1"]}
            assert await read(0.3) is None

    with over(REDIS):
        play(scene)


def test_open_pages_hear_again_after_a_restart_of_redis():
    """What is said meanwhile is lost: the page asks anew by the minute (insights-map, EVERY)."""
    name, proxy = group(), Proxy()

    async def scene() -> None:
        await proxy.open()
        async with joined(name) as read:
            await asyncio.to_thread(realtime._send, name, {"type": "a"}, b"")
            assert await read(5) == {"type": "a"}
            await proxy.cut()
            await asyncio.to_thread(realtime._send, name, {"type": "lost"}, b"")
            assert await read(0.5) is None
            await proxy.open()
            heard, end = None, time.monotonic() + 15
            while heard is None and time.monotonic() < end:
                await asyncio.to_thread(realtime._send, name, {"type": "b"}, b"")
                heard = await read(0.5)
            assert heard == {"type": "b"}
        await proxy.cut()

    with over(proxy.url):
        play(scene)


@pytest.mark.parametrize("state", ["gone", "hangs"])
def test_a_verb_neither_fails_nor_waits_for_a_redis_that_is_gone_or_hangs(state: str, caplog: pytest.LogCaptureFixture):
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        if state == "hangs":
            mute.listen(8)  # takes the line and never answers
        begun = time.monotonic()
        with over(f"redis://127.0.0.1:{mute.getsockname()[1]}/0"):
            for _ in range(5):
                realtime._send("map", {"type": "map.changed"}, b"")
    assert time.monotonic() - begun < 3
    assert "没有发出" in caplog.text
    realtime._hung.clear()


def test_publishing_leaves_no_line_open():
    name, server = group(), redis.Redis.from_url(REDIS)
    with over(REDIS):
        realtime._send(name, {"type": "a"}, b"")
        before = len(server.client_list())
        for _ in range(30):
            realtime._send(name, {"type": "a"}, b"")
        assert len(server.client_list()) <= before + 5  # others may come and go
    server.close()


def test_two_instances_on_one_redis_do_not_hear_each_other():
    """Each has a database number of its own, which pub/sub does not look at."""
    name, parts = group(), urlsplit(REDIS)
    number = int(parts.path.strip("/") or 0)
    beside = urlunsplit(parts._replace(path=f"/{(number + 1) % 16}"))

    async def scene() -> None:
        async with joined(name) as read:
            await asyncio.to_thread(send_beside)
            assert await read(0.5) is None
            await asyncio.to_thread(realtime._send, name, {"type": "ours"}, b"")
            assert await read(5) == {"type": "ours"}

    def send_beside() -> None:
        from asgiref.sync import async_to_sync

        async_to_sync(other.group_send)(name, {"type": "theirs"})

    with over(beside):
        other = channel_layers.make_backend("default")
    with over(REDIS):
        play(scene)
