"""What the chronicle tells higher apps."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class FactsRecorded:
    """Facts of these kinds were recorded, corrected or withdrawn about these people and units. ``everybody``: about too
    many to be named (an import); ``person_ids`` is empty then. ``corrected``: some were known before and no longer hold
    as they were."""

    kinds: frozenset[str]
    person_ids: frozenset[UUID]
    unit_ids: frozenset[UUID]
    everybody: bool = False
    corrected: bool = False
