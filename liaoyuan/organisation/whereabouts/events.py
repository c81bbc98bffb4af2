"""What whereabouts tells the apps above."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class PresenceChanged:
    """The present places of ``person_ids`` changed. ``paths`` are the home and attached paths concerned, old and new,
    so that a listener can tell whose map it touches. After a rebuild of many, ``person_ids`` is empty."""

    person_ids: tuple[UUID, ...]
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PostingBegun:
    """People were posted away."""

    posting_ids: tuple[UUID, ...]
    person_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class PostingEnded:
    """Somebody came back."""

    posting_id: UUID
    person_id: UUID


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """Somebody said where he is."""

    person_id: UUID
