"""Home bases of units."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from liaoyuan.kernel.paths import ancestors
from liaoyuan.organisation.units.models import Unit
from liaoyuan.organisation.whereabouts import rules

Bases = dict[UUID, rules.Spot]


def home_bases() -> Bases:
    """Unit id → the spot of its home base. One query over the tree, parents before children: a tenth of a second and
    more where there are ten thousand units."""
    return {key: spot for key, spot in _down(_units()).items() if spot}


def home_bases_at(paths: Iterable[str]) -> Mapping[UUID, rules.Spot | None]:
    """The same for the units at ``paths`` and those above them alone; a unit without any base is there with None. One
    query, so that a unit and those above it are seen in one state of the tree."""
    return _down(_units().filter(path__in={above for path in paths for above in ancestors(path, include_self=True)}))


def _units() -> Any:
    return Unit.objects.unscoped("a base may lie above one's reach; only its spot is used").order_by("path")


def _down(rows: Any) -> dict[UUID, rules.Spot | None]:
    found: dict[UUID, rules.Spot | None] = {}
    for key, parent, site, lon, lat in rows.values_list("id", "parent_id", "site_id", "site__lon", "site__lat"):
        found[key] = rules.Spot(lon, lat, site) if site else found.get(parent)
    return found
