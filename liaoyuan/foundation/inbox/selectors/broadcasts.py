"""What one has sent, and who has read it."""

from uuid import UUID

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from liaoyuan.foundation.inbox.models import Broadcast, Item
from liaoyuan.foundation.inbox.policies import can_send
from liaoyuan.kernel.errors import NotInScope
from liaoyuan.kernel.scoping import Actor


def sent(actor: Actor) -> QuerySet[Broadcast]:
    """One's own messages, the newest first, each with ``unread``: how many have not read it. Raises NotPermitted."""
    can_send(actor).require()
    unread = (
        Item.objects.filter(broadcast=OuterRef("pk"), read_at__isnull=True, done_at__isnull=True)
        .order_by()
        .values("broadcast")
        .annotate(number=Count("pk"))
        .values("number")
    )
    rows = Broadcast.objects.filter(sender=actor.user_id).annotate(unread=Coalesce(Subquery(unread), 0))
    return rows.order_by("-created_at")


def sent_one(actor: Actor, broadcast_id: UUID) -> Broadcast:
    """One of one's own messages. Raises NotInScope."""
    row = sent(actor).filter(pk=broadcast_id).first()
    if row is None:
        raise NotInScope()
    return row


def recipients(actor: Actor, broadcast: Broadcast) -> QuerySet[Item]:
    """Who got it: those who have not read it first. Raises NotInScope unless it is one's own."""
    if actor.user_id is None or broadcast.sender_id != actor.user_id:
        raise NotInScope()
    rows = Item.objects.filter(broadcast=broadcast).select_related("user")
    return rows.order_by(F("read_at").asc(nulls_first=True), "user__display_name", "pk")
