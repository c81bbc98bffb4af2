"""Public postings, where they hang, and sealed objections."""

from liaoyuan.activity.notices.models.objection import Objection, ObjectionMessage
from liaoyuan.activity.notices.models.posting import PostingPlace, PostingResult, PostingState, PublicPosting

__all__ = ["Objection", "ObjectionMessage", "PostingPlace", "PostingResult", "PostingState", "PublicPosting"]
