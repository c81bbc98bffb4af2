"""What orglife does when the tree changes."""

from liaoyuan.activity.orglife.models import Meeting
from liaoyuan.organisation.units.events import UnitPathsChanged, UnitPathsRebuilt
from liaoyuan.organisation.units.models import Unit
from liaoyuan.organisation.units.services import paths_rewrite


def follow_units(event: UnitPathsChanged) -> None:
    """Meetings follow their unit."""
    paths_rewrite(Meeting, "path", event.moves)


def derive_again(event: UnitPathsRebuilt) -> None:
    """Paths were rebuilt: take them from the units again."""
    paths = dict(Unit.objects.unscoped("paths are copied whole").values_list("pk", "path"))
    rows = list(Meeting.objects.unscoped("paths are copied whole").only("pk", "unit_id", "path"))
    for row in rows:
        row.path = paths.get(row.unit_id, row.path)
    Meeting.objects.unscoped("paths are copied whole").bulk_update(rows, ["path"], batch_size=500)
