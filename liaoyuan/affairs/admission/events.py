"""What admission tells the desk."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CaseChanged:
    """An act was recorded, corrected or cancelled; ``act`` is its key."""

    case_id: UUID
    person_id: UUID
    unit_id: UUID
    act: str


@dataclass(frozen=True, slots=True)
class CaseClosed:
    """A case ended: archived, stopped or disqualified."""

    case_id: UUID
    person_id: UUID
    closed_as: str
