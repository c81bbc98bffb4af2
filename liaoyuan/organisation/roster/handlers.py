"""What roster does when something below it changed."""

from liaoyuan.organisation.roster.services.filing import uploads_follow, uploads_refile
from liaoyuan.organisation.units.events import UnitPathsChanged, UnitPathsRebuilt


def on_paths_changed(event: UnitPathsChanged) -> None:
    """Same transaction: a path that another unit takes over must not show it this unit's uploads."""
    uploads_follow(event.moves)


def on_paths_rebuilt(event: UnitPathsRebuilt) -> None:
    """Derive the copies of paths anew."""
    uploads_refile()
