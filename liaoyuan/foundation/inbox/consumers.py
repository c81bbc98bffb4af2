"""The bell's websocket: how many unread items there are, at once and whenever that may have changed."""

import asyncio
import contextlib
from collections import Counter
from typing import Any, ClassVar
from uuid import UUID

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer

from liaoyuan.foundation.accounts.services.sessions import socket_group
from liaoyuan.foundation.accounts.socket_auth import user_for_scope
from liaoyuan.foundation.inbox.selectors.items import unread_count
from liaoyuan.foundation.inbox.services.hints import EVERYBODY, own_group

NOT_LOGGED_IN, TOO_MANY, TOO_TALKATIVE = 4401, 4429, 4400  # a page that reads one of these does not come back
MIN_GAP = 1.0  # seconds between two numbers to one page
RECHECK = 120.0  # seconds between looks at the session
MAX_PER_USER = 20  # open pages of one account in this process
MAX_RECEIVED = 20


class InboxConsumer(AsyncJsonWebsocketConsumer):
    """One open page."""

    open_sockets: ClassVar[Counter[UUID]] = Counter()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user_id: UUID | None = None
        self.counted = False
        self.joined: list[str] = []
        self.recheck: asyncio.Task[None] | None = None
        self.pending: asyncio.Task[None] | None = None
        self.sent_at = 0.0
        self.received = 0

    async def connect(self) -> None:
        """Let in who is logged in, and say the number. The origin was checked before (config.asgi)."""
        await self.accept()
        self.user_id = await self._who()
        if self.user_id is None:
            await self.close(NOT_LOGGED_IN)
            return
        if self.open_sockets[self.user_id] >= MAX_PER_USER:
            await self.close(TOO_MANY)
            return
        self.open_sockets[self.user_id] += 1
        self.counted = True
        for group in (own_group(self.user_id), EVERYBODY, socket_group(self.user_id)):
            await self.channel_layer.group_add(group, self.channel_name)
            self.joined.append(group)
        await self._tell()
        self.recheck = asyncio.create_task(self._watch())

    async def disconnect(self, code: int) -> None:
        """Leave everything as it was before."""
        for task in (self.recheck, self.pending):
            if task is not None and task is not asyncio.current_task():
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
        for group in self.joined:
            await self.channel_layer.group_discard(group, self.channel_name)
        if self.counted and self.user_id is not None:
            self.counted = False
            self.open_sockets[self.user_id] -= 1
            if self.open_sockets[self.user_id] <= 0:
                del self.open_sockets[self.user_id]

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None, **kwargs: Any) -> None:
        """Pages have nothing to say; one that goes on saying it is cut off."""
        self.received += 1
        if self.received > MAX_RECEIVED or len(text_data or bytes_data or "") > 1024:
            await self.close(TOO_TALKATIVE)

    async def inbox_changed(self, event: dict[str, Any]) -> None:
        """Something came or went. Hints that come fast are made one; the last is never swallowed."""
        users = event.get("users")
        if users is not None and str(self.user_id) not in users:
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
        number = await database_sync_to_async(unread_count)(self.user_id)
        await self.send_json({"type": "unread", "count": number})

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(RECHECK)
            await self._check()

    async def _check(self) -> None:
        if await self._who() != self.user_id:
            await self.close(NOT_LOGGED_IN)

    async def _who(self) -> UUID | None:
        user = await database_sync_to_async(user_for_scope)(self.scope)
        return None if user is None else user.pk
