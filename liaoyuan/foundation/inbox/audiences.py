"""To whom one may write: apps that know people register address books here; the inbox itself knows accounts only."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms

from liaoyuan.kernel.errors import NotInScope
from liaoyuan.kernel.registry import Words
from liaoyuan.kernel.scoping import Actor


@dataclass(frozen=True, slots=True)
class Recipients:
    """Whom a choice means. ``words`` is what the sender and the audit trail read."""

    user_ids: Sequence[UUID]
    words: str


@dataclass(frozen=True, slots=True)
class Audience:
    """An address book. ``field(actor)`` makes the form field one chooses by, offering only what the actor may reach;
    ``resolve(actor, choice)`` checks ``inbox.send`` again and finds the accounts, in a constant number of queries."""

    name: str
    label: Words
    field: Callable[[Actor], forms.Field]
    resolve: Callable[[Actor, Any], Recipients]


Contacts = Callable[[Sequence[UUID]], dict[UUID, str]]
_audiences: dict[str, Audience] = {}
_contacts: dict[str, Contacts] = {}


def register_audience(
    name: str,
    label: Words,
    *,
    field: Callable[[Actor], forms.Field],
    resolve: Callable[[Actor, Any], Recipients],
) -> None:
    """Add an address book; the name is the identity."""
    _audiences[name] = Audience(name, label, field, resolve)


def register_contacts(channel: str, resolve: Contacts) -> None:
    """Register who knows people's addresses (telephone numbers) on an outside channel, by account."""
    _contacts[channel] = resolve


def audiences() -> list[Audience]:
    """Every address book, in the order of registration."""
    return list(_audiences.values())


def audience(name: str) -> Audience:
    """The address book ``name``. Raises NotInScope."""
    if name not in _audiences:
        raise NotInScope()
    return _audiences[name]


def contacts(channel: str, user_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Addresses on ``channel``, as far as somebody knows them."""
    return _contacts[channel](user_ids) if channel in _contacts else {}
