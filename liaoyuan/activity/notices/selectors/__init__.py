"""Reads of notices; the first argument is the actor. Other apps import from here."""

from liaoyuan.activity.notices.selectors.postings import (
    Days,
    posting_days,
    posting_visible,
    postings_of_subject,
    postings_visible,
    required_places,
)

__all__ = ["Days", "posting_days", "posting_visible", "postings_of_subject", "postings_visible", "required_places"]
