"""Looking after deliveries: trying dead ones again, forgetting what is old."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from liaoyuan.foundation.audit.services import record
from liaoyuan.foundation.inbox.models import Delivery, DeliveryState, Item, Kind
from liaoyuan.foundation.inbox.policies import can_see_deliveries
from liaoyuan.foundation.inbox.services.queueing import DELIVER
from liaoyuan.kernel.clock import now
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import Conflict, NotInScope
from liaoyuan.kernel.jobs import enqueue
from liaoyuan.kernel.scoping import Actor

KEEP_DELIVERIES = timedelta(days=90)


def delivery_retry(*, actor: Actor, delivery_id: UUID) -> None:
    """Try a dead delivery again from the beginning. Raises NotInScope where it is unknown, Conflict where it is not
    dead (any more)."""
    can_see_deliveries(actor).require()
    with unit_of_work():
        if not Delivery.objects.filter(pk=delivery_id).exists():
            raise NotInScope()
        if not _revive(Delivery.objects.filter(pk=delivery_id)):
            raise Conflict(_("这次投递已不在失败状态，没有重发。"))
        record(actor, "inbox.delivery_retry", object_type="inbox.delivery", object_id=delivery_id)


def deliveries_retry_all(*, actor: Actor) -> int:
    """Try every dead delivery again (the server is back). Returns how many."""
    can_see_deliveries(actor).require()
    with unit_of_work():
        count = _revive(Delivery.objects.all())
        if count:
            record(actor, "inbox.delivery_retry", object_type="inbox.delivery", detail={"count": count})
    return count


def inbox_clean(*, actor: Actor) -> int:
    """Forget deliveries that ended 90 days ago, and items that were done, or read as messages, ``inbox_keep_days`` ago.
    What one has sent oneself stays. Returns how many rows went."""
    moment = now()
    over = [DeliveryState.SENT, DeliveryState.DROPPED]
    gone = Delivery.objects.filter(state__in=over, created_at__lt=moment - KEEP_DELIVERIES).delete()[0]
    before = moment - timedelta(days=settings.LIAOYUAN.inbox_keep_days)
    handled = Q(done_at__lt=before) | Q(kind=Kind.MESSAGE, read_at__lt=before)
    return gone + Item.objects.filter(handled, broadcast__isnull=True).delete()[0]


def _revive(rows: QuerySet[Delivery]) -> int:
    dead = rows.filter(state=DeliveryState.DEAD)
    count = dead.update(state=DeliveryState.QUEUED, attempts=0, next_try_at=now(), last_error="")
    if count:
        enqueue(DELIVER)
    return count
