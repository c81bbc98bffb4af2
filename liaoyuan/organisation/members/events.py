"""What members publishes. Ids are UUIDs; paths are those after the change."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class PersonChanged:
    """A person was created or any listed field of his changed (name, standing, rank, leaving, account …)."""

    person_id: UUID


@dataclass(frozen=True, slots=True)
class PersonMoved:
    """The home or attached branch changed: ``kind`` is home or attached; units are ids or None."""

    person_id: UUID
    kind: str
    from_unit: UUID | None
    to_unit: UUID | None


@dataclass(frozen=True, slots=True)
class PathsRewritten:
    """Paths of people were rewritten in bulk after the tree changed: old prefix → new prefix."""

    prefixes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PersonLeft:
    """A person is gone from ``on``: end what is open about him (postings, tasks)."""

    person_id: UUID
    on: date


@dataclass(frozen=True, slots=True)
class PersonReturned:
    """A person is back from ``on``."""

    person_id: UUID
    on: date
