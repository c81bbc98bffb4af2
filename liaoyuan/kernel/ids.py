"""Identifiers: UUIDv7, so that keys sort by time and inserts stay at the index's end."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A fresh UUIDv7."""
    return uuid7()
