"""Meetings, who is entitled to vote, what is voted on, and what was resolved."""

from liaoyuan.activity.orglife.models.ballot import BallotBox, BallotMark, PaperTally, WrittenOpinion
from liaoyuan.activity.orglife.models.meeting import Meeting, Presence, PresenceCorrection, RollEntry
from liaoyuan.activity.orglife.models.motion import Motion, MotionState, Resolution

__all__ = [
    "BallotBox",
    "BallotMark",
    "Meeting",
    "Motion",
    "MotionState",
    "PaperTally",
    "Presence",
    "PresenceCorrection",
    "Resolution",
    "RollEntry",
    "WrittenOpinion",
]
