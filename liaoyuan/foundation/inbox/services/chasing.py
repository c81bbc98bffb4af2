"""Chasing what must be read, until it is."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F
from django.db.models.functions import Least

from liaoyuan.foundation.inbox.models import Item, Purpose
from liaoyuan.foundation.inbox.rules import Severity, pieces
from liaoyuan.foundation.inbox.services.hints import hint
from liaoyuan.foundation.inbox.services.queueing import deliveries_queue
from liaoyuan.kernel.clock import now
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.scoping import Actor

_AT_ONCE = 500


def chase_due(*, actor: Actor) -> int:
    """Remind everybody who has left a must-read message unread for ``must_read_chase_days`` since it came or since the
    last reminder. After an outage of any length it is one reminder. Returns how many."""
    before = now() - timedelta(days=settings.LIAOYUAN.must_read_chase_days)
    due = Item.objects.filter(must_read=True, read_at__isnull=True, done_at__isnull=True, chase_from__lte=before)
    due = due.filter(user__is_active=True)
    count = 0
    for ids in pieces(list(due.order_by("pk").values_list("pk", flat=True)), _AT_ONCE):
        with unit_of_work():
            count += items_chase(ids, chase_from_before=before)
    return count


def items_chase(ids: list[UUID], *, chase_from_before: datetime | None = None) -> int:
    """Remind of the items ``ids`` as far as nobody has meanwhile: one level up, to the top of the list, out over the
    channels. Inside a unit of work."""
    locked = Item.objects.select_for_update().filter(pk__in=ids, read_at__isnull=True, done_at__isnull=True)
    if chase_from_before is not None:
        locked = locked.filter(chase_from__lte=chase_from_before)
    mine = list(locked.order_by("pk").values_list("pk", flat=True))
    Item.objects.filter(pk__in=mine).update(
        chases=F("chases") + 1,
        chase_from=now(),
        severity=Least(F("severity") + 1, int(Severity.LATE)),
        snoozed_until=None,
    )
    rows = list(Item.objects.filter(pk__in=mine))
    deliveries_queue(rows, Purpose.CHASE)
    hint([row.user_id for row in rows])
    return len(rows)
