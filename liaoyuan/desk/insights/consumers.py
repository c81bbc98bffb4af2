"""The map's websocket: says "look again" when something moved within the viewer's reach, and nothing else."""

import asyncio
import contextlib
from collections import Counter
from typing import Any, ClassVar
from uuid import UUID

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer

from liaoyuan.desk.insights import rules
from liaoyuan.desk.insights.handlers import GROUP
from liaoyuan.desk.insights.policies import Capability, can_see_map
from liaoyuan.foundation.accounts.services.sessions import socket_group
from liaoyuan.foundation.accounts.socket_auth import actor_for_scope
from liaoyuan.kernel import clock
from liaoyuan.kernel.scoping import Actor

NOT_LOGGED_IN, NOT_ALLOWED, TOO_MANY, TOO_TALKATIVE = 4401, 4403, 4429, 4400
MIN_GAP = 0.5  # seconds between two hints to one page: at most two a second
RECHECK = 60.0  # seconds between looks at session and rights
MAX_PER_USER = 12  # open sockets of one account in this process
MAX_RECEIVED = 20  # messages a page may send in its life; it has nothing to say


class MapConsumer(AsyncJsonWebsocketConsumer):
    """One open map. Refusals accept first and close with a code of their own (4xxx), which a page can read and then
    does not come back; a refused handshake would look to it like a cut line."""

    open_sockets: ClassVar[Counter[UUID]] = Counter()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = Actor.nobody()
        self.counted: UUID | None = None
        self.groups_joined: list[str] = []
        self.recheck: asyncio.Task[None] | None = None
        self.pending: asyncio.Task[None] | None = None
        self.sent_at = 0.0
        self.received = 0

    async def connect(self) -> None:
        """Let in who sees a map. The origin was checked before (config.asgi)."""
        await self.accept()
        self.actor = await self._who()
        if code := self._refusal():
            await self.close(code)
            return
        user = self.actor.user_id
        if user is None or self.open_sockets[user] >= MAX_PER_USER:
            await self.close(TOO_MANY)
            return
        self.open_sockets[user] += 1
        self.counted = user
        for group in (GROUP, socket_group(user)):
            await self.channel_layer.group_add(group, self.channel_name)
            self.groups_joined.append(group)
        self.recheck = asyncio.create_task(self._watch())

    async def disconnect(self, code: int) -> None:
        """Leave everything as it was before."""
        for task in (self.recheck, self.pending):
            if task is not None and task is not asyncio.current_task():
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
        for group in self.groups_joined:
            await self.channel_layer.group_discard(group, self.channel_name)
        if self.counted is not None:
            self.open_sockets[self.counted] -= 1
            if self.open_sockets[self.counted] <= 0:
                del self.open_sockets[self.counted]
            self.counted = None

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None, **kwargs: Any) -> None:
        """Pages have nothing to say; one that goes on saying it is cut off."""
        self.received += 1
        if self.received > MAX_RECEIVED or len(text_data or bytes_data or "") > 1024:
            await self.close(TOO_TALKATIVE)

    async def map_changed(self, event: dict[str, Any]) -> None:
        """Somebody moved. Hints that come fast are made one; the last is never swallowed."""
        if not rules.touches(event.get("paths", ()), self.actor.reach(Capability.MAP)):
            return
        if self.pending is not None and not self.pending.done():
            return
        wait = self.sent_at + MIN_GAP - asyncio.get_running_loop().time()
        if wait <= 0:
            await self._tell()
        else:
            self.pending = asyncio.create_task(self._tell_after(wait))

    async def session_ended(self, event: dict[str, Any]) -> None:
        """A session of this account has ended: is it ours?"""
        await self._check()

    async def _tell_after(self, wait: float) -> None:
        await asyncio.sleep(wait)
        await self._tell()

    async def _tell(self) -> None:
        self.sent_at = asyncio.get_running_loop().time()
        await self.send_json({"type": "changed", "at": clock.now().isoformat(timespec="milliseconds")})

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(RECHECK)
            await self._check()

    async def _check(self) -> None:
        """Look at session and rights afresh: a role that ended takes its map with it."""
        self.actor = await self._who()
        if code := self._refusal():
            await self.close(code)

    async def _who(self) -> Actor:
        actor: Actor = await database_sync_to_async(actor_for_scope)(self.scope)
        return actor

    def _refusal(self) -> int:
        if self.actor.user_id is None:
            return NOT_LOGGED_IN
        return 0 if can_see_map(self.actor) else NOT_ALLOWED
