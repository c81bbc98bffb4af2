"""What other apps tell the roll: who has lost the right to vote on a day (a penalty, detention …)."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from uuid import UUID

# (person ids, day) → person id → (reason in words, row of the rules table). Constant number of queries.
RightsSource = Callable[[Collection[UUID], date], Mapping[UUID, tuple[str, str]]]
_sources: dict[str, RightsSource] = {}


def add_rights_source(key: str, source: RightsSource) -> None:
    """Let an app say who has no vote (MT-17): from ``AppConfig.ready``."""
    _sources[key] = source


def rights_lost(people: Collection[UUID], on: date) -> dict[UUID, tuple[str, str]]:
    """Everybody of ``people`` without a vote on a day, and why."""
    lost: dict[UUID, tuple[str, str]] = {}
    for source in _sources.values():
        for person, why in source(people, on).items():
            lost.setdefault(person, why)
    return lost
