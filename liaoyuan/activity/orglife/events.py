"""What meetings tell higher apps. All are published inside the unit of work and heard after the commit."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class MotionDecided:
    """A motion was voted on and counted. ``subject_type`` and ``subject_id`` name the affair it decides ("" = none);
    the counts include ``written``, the opinions received before the opening; ``explanation`` says in one sentence why
    it passed or not. ``decided_on`` is the day of the meeting."""

    motion_id: UUID
    meeting_id: UUID
    subject_type: str
    subject_id: str
    passed: bool
    entitled: int
    present: int
    yes: int
    no: int
    abstain: int
    written: int
    decided_on: date
    explanation: str


@dataclass(frozen=True, slots=True)
class MotionWithdrawn:
    """A motion was taken back before it was decided: its meeting was cancelled or closed, or the ballot was void."""

    motion_id: UUID
    meeting_id: UUID
    subject_type: str
    subject_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class MeetingClosed:
    """A meeting ended and its facts stand in the chronicle. ``present`` and ``entitled`` count those with a vote,
    ``attended`` everybody who was there."""

    meeting_id: UUID
    unit_id: UUID
    kind: str
    held_on: date
    entitled: int
    present: int
    attended: int


@dataclass(frozen=True, slots=True)
class ResolutionSigned:
    """The secretary signed a resolution: it may be reported for approval."""

    resolution_id: UUID
    motion_id: UUID
    subject_type: str
    subject_id: str
    adopted: bool
