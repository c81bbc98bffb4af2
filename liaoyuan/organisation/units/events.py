"""What units tells others. Who keeps a path or a membership registers its handler with ``same_transaction=True``."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class UnitCreated:
    """A unit was founded."""

    unit_id: UUID
    path: str


@dataclass(frozen=True, slots=True)
class UnitUpdated:
    """A unit's own data changed (name, site, dates …), not its place."""

    unit_id: UUID
    path: str


@dataclass(frozen=True, slots=True)
class SiteUpdated:
    """A place has another name, or (``moved``) other coordinates."""

    site_id: UUID
    moved: bool


@dataclass(frozen=True, slots=True)
class UnitPathsChanged:
    """Subtrees have other paths: ``(old prefix, new prefix)`` pairs. No old prefix lies within another, but a new one
    may equal another's old one (two siblings swapped): apply all of them in ONE statement, with
    ``units.services.paths_rewrite(Model, "path_column", moves)``."""

    moves: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class UnitPathsRebuilt:
    """Paths were derived anew from parents: derive your copies anew from your unit ids."""

    count: int


@dataclass(frozen=True, slots=True)
class UnitMerged:
    """The people of ``source_ids`` now belong to ``target_id``; the sources, and the posts held in them, end on ``on``
    (a ``UnitDissolved`` follows for each). Published inside the transaction, before the sources are checked to be
    empty. Child units were moved already."""

    source_ids: tuple[UUID, ...]
    target_id: UUID
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class UnitSplit:
    """``new_id`` was founded out of ``source_id``: ``person_ids``, and everybody in the groups ``group_ids`` (already
    moved under it), belong to it from ``on``. A handler refuses with a DomainError whoever is not of the source."""

    source_id: UUID
    new_id: UUID
    person_ids: tuple[UUID, ...]
    group_ids: tuple[UUID, ...]
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class UnitDissolved:
    """The unit ended on ``on``: end the posts and attachments that are left there."""

    unit_id: UUID
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class GrantsChanged:
    """What these accounts may do has changed."""

    user_ids: tuple[UUID, ...]
