"""Items and people for the inbox's tests: two accounts side by side, and servers that stand for the outside."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from django import forms

from liaoyuan.foundation.accounts.models import User
from liaoyuan.foundation.accounts.tests.factories import UserFactory
from liaoyuan.foundation.inbox import audiences
from liaoyuan.foundation.inbox.audiences import Recipients
from liaoyuan.foundation.inbox.services import NewItem, items_put
from liaoyuan.kernel.errors import NotInScope
from liaoyuan.kernel.scoping import EVERYWHERE, Actor, actor_for

SECRET = "a-secret-of-the-gateway"
SYSTEM = Actor.system("测试")


def actor(user: User, *capabilities: str) -> Actor:
    """``user`` with ``capabilities`` everywhere."""
    base = actor_for(user, via="web")
    return Actor(
        user_id=user.pk, name=user.display_name, grants={**base.grants, **dict.fromkeys(capabilities, EVERYWHERE)}
    )


def new(user: User, key: str = "case:1", title: str = "与李四谈话", **more: Any) -> NewItem:
    return NewItem(user_id=user.pk, key=key, title=title, **more)


def put(*items: NewItem) -> int:
    return items_put(actor=SYSTEM, items=items)


def pair() -> tuple[User, User]:
    return UserFactory(username="jia-1", display_name="甲一"), UserFactory(username="yi-1", display_name="乙一")


@contextmanager
def address_book(members: dict[str, list[User]], *, name: str = "tests.book") -> Iterator[str]:
    """An audience whose choices are the keys of ``members``; "hidden" is out of the actor's reach."""

    def resolve(who: Actor, choice: str) -> Recipients:
        if choice == "hidden":
            raise NotInScope()
        return Recipients([user.pk for user in members[choice]], choice)

    before = dict(audiences._audiences)
    audiences._audiences.clear()
    audiences.register_audience(
        name,
        "测试范围",
        field=lambda who: forms.ChoiceField(label="发给", choices=[(key, key) for key in members]),
        resolve=resolve,
    )
    try:
        yield name
    finally:
        audiences._audiences.clear()
        audiences._audiences.update(before)


@dataclass
class Gateway:
    """A real HTTP receiver. ``answer(number)`` is the status of the n-th call (1 and up); ``calls`` what it got."""

    answer: Callable[[int], int] = lambda number: 204
    calls: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""
    headers: dict[str, str] = field(default_factory=dict)


@contextmanager
def gateway(answer: Callable[[int], int] = lambda number: 204, **headers: str) -> Iterator[Gateway]:
    found = Gateway(answer, headers=headers)
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with lock:
                found.calls.append((dict(self.headers), body))
                number = len(found.calls)
            self.send_response(found.answer(number))
            for name, value in found.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    found.url = f"http://127.0.0.1:{server.server_address[1]}/sms"
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


@dataclass
class Postbox:
    """A real SMTP server. ``refuse`` maps an address to the answer to its RCPT; ``drop_after_data`` hangs up instead of
    saying that the mail was taken."""

    port: int = 0
    mails: list[Message] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    drop_after_data: int = 0
    sessions: int = 0


@contextmanager
def postbox(**more: Any) -> Iterator[Postbox]:
    found = Postbox(**more)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        found.sessions += 1

        async def say(text: str) -> None:
            writer.write(f"{text}\r\n".encode())
            await writer.drain()

        await say("220 test")
        while line := (await reader.readline()).decode().strip():
            verb = line.split()[0].upper().partition(":")[0]
            if verb in {"EHLO", "HELO"}:
                await say("250 test")
            elif verb == "RCPT":
                address = line.partition("<")[2].partition(">")[0]
                await say(found.refuse.get(address, "250 ok"))
            elif verb == "DATA":
                await say("354 go on")
                data = b""
                while not data.endswith(b"\r\n.\r\n"):
                    data += await reader.readline()
                found.mails.append(message_from_bytes(data[:-5]))
                if found.drop_after_data:
                    found.drop_after_data -= 1
                    break
                await say("250 taken")
            elif verb == "QUIT":
                await say("221 bye")
                break
            else:
                await say("250 ok")
        writer.close()

    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(talk, "127.0.0.1", 0))
    found.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def stop() -> None:
        server.close()
        for task in asyncio.all_tasks():
            if task is not asyncio.current_task():
                task.cancel()
        await asyncio.sleep(0)

    try:
        yield found
    finally:
        asyncio.run_coroutine_threadsafe(stop(), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()
