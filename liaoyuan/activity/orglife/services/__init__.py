"""Writes of orglife: one function a verb. Other apps import from here."""

from liaoyuan.activity.orglife.services.ballots import ballot_cast
from liaoyuan.activity.orglife.services.corrections import presence_correct
from liaoyuan.activity.orglife.services.counting import hands_record, paper_tally_record
from liaoyuan.activity.orglife.services.deciding import motion_close, motion_open, motion_withdraw
from liaoyuan.activity.orglife.services.meetings import meeting_call, meeting_cancel, meeting_close, meeting_open
from liaoyuan.activity.orglife.services.motions import motion_add, written_opinion_record
from liaoyuan.activity.orglife.services.resolutions import resolution_sign
from liaoyuan.activity.orglife.services.roll import presence_mark, presence_mark_many, roll_exclude, roll_include

__all__ = [
    "ballot_cast",
    "hands_record",
    "meeting_call",
    "meeting_cancel",
    "meeting_close",
    "meeting_open",
    "motion_add",
    "motion_close",
    "motion_open",
    "motion_withdraw",
    "paper_tally_record",
    "presence_correct",
    "presence_mark",
    "presence_mark_many",
    "resolution_sign",
    "roll_exclude",
    "roll_include",
    "written_opinion_record",
]
