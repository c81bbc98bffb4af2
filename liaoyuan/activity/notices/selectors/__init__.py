"""Reads of notices; the first argument is the actor. Other apps import from here."""

from liaoyuan.activity.notices.selectors.postings import (
    Days,
    mobile_after,
    mobile_at,
    posting_days,
    posting_visible,
    postings_of_subject,
    postings_visible,
    required_places,
)

__all__ = [
    "Days",
    "mobile_after",
    "mobile_at",
    "posting_days",
    "posting_visible",
    "postings_of_subject",
    "postings_visible",
    "required_places",
]
