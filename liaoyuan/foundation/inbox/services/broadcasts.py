"""Writing to many: send, chase, withdraw. Each is recorded with the sender's name."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from liaoyuan.foundation.audit.services import record
from liaoyuan.foundation.inbox.audiences import audience as audience_named
from liaoyuan.foundation.inbox.models import Broadcast, Item, Kind
from liaoyuan.foundation.inbox.policies import can_send
from liaoyuan.foundation.inbox.rules import BODY_LENGTH, TITLE_LENGTH, one_line, pieces, plain
from liaoyuan.foundation.inbox.services.chasing import items_chase
from liaoyuan.foundation.inbox.services.items import NewItem, broadcast_items_close, items_put
from liaoyuan.kernel.clock import now
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import Conflict, DomainError, NotInScope
from liaoyuan.kernel.scoping import Actor

AT_ONCE = 500
CHASE_GAP = timedelta(hours=20)  # by hand at most once a day


def broadcast_send(
    *, actor: Actor, audience: str, choice: Any, title: str, body: str = "", must_read: bool = False
) -> Broadcast:
    """Send a message to everybody whom ``choice`` means in the address book ``audience``, but the sender himself.
    Raises NotPermitted without ``inbox.send`` there, DomainError without a title or anybody to receive it."""
    can_send(actor).require()
    recipients = audience_named(audience).resolve(actor, choice)
    title, body = plain(one_line(title), TITLE_LENGTH), plain(body.strip(), BODY_LENGTH)
    if not title:
        raise DomainError(_("请写标题。"), field="title")
    users = sorted({user_id for user_id in recipients.user_ids if user_id != actor.user_id})
    if not users:
        raise DomainError(_("“%(who)s”中没有别人有账号，消息发不出去。") % {"who": recipients.words}, field="choice")
    with unit_of_work():
        broadcast = Broadcast(
            sender_id=actor.user_id,  # type: ignore[misc]  # somebody: can_send
            sender_name=actor.name,
            audience=plain(recipients.words, 200),
            title=title,
            body=body,
            must_read=must_read,
        )
        broadcast.save(force_insert=True)
        broadcast.total = items_put(
            actor=actor,
            items=[
                NewItem(
                    user_id=user_id,
                    key=f"broadcast:{broadcast.pk}",
                    title=title,
                    body=body,
                    kind=Kind.MESSAGE.value,
                    must_read=must_read,
                    sender=actor.name,
                )
                for user_id in users
            ],
            broadcast=broadcast,
        )
        broadcast.save(update_fields=["total"])
        _record(actor, "inbox.send", broadcast, must_read=must_read, audience=audience)
    return broadcast


def broadcast_chase(*, actor: Actor, broadcast_id: UUID) -> int:
    """Remind everybody who has not read one's own must-read message; once a day at most. Returns how many."""
    with unit_of_work():
        broadcast = _own(actor, broadcast_id)
        if not broadcast.must_read:
            raise DomainError(_("只有必读消息可以催阅。"))
        if broadcast.withdrawn_at is not None:
            raise Conflict(_("这条消息已经撤回。"))
        if broadcast.chased_at is not None and now() - broadcast.chased_at < CHASE_GAP:
            raise Conflict(_("今天已经催过一次，请明天再催；系统也会按期自动提醒。"))
        unread = Item.objects.filter(broadcast=broadcast, read_at__isnull=True, done_at__isnull=True)
        waiting = list(unread.order_by("pk").values_list("pk", flat=True))
        count = sum([items_chase(ids) for ids in pieces(waiting, AT_ONCE)])
        if not count:
            raise Conflict(_("所有人都已阅读，不用再催。"))
        broadcast.chased_at = now()
        broadcast.save(update_fields=["chased_at"])
        _record(actor, "inbox.chase", broadcast, reminded=count)
    return count


def broadcast_withdraw(*, actor: Actor, broadcast_id: UUID, reason: str) -> int:
    """Take one's own message back out of every inbox; it stays on record with the reason. Returns from how many."""
    reason = plain(one_line(reason), 200)
    with unit_of_work():
        broadcast = _own(actor, broadcast_id)
        if broadcast.withdrawn_at is not None:
            raise Conflict(_("这条消息已经撤回。"))
        if len(reason) < 2:
            raise DomainError(_("请写明撤回的理由。"), field="reason")
        broadcast.withdrawn_at, broadcast.withdrawn_reason = now(), reason
        broadcast.save(update_fields=["withdrawn_at", "withdrawn_reason"])
        count = broadcast_items_close(broadcast)
        _record(actor, "inbox.withdraw", broadcast, reason=reason, from_inboxes=count)
    return count


def _own(actor: Actor, broadcast_id: UUID) -> Broadcast:
    found = None
    if actor.user_id is not None:
        found = Broadcast.objects.select_for_update().filter(pk=broadcast_id, sender=actor.user_id).first()
    if found is None:
        raise NotInScope()
    can_send(actor).require()
    return found


def _record(actor: Actor, action: str, broadcast: Broadcast, *, reason: str = "", **detail: Any) -> None:
    record(
        actor,
        action,
        object_type="inbox.broadcast",
        object_id=broadcast.pk,
        object_label=broadcast.title,
        reason=reason,
        detail={"to": broadcast.audience, "recipients": broadcast.total, **detail},
    )
