"""Telling open maps that something moved."""

from liaoyuan.kernel import realtime
from liaoyuan.organisation.whereabouts.events import PresenceChanged
from liaoyuan.organisation.whereabouts.rules import collapse_paths

GROUP = "map"
MAX_PATHS = 200


def on_presence_changed(event: PresenceChanged) -> None:
    """Only paths leave: who sees nothing there is not even told that something moved."""
    realtime.publish(GROUP, "map.changed", paths=list(collapse_paths(event.paths, MAX_PATHS)))
