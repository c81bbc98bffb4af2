"""What public postings tell higher apps. Published inside the unit of work, heard after the commit."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class PostingClosed:
    """A posting's period is over and its result stands: ``no_objection``, ``objections_upheld`` or
    ``objections_dismissed``. ``subject_type`` and ``subject_id`` name the affair it belongs to ("" = none). The next
    step may be taken from the day after ``last_day``."""

    posting_id: UUID
    subject_type: str
    subject_id: str
    result: str
    last_day: date


@dataclass(frozen=True, slots=True)
class PostingWithdrawn:
    """A posting was taken down before it had a result."""

    posting_id: UUID
    subject_type: str
    subject_id: str
    reason: str
