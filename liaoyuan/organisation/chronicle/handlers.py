"""What the chronicle does when the tree changes."""

from liaoyuan.foundation.regulations.models import ParameterOverride
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.units.events import UnitPathsChanged, UnitPathsRebuilt
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
