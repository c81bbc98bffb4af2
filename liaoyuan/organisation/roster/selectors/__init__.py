"""Reads of the roster app."""

from liaoyuan.organisation.roster.selectors.known import known_for
from liaoyuan.organisation.roster.selectors.rows import people_rows, posting_rows, tenure_rows, unit_rows
from liaoyuan.organisation.roster.selectors.uploads import upload_of, uploads_of

__all__ = ["known_for", "people_rows", "posting_rows", "tenure_rows", "unit_rows", "upload_of", "uploads_of"]
