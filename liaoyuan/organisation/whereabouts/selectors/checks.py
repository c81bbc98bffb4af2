"""Data problems of places and postings, each in one query."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from liaoyuan.kernel import clock, paths
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.units.models import Unit, UnitKind
from liaoyuan.organisation.whereabouts.models import Posting
from liaoyuan.organisation.whereabouts.policies import Capability
from liaoyuan.organisation.whereabouts.selectors.when import active_on


def overlapping_postings(actor: Actor) -> QuerySet[Posting]:
    """The later of two postings of one person that share days (a posting without any end lasts for ever)."""
    earlier = Posting.objects.unscoped("the other half of the pair is of the same person").filter(
        Q(since__lt=OuterRef("since")) | Q(since=OuterRef("since"), pk__lt=OuterRef("pk")),
        Q(ended_on__gt=OuterRef("since"))
        | Q(ended_on=OuterRef("since"), since=OuterRef("since"))
        | Q(ended_on__isnull=True, planned_end__isnull=True)
        | Q(ended_on__isnull=True, planned_end__gt=OuterRef("since"))
        | Q(ended_on__isnull=True, planned_end__lt=clock.today()),
        person=OuterRef("person"),
    )
    rows = Posting.objects.visible_to(actor, Capability.VIEW).filter(Exists(earlier))
    return rows.select_related("person").order_by("person__home_path", "since")


def unattached_postings(actor: Actor) -> QuerySet[Posting]:
    """Active postings that name a branch to which the person is not attached."""
    rows = Posting.objects.visible_to(actor, Capability.VIEW).filter(active_on(clock.today()), person__active=True)
    rows = rows.filter(attached_unit__isnull=False).exclude(attached_unit=F("person__unit"))
    here = Coalesce("person__attached_unit", "person__unit")
    return rows.annotate(here=here).exclude(attached_unit=F("here")).select_related("person", "attached_unit")


def units_without_base(actor: Actor) -> list[Unit]:
    """Branches in reach for which neither they nor anything above them has a site."""
    rows = Unit.objects.visible_to(actor, Capability.VIEW).filter(dissolved_on=None).exclude(kind=UnitKind.GROUP)
    with_site = Unit.objects.unscoped("a base may lie above one's reach").filter(site__isnull=False)
    placed = set(with_site.values_list("path", flat=True))
    return [
        unit
        for unit in rows.order_by("path")
        if unit.is_branch and not placed.intersection(paths.ancestors(unit.path, include_self=True))
    ]
