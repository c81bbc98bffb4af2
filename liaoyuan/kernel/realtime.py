"""Messages to open pages: ``publish(group, message)`` from anywhere, websocket consumers join groups.

With Redis, Channels carries them. On one box without Redis each web process binds a Unix datagram socket in the
instance's run folder, and every process (web, worker, scheduler, CLI) sends to all of them: no broker, no table, and a
dead socket is removed by whoever meets it (ADR 0007). Messages are hints to look again; a lost one costs freshness,
never data.
"""

import asyncio
import contextlib
import json
import os
import socket
from pathlib import Path
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import transaction

MAX_BYTES = 60_000


def publish(group: str, kind: str, **payload: Any) -> None:
    """After the commit, send ``{"type": kind, …payload}`` to every socket in ``group``."""
    transaction.on_commit(lambda: _send(group, {"type": kind, **payload}))


def _send(group: str, message: dict[str, Any]) -> None:
    if settings.LIAOYUAN.redis_url:
        async_to_sync(get_channel_layer().group_send)(group, message)
        return
    data = json.dumps([group, message]).encode()
    if len(data) > MAX_BYTES:
        raise ValueError("a realtime message must be a small hint, not the data itself")
    folder = Path(settings.REALTIME_DIR)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
        out.setblocking(False)
        for path in folder.glob("*.sock") if folder.is_dir() else ():
            try:
                out.sendto(data, str(path))
            except ConnectionRefusedError:
                path.unlink(missing_ok=True)  # its process is gone
            except (BlockingIOError, FileNotFoundError):
                continue  # a full buffer or a closing process: the page catches up at its next look


class RealtimeLifespan:
    """ASGI wrapper: listens on this process's socket for as long as the server runs."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer the lifespan protocol; pass everything else on."""
        if scope["type"] != "lifespan":
            await self.app(scope, receive, send)
            return
        listener: _Listener | None = None
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                if not settings.LIAOYUAN.redis_url:
                    listener = _Listener(Path(settings.REALTIME_DIR))
                    listener.start()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                if listener is not None:
                    listener.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return


class _Listener:
    """Reads datagrams and hands them to the in-memory layer of this process."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path = folder / f"{os.getpid()}.sock"
        self.task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self.path.unlink(missing_ok=True)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.socket.bind(str(self.path))
        self.socket.setblocking(False)
        self.task = asyncio.get_running_loop().create_task(self._read())

    async def _read(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            data = await loop.sock_recv(self.socket, 1 << 16)
            with contextlib.suppress(ValueError, KeyError):
                group, message = json.loads(data)
                await get_channel_layer().group_send(group, message)

    def stop(self) -> None:
        if self.task is not None:
            self.task.cancel()
        self.socket.close()
        self.path.unlink(missing_ok=True)
