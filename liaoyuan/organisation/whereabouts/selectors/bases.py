"""Home bases of units."""

from uuid import UUID

from liaoyuan.organisation.units.models import Unit
from liaoyuan.organisation.whereabouts import rules

Bases = dict[UUID, rules.Spot]


def home_bases() -> Bases:
    """Unit id → the spot of its home base. One query over the tree, parents before children."""
    found: dict[UUID, rules.Spot] = {}
    rows = Unit.objects.unscoped("a base may lie above one's reach; only its spot is used").order_by("path")
    for key, parent, site, lon, lat in rows.values_list("id", "parent_id", "site_id", "site__lon", "site__lat"):
        spot = rules.Spot(lon, lat, site) if site else found.get(parent)
        if spot:
            found[key] = spot
    return found
