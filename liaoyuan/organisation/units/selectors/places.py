"""Reading sites and what needs attention."""

from typing import Any

from django.db.models import Count, Q

from liaoyuan.kernel.clock import today
from liaoyuan.kernel.errors import NotInScope
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.units.models import Site, Unit, UnitKind
from liaoyuan.organisation.units.policies import Capability


def sites(actor: Actor, *, retired: bool = False) -> Any:
    """Places by name, with the number of living units in the actor's reach stationed there. Nothing without reach."""
    if not actor.holds(Capability.VIEW):
        return Site.objects.none()
    mine = Unit.objects.visible_to(actor, Capability.VIEW).filter(dissolved_on__isnull=True)
    rows = Site.objects.annotate(unit_count=Count("units", filter=Q(units__in=mine.values("pk")))).order_by("name")
    return rows if retired else rows.filter(active=True)


def site_get(actor: Actor, site_id: Any) -> Site:
    """One place. NotInScope where it is unknown or the actor sees no unit at all."""
    found = Site.objects.filter(pk=site_id).first() if actor.holds(Capability.VIEW) else None
    if found is None:
        raise NotInScope()
    return found


def active_sites() -> Any:
    """Places for a choice in a form."""
    return Site.objects.filter(active=True).order_by("name")


def overdue_temporary_branches(actor: Actor) -> list[Unit]:
    """Temporary branches that the actor manages, past their planned end and not dissolved (TB-06). One query."""
    rows = Unit.objects.visible_to(actor, Capability.MANAGE)
    return list(
        rows.filter(kind=UnitKind.TEMPORARY_BRANCH, dissolved_on__isnull=True, planned_end_on__lt=today()).order_by(
            "planned_end_on"
        )
    )
