"""The deliveries of the outside channels, for the system administrator: what failed and why, never what it said."""

from django.db.models import Count, QuerySet

from liaoyuan.foundation.inbox.models import Delivery, DeliveryState
from liaoyuan.foundation.inbox.policies import can_see_deliveries
from liaoyuan.kernel.scoping import Actor


def deliveries(actor: Actor) -> QuerySet[Delivery]:
    """Every delivery with its account, the newest first. Raises NotPermitted."""
    can_see_deliveries(actor).require()
    return Delivery.objects.select_related("user").order_by("-created_at")


def delivery_counts(actor: Actor) -> dict[str, int]:
    """How many deliveries stand in each state. Raises NotPermitted."""
    can_see_deliveries(actor).require()
    rows = Delivery.objects.order_by().values_list("state").annotate(number=Count("pk"))
    return dict(rows)


def dead_count(actor: Actor) -> int:
    """How many wait for the administrator; 0 for everybody else."""
    return Delivery.objects.filter(state=DeliveryState.DEAD).count() if can_see_deliveries(actor) else 0
