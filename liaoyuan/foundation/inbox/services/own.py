"""What people do with their own items."""

from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from liaoyuan.foundation.audit.services import record
from liaoyuan.foundation.inbox.models import Delivery, DeliveryState, Item, Kind
from liaoyuan.foundation.inbox.rules import SNOOZE_DAYS, one_line, plain, snooze_problem
from liaoyuan.foundation.inbox.services.hints import hint
from liaoyuan.kernel import clock
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import Conflict, DomainError, NotInScope
from liaoyuan.kernel.scoping import Actor


def item_read(*, actor: Actor, item_id: UUID) -> Item:
    """Mark one's own item as read; reading again changes nothing. Raises NotInScope for anybody else's."""
    with unit_of_work():
        item = _own(actor, item_id)
        if item.read_at is None:
            item.read_at = clock.now()
            item.save(update_fields=["read_at"])
            _drop_waiting(Q(item=item.pk))
            hint([item.user_id])
    return item


def items_read_all(*, actor: Actor) -> int:
    """Mark everything one has as read, but for what must be read one by one. Returns how many."""
    with unit_of_work():
        rows = Item.objects.filter(user=actor.user_id, read_at__isnull=True, done_at__isnull=True, must_read=False)
        count = rows.update(read_at=clock.now())
        if count and actor.user_id is not None:
            _drop_waiting(Q(user=actor.user_id, item__read_at__isnull=False))
            hint([actor.user_id])
    return count


def item_done(*, actor: Actor, item_id: UUID) -> Item:
    """Tick one's own to-do. Doing it again changes nothing. Raises DomainError for a message (it is read, not done) and
    for a to-do that only a recorded fact closes."""
    with unit_of_work():
        item = _own(actor, item_id)
        if item.kind != Kind.TODO:
            raise DomainError(_("这是一条消息，读过即可，不需要办结。"))
        if item.by_fact:
            raise DomainError(_("这项待办在事实登记后自动办结，不能直接勾掉。请点“去办理”登记，或者推迟并写明理由。"))
        if item.done_at is None:
            item.done_at = clock.now()
            item.read_at = item.read_at or item.done_at
            item.save(update_fields=["done_at", "read_at"])
            _drop_waiting(Q(item=item.pk))
            hint([item.user_id])
    return item


def item_snooze(*, actor: Actor, item_id: UUID, until: date, reason: str) -> Item:
    """Put one's own to-do off: it comes back on the morning of ``until``, at most 30 days ahead. Raises DomainError for
    a date that will not do or without a reason, Conflict where it is done already."""
    reason = plain(one_line(reason), 200)
    with unit_of_work():
        item = _own(actor, item_id)
        if item.kind != Kind.TODO:
            raise DomainError(_("这是一条消息，不能推迟；看过即可。"))
        if item.done_at is not None:
            raise Conflict(_("这项待办已经办结，不用推迟。"))
        problem = snooze_problem(until, clock.today())
        if problem == "past":
            raise DomainError(_("推迟到的日期须在今天之后。"), field="until")
        if problem == "far":
            raise DomainError(_("一次最多推迟 %(days)d 天，请选近一些的日期。") % {"days": SNOOZE_DAYS}, field="until")
        if len(reason) < 2:
            raise DomainError(_("请写明推迟的理由。"), field="reason")
        item.snoozed_until, item.snooze_reason = until, reason
        item.read_at = item.read_at or clock.now()
        item.save(update_fields=["snoozed_until", "snooze_reason", "read_at"])
        _drop_waiting(Q(item=item.pk))
        record(
            actor,
            "inbox.snooze",
            object_type="inbox.item",
            object_id=item.pk,
            object_label=item.title,
            reason=reason,
            detail={"until": until, "key": item.key},
        )
        hint([item.user_id])
    return item


def _own(actor: Actor, item_id: UUID) -> Item:
    item = None
    if actor.user_id is not None:
        item = Item.objects.select_for_update().filter(pk=item_id, user=actor.user_id).first()
    if item is None:
        raise NotInScope()
    return item


def _drop_waiting(condition: Q) -> None:
    """What has been seen here need not be told outside."""
    Delivery.objects.filter(condition, state__in=[DeliveryState.QUEUED, DeliveryState.FAILED], on__isnull=True).update(
        state=DeliveryState.DROPPED
    )
