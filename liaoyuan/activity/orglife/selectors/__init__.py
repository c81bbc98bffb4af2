"""Reads of orglife; the first argument is the actor. Other apps import from here."""

from liaoyuan.activity.orglife.selectors.computing import Voters, voters_on
from liaoyuan.activity.orglife.selectors.meetings import (
    meeting_visible,
    meetings_visible,
    motion_visible,
    motions_of_subject,
)

__all__ = [
    "Voters",
    "meeting_visible",
    "meetings_visible",
    "motion_visible",
    "motions_of_subject",
    "voters_on",
]
