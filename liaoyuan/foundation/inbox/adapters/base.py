"""What a channel is: it carries one envelope, or says why not."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from django.utils.functional import Promise

from liaoyuan.foundation.inbox.models import ChannelPreference


class Failed(Exception):
    """It did not go this time; another try may do. The text is for the administrator and names no content."""


class Refused(Failed):
    """It will never go like this (an address that does not exist): no further try by itself."""


class Unreachable(Failed):
    """The channel itself is down: the others that wait for it need not be tried now."""


@dataclass(frozen=True, slots=True)
class Line:
    """One item as it is told outside: its title and where to go, never its text."""

    title: str
    url: str
    level: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is to be carried to whom. ``id`` stays the same over all tries: receivers drop what they have had."""

    id: UUID
    address: str
    account: str
    name: str
    purpose: str
    subject: str
    lines: tuple[Line, ...]
    more: int
    created_at: datetime


class Channel(Protocol):
    """An outside channel."""

    @property
    def name(self) -> str:
        """How rows and settings call it."""

    @property
    def label(self) -> str | Promise:
        """How people call it."""

    def active(self) -> bool:
        """Whether the instance is set up for it."""

    def usable(self, preference: ChannelPreference | None) -> bool:
        """Whether it can reach the person with ``preference`` (None: nothing set)."""

    def addresses(self, user_ids: list[UUID], preferences: dict[UUID, ChannelPreference]) -> dict[UUID, str]:
        """Where to send, by account. Who is missing gets "" where the channel goes by account."""

    def open(self) -> AbstractContextManager[Any]:
        """A connection for several envelopes."""

    def send(self, connection: Any, envelope: Envelope) -> None:
        """Carry it; return when the other side has taken it. Raises Failed, Refused or Unreachable."""
