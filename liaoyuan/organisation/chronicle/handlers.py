"""What the chronicle does when the tree changes."""

from liaoyuan.foundation.regulations.models import ParameterOverride
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.chronicle.services import people_follow, units_follow
from liaoyuan.organisation.members.events import PersonChanged
from liaoyuan.organisation.units.events import (
    UnitCreated,
    UnitDissolved,
    UnitPathsChanged,
    UnitPathsRebuilt,
    UnitUpdated,
)
from liaoyuan.organisation.units.models import Unit
from liaoyuan.organisation.units.services import paths_rewrite


def follow_units(event: UnitPathsChanged) -> None:
    """Facts, and the rule book's overrides (which lie below the tree and cannot hear it), follow their unit."""
    paths_rewrite(Fact, "path", event.moves)
    paths_rewrite(ParameterOverride, "path", event.moves)


def derive_again(event: UnitPathsRebuilt) -> None:
    """Paths were rebuilt: take them from the units again."""
    paths = dict(Unit.objects.unscoped("paths are copied whole").values_list("pk", "path"))
    for model in (Fact, ParameterOverride):
        rows = list(model.objects.unscoped("paths are copied whole").only("pk", "unit_id", "path"))
        for row in rows:
            row.path = paths.get(row.unit_id, row.path)
        model.objects.bulk_update(rows, ["path"], batch_size=500)


def follow_person(event: PersonChanged) -> None:
    """A standing or a post changed: its milestones follow."""
    people_follow(actor=_clerk(), person_ids=[event.person_id])


def follow_unit(event: UnitCreated | UnitUpdated | UnitDissolved) -> None:
    """A unit was founded, elected anew or ended."""
    units_follow(actor=_clerk(), unit_ids=[event.unit_id])


def _clerk() -> Actor:
    """Who writes down what follows: the platform; whoever caused it stands in the trail of the change itself."""
    return Actor.system("纪实")
