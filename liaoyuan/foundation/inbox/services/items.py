"""Putting items into inboxes and taking them out again: set-based, for the apps that know what is due.

The caller has authorised: whoever learns of a duty is decided where the duty is known.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from liaoyuan.foundation.accounts.models import User
from liaoyuan.foundation.inbox.models import Broadcast, Delivery, DeliveryState, Item, Purpose
from liaoyuan.foundation.inbox.rules import (
    BODY_LENGTH,
    LEVELS,
    TITLE_LENGTH,
    check_item,
    one_line,
    pieces,
    plain,
)
from liaoyuan.foundation.inbox.services.hints import hint
from liaoyuan.foundation.inbox.services.queueing import deliveries_queue
from liaoyuan.kernel.clock import now
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.scoping import Actor

_AT_ONCE = 500
_WORDS = ("title", "body", "url", "severity", "due_on", "sender", "quiet")


@dataclass(frozen=True, slots=True)
class NewItem:
    """What goes into the inbox of ``user_id``. ``key`` names what it is about ("duties:<id>"): an account has one row
    for a key. ``url`` is an address of this site. ``level`` is info, soon or late. ``by_fact``: only ``items_close``
    ends it, the user may put it off but not tick it. ``quiet``: the hours in which it does not go out over the outside
    channels ("22:00-07:00", "none" at any hour; the instance's where left out; the digest keeps those). Raises
    ValueError for what no item can be."""

    user_id: UUID
    key: str
    title: str
    body: str = ""
    url: str = ""
    level: str = "info"
    kind: str = "todo"
    due_on: date | None = None
    must_read: bool = False
    sender: str = ""
    by_fact: bool = False
    quiet: str = ""

    def __post_init__(self) -> None:
        check_item(key=self.key, title=self.title, url=self.url, level=self.level, kind=self.kind, quiet=self.quiet)


def items_put(*, actor: Actor, items: Iterable[NewItem], broadcast: Broadcast | None = None) -> int:
    """Put ``items`` into their inboxes; how many rows are new. Putting the same again changes nothing, also when two do
    it at once. A row that stands open takes over new words, level and date; one that became more pressing is unread
    again and no longer put off. A row that is done stays done (``items_reopen``). Accounts that do not exist are left
    out. New and worsened rows that are late or must be read go out over the outside channels at once.
    """
    wanted = {(item.key, item.user_id): item for item in items}
    if not wanted:
        return 0
    with unit_of_work():
        standing: dict[tuple[str, UUID], Item] = {}
        for keys in pieces(sorted({key for key, _user in wanted}), _AT_ONCE):
            found = Item.objects.filter(key__in=keys)
            if len(wanted) <= _AT_ONCE:
                found = found.filter(user__in={user for _key, user in wanted})
            standing.update({(row.key, row.user_id): row for row in found})
        worse, changed = _refreshed(wanted, standing)
        Item.objects.bulk_update(changed, [*_WORDS, "read_at", "snoozed_until"], batch_size=_AT_ONCE)
        fresh = _inserted([item for pair, item in sorted(wanted.items()) if pair not in standing], broadcast)
        deliveries_queue([*fresh, *worse], Purpose.ITEM)
        hint([row.user_id for row in (*fresh, *worse)])
    return len(fresh)


def items_close(*, actor: Actor, keys: Iterable[str], user_ids: Iterable[UUID] | None = None) -> int:
    """What ``keys`` are about is done: their items leave every inbox (or those of ``user_ids``) as done, and what waits
    to be sent about them is dropped. Returns how many were open. Closing again changes nothing."""
    closed = 0
    with unit_of_work():
        for piece in pieces(sorted(set(keys)), _AT_ONCE):
            rows = Item.objects.filter(key__in=piece, done_at__isnull=True)
            if user_ids is not None:
                rows = rows.filter(user__in=list(user_ids))
            closed += _close(rows)
    return closed


def items_reopen(*, actor: Actor, keys: Iterable[str], only: Iterable[tuple[str, UUID]] | None = None) -> int:
    """What was closed is due again (the fact behind it was corrected): the items stand open and unread once more, or
    those of the pairs (key, account) in ``only``. Returns how many."""
    opened = 0
    wanted = None if only is None else set(only)
    with unit_of_work():
        for piece in pieces(sorted(set(keys)), _AT_ONCE):
            found = Item.objects.filter(key__in=piece, done_at__isnull=False).values_list("pk", "key", "user_id")
            chosen = [(pk, user) for pk, key, user in found if wanted is None or (key, user) in wanted]
            users = [user for _pk, user in chosen]
            for part in pieces([pk for pk, _user in chosen], _AT_ONCE):  # one key may stand in very many inboxes
                rows = Item.objects.filter(pk__in=part, done_at__isnull=False)
                opened += rows.update(done_at=None, read_at=None, snoozed_until=None, snooze_reason="")
            hint(users)
    return opened


def broadcast_items_close(broadcast: Broadcast) -> int:
    """Take a withdrawn message out of every inbox. The caller has authorised and opened the unit of work."""
    return _close(Item.objects.filter(broadcast=broadcast, done_at__isnull=True))


def _close(rows: QuerySet[Item]) -> int:
    found = list(rows.order_by("pk").values_list("pk", "user_id"))
    count = 0
    for piece in pieces(found, _AT_ONCE):
        ids = [pk for pk, _user in piece]
        count += Item.objects.filter(pk__in=ids, done_at__isnull=True).update(done_at=now())
        waiting = Delivery.objects.filter(item__in=ids, state__in=[DeliveryState.QUEUED, DeliveryState.FAILED])
        waiting.update(state=DeliveryState.DROPPED)
    hint([user for _pk, user in found])
    return count


def _refreshed(
    wanted: dict[tuple[str, UUID], NewItem], standing: dict[tuple[str, UUID], Item]
) -> tuple[list[Item], list[Item]]:
    """The rows that became more pressing, and all that changed (the former among them)."""
    worse, changed = [], []
    for pair, row in sorted(standing.items()):
        item = wanted.get(pair)
        if item is None or row.done_at is not None:
            continue
        values = _values(item)
        if all(getattr(row, name) == values[name] for name in _WORDS):
            continue
        if values["severity"] > row.severity:
            row.read_at = row.snoozed_until = None
            worse.append(row)
        for name in _WORDS:
            setattr(row, name, values[name])
        changed.append(row)
    return worse, changed


def _inserted(items: list[NewItem], broadcast: Broadcast | None) -> list[Item]:
    """The rows that are really ours: of two who put the same at once, one wrote it."""
    known: set[UUID] = set()
    for users in pieces({item.user_id for item in items}, _AT_ONCE):
        known.update(User.objects.filter(pk__in=users).values_list("pk", flat=True))
    moment = now()
    rows = [
        Item(
            user_id=item.user_id,
            key=item.key,
            kind=item.kind,
            must_read=item.must_read,
            by_fact=item.by_fact,
            broadcast=broadcast,
            created_at=moment,
            chase_from=moment,
            **_values(item),
        )
        for item in items
        if item.user_id in known
    ]
    ours: list[Item] = []
    for piece in pieces(rows, _AT_ONCE):
        Item.objects.bulk_create(piece, ignore_conflicts=True)
        written = set(Item.objects.filter(pk__in=[row.pk for row in piece]).values_list("pk", flat=True))
        ours += [row for row in piece if row.pk in written]
    return ours


def _values(item: NewItem) -> dict[str, Any]:
    return {
        "title": plain(one_line(item.title), TITLE_LENGTH),
        "body": plain(item.body.strip(), BODY_LENGTH),
        "url": item.url,
        "severity": int(LEVELS[item.level]),
        "due_on": item.due_on,
        "sender": plain(item.sender, 80),
        "quiet": item.quiet,
    }
