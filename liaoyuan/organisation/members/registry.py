"""What higher apps add to the member file: items of its timeline. Tabs are the kernel's ``add_profile_tab``."""

from collections.abc import Callable, Iterable
from typing import Any

from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import Person

# {date, title, body?, icon?, level?, url?}, as ``ui/_timeline.html`` takes them.
TimelineSource = Callable[[Actor, Person], Iterable[dict[str, Any]]]
_sources: dict[str, TimelineSource] = {}


def add_timeline_source(key: str, source: TimelineSource) -> None:
    """Add items to every member's timeline. ``source(actor, person)`` shows only what the actor may see, in a constant
    number of queries."""
    _sources[key] = source


def timeline_items(actor: Actor, person: Person) -> list[dict[str, Any]]:
    """The items of every source."""
    return [item for source in _sources.values() for item in source(actor, person)]
