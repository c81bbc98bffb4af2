"""Messages to open pages: ``publish(group, kind, …)`` from anywhere, websocket consumers join groups.

With Redis, Channels carries them. On one box without Redis each web process binds a Unix datagram socket in the
instance's run folder, and every process (web, worker, scheduler, CLI) sends to all of them: no broker, no table, and a
dead socket is removed by whoever meets it (ADR 0007). Messages of one sender arrive in order. They are hints to look
again; a lost one costs freshness, never data, and publishing never fails a verb that has been committed.
"""

import asyncio
import contextlib
import json
import logging
import os
import secrets
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import transaction

MAX_BYTES = 60_000
# A Unix socket queues few datagrams (10 by Linux's default): a burst waits for the reader instead of losing its end.
SEND_WAIT = 0.05  # seconds for one socket
HUNG_FOR = 5.0  # seconds that a socket whose process does not read, or a Redis that hangs, is passed over
_hung: dict[str, float] = {}
_REDIS = "redis"
_log = logging.getLogger(__name__)


def publish(group: str, kind: str, **payload: Any) -> None:
    """After the commit, send ``{"type": kind, …payload}`` to every socket in ``group``. Raises ValueError at once,
    inside the transaction, where the payload is no small hint (MAX_BYTES as JSON)."""
    message = {"type": kind, **payload}
    data = json.dumps([group, message]).encode()
    if len(data) > MAX_BYTES:
        raise ValueError("a realtime message must be a small hint, not the data itself")
    transaction.on_commit(lambda: _send(group, message, data))


def _send(group: str, message: dict[str, Any], data: bytes) -> None:
    try:
        if settings.LIAOYUAN.redis_url:
            _send_by_redis(group, message)
        else:
            _send_here(Path(settings.REALTIME_DIR), data)
    except Exception:
        _log.exception("实时消息 %s 没有发出；打开的页面要到下次刷新才会更新", message.get("type"))


def _send_by_redis(group: str, message: dict[str, Any]) -> None:
    """A server that hangs is passed over for a while: the next verbs must not wait for it as well."""
    if _hung.get(_REDIS, 0.0) > time.monotonic():
        return
    from redis.exceptions import TimeoutError as RedisTimeoutError  # one box without Redis does not load it

    try:
        async_to_sync(get_channel_layer().group_send)(group, message)
    except RedisTimeoutError:
        _hung[_REDIS] = time.monotonic() + HUNG_FOR
        raise


def _send_here(folder: Path, data: bytes) -> None:
    """One datagram to every socket in ``folder``."""
    sockets = [path.name for path in folder.glob("*.sock")] if folder.is_dir() else []
    if not sockets:
        return
    with _short(folder) as short, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
        out.settimeout(SEND_WAIT)
        for name in sockets:
            if _hung.get(name, 0.0) > time.monotonic():
                continue
            try:
                out.sendto(data, f"{short}/{name}")
                _hung.pop(name, None)
            except ConnectionRefusedError:
                (folder / name).unlink(missing_ok=True)  # its process is gone
            except FileNotFoundError:
                continue  # it is closing
            except TimeoutError:
                _hung[name] = time.monotonic() + HUNG_FOR  # its pages catch up at their next look
            except OSError as error:
                _log.warning("实时消息没有送到 %s：%s", name, error)  # the other processes still get theirs


@contextlib.contextmanager
def _short(folder: Path) -> Iterator[str]:
    """A name of ``folder`` short enough for a socket address (108 bytes), however deep the instance's home lies."""
    if len(os.fsencode(folder)) < 60 or not Path("/proc/self/fd").is_dir():
        yield str(folder)
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{handle}"
    finally:
        os.close(handle)


class RealtimeLifespan:
    """ASGI wrapper: listens on this process's socket for as long as the server runs."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer the lifespan protocol; pass everything else on."""
        if scope["type"] != "lifespan":
            await self.app(scope, receive, send)
            return
        listener: Listener | None = None
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                if not settings.LIAOYUAN.redis_url:
                    listener = Listener(Path(settings.REALTIME_DIR))
                    listener.start()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                if listener is not None:
                    await listener.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return


class Listener:
    """Reads datagrams and hands them to the in-memory layer of this process, in order."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.folder = folder
        # Not the pid alone: containers that share a home may have equal ones, and would take each other's socket.
        self.path = folder / f"{os.getpid()}-{secrets.token_hex(4)}.sock"
        self.task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Bind and read on. Call it inside the server's event loop."""
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        with _short(self.folder) as short:
            self.socket.bind(f"{short}/{self.path.name}")
        self.socket.setblocking(False)
        self.task = asyncio.get_running_loop().create_task(self._read())

    async def _read(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            data = await loop.sock_recv(self.socket, 1 << 16)
            try:
                group, message = json.loads(data)
                await get_channel_layer().group_send(group, message)
            except Exception:  # one unreadable message must not end the line for all that follow
                _log.exception("收到一条无法识别的实时消息")

    async def stop(self) -> None:
        """Stop reading and take the socket away."""
        if self.task is not None:
            self.task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self.task
        self.socket.close()
        self.path.unlink(missing_ok=True)
