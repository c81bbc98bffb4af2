"""Messages between real processes over the Unix sockets of one home."""

import json
import os
import queue
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from liaoyuan.kernel import realtime

# A web process as far as realtime is concerned: the lifespan wrapper around nothing, and one socket in a group.
LISTENER = textwrap.dedent(
    """
    import asyncio, json, sys, time
    from django.conf import settings
    settings.REALTIME_DIR = sys.argv[1]
    from channels.layers import get_channel_layer
    from liaoyuan.kernel.realtime import RealtimeLifespan

    async def main():
        inbox, outbox = asyncio.Queue(), asyncio.Queue()
        app = asyncio.create_task(RealtimeLifespan(None)({"type": "lifespan"}, inbox.get, outbox.put))
        await inbox.put({"type": "lifespan.startup"})
        await outbox.get()
        layer = get_channel_layer()
        channel = await layer.new_channel()
        await layer.group_add("map", channel)
        print("ready", flush=True)
        while True:
            message = await layer.receive(channel)
            if message["type"] == "stop":
                break
            print(json.dumps([time.time(), message]), flush=True)
        await inbox.put({"type": "lifespan.shutdown"})
        await outbox.get()
        await app

    runner = sys.argv[2]
    if runner == "uvloop":
        import uvloop
        uvloop.run(main())
    else:
        asyncio.run(main())
    """
)


class Web:
    """One listening process."""

    def __init__(self, folder: Path, loop: str = "asyncio") -> None:
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "liaoyuan.config.settings"}
        self.process = subprocess.Popen(  # noqa: S603  our own interpreter and text
            [sys.executable, "-c", LISTENER, str(folder), loop], stdout=subprocess.PIPE, text=True, env=environment
        )
        self.lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        assert self.line(30) == "ready"

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as stream:
            for line in stream:
                self.lines.put(line.strip())

    def line(self, wait: float = 5) -> str:
        return self.lines.get(timeout=wait)

    def message(self) -> tuple[float, dict[str, Any]]:
        at, message = json.loads(self.line())
        return at, message

    def silent(self, wait: float = 0.2) -> bool:
        time.sleep(wait)
        return self.lines.empty()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.REALTIME_DIR = tmp_path / "run"
    return tmp_path / "run"


@pytest.fixture
def webs(folder: Path) -> Iterator[list[Web]]:
    found = [Web(folder), Web(folder, "uvloop")]
    yield found
    for web in found:
        web.kill()


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader on a busy machine is not taken for one that hangs."""
    monkeypatch.setattr(realtime, "SEND_WAIT", 4.0)
    monkeypatch.setattr(realtime, "HUNG_FOR", 600.0)


@pytest.mark.django_db(transaction=True)
def test_every_process_hears_everything_in_order(webs: list[Web], patient: None):
    for number in range(50):
        realtime.publish("map", "map.changed", number=number)
    for web in webs:
        heard = [web.message() for _ in range(50)]
        assert [message["number"] for _, message in heard] == list(range(50))
    realtime.publish("other", "map.changed", number=1)
    assert all(web.silent() for web in webs)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sent_before_the_commit_or_after_a_rollback(webs: list[Web]):
    with transaction.atomic():
        realtime.publish("map", "map.changed", number=1)
        assert webs[0].silent()
    assert webs[0].message()[1]["number"] == 1
    with transaction.atomic():
        realtime.publish("map", "map.changed", number=2)
        transaction.set_rollback(True)
    assert webs[0].silent()


@pytest.mark.django_db(transaction=True)
def test_a_killed_process_is_swept_and_the_others_still_hear(webs: list[Web], folder: Path):
    webs[0].kill()
    assert len(list(folder.glob("*.sock"))) == 2
    realtime.publish("map", "map.changed", number=1)
    assert webs[1].message()[1]["number"] == 1
    assert len(list(folder.glob("*.sock"))) == 1


@pytest.mark.django_db(transaction=True)
def test_one_unreadable_message_does_not_end_the_line(webs: list[Web], folder: Path):
    (path, *_) = folder.glob("*.sock")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
        for data in (b"\xff", b"5", b"{}", b'["bad group!", {"type": "x"}]', b'["map", 5]'):
            with realtime._short(folder) as short:
                out.sendto(data, f"{short}/{path.name}")
    realtime.publish("map", "map.changed", number=1)
    last = [web.message()[1] for web in webs]
    assert last == [{"type": "map.changed", "number": 1}] * 2


@pytest.mark.django_db(transaction=True)
def test_stopping_takes_the_socket_away(webs: list[Web], folder: Path):
    realtime.publish("map", "stop")
    for web in webs:
        assert web.process.wait(30) == 0
    assert list(folder.glob("*.sock")) == []


@pytest.mark.django_db(transaction=True)
def test_a_home_too_deep_for_a_socket_address_works(tmp_path: Path, settings: Any):
    settings.REALTIME_DIR = deep = tmp_path / ("d" * 80) / ("e" * 80)
    web = Web(deep)
    try:
        realtime.publish("map", "map.changed", number=1)
        assert web.message()[1]["number"] == 1
    finally:
        web.kill()


@pytest.mark.django_db(transaction=True)
def test_what_is_no_small_hint_is_refused_before_the_commit():
    with pytest.raises(ValueError, match="small hint"):
        realtime.publish("map", "map.changed", paths=["0" * 64] * 2000)


@pytest.mark.django_db(transaction=True)
def test_a_failed_send_never_fails_what_is_committed(monkeypatch: pytest.MonkeyPatch, caplog: Any):
    def broken(*args: Any) -> None:
        raise OSError("no line")

    monkeypatch.setattr(realtime, "_send_here", broken)
    realtime.publish("map", "map.changed")
    assert "没有发出" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_without_any_listener_nothing_happens(folder: Path):
    realtime.publish("map", "map.changed")
    assert not folder.exists()


@pytest.mark.django_db(transaction=True)
def test_a_process_that_does_not_read_delays_the_others_once(webs: list[Web], patient: None):
    webs[0].process.send_signal(signal.SIGSTOP)
    try:
        began = time.monotonic()
        for number in range(40):
            realtime.publish("map", "map.changed", number=number)
        assert time.monotonic() - began < 2 * realtime.SEND_WAIT
        assert [webs[1].message()[1]["number"] for _ in range(40)] == list(range(40))
    finally:
        webs[0].process.send_signal(signal.SIGCONT)
