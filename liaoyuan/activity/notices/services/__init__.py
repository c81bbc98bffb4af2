"""Writes of notices: one function a verb. Other apps import from here."""

from liaoyuan.activity.notices.services.closing import posting_conclude, posting_withdraw, postings_close_due
from liaoyuan.activity.notices.services.objections import objection_answer, objection_submit
from liaoyuan.activity.notices.services.receiving import receiver_replace
from liaoyuan.activity.notices.services.starting import Place, posting_start, posting_viewed

__all__ = [
    "Place",
    "objection_answer",
    "objection_submit",
    "posting_conclude",
    "posting_start",
    "posting_viewed",
    "posting_withdraw",
    "postings_close_due",
    "receiver_replace",
]
