"""Telling open pages that their badge may have changed."""

from collections.abc import Iterable
from uuid import UUID

from liaoyuan.kernel import realtime

EVERYBODY = "inbox"
KIND = "inbox.changed"
SINGLE = 50  # more accounts than these are told in one message to everybody
_AT_ONCE = 1000  # ids in a message: 36 kB, below the realtime line's limit


def own_group(user_id: object) -> str:
    """The realtime group of an account's open pages."""
    return f"inbox.{user_id}"


def hint(user_ids: Iterable[UUID]) -> None:
    """After the commit, let the pages of ``user_ids`` count again."""
    found = sorted({str(user_id) for user_id in user_ids})
    if len(found) <= SINGLE:
        for user_id in found:
            realtime.publish(own_group(user_id), KIND)
        return
    for start in range(0, len(found), _AT_ONCE):
        realtime.publish(EVERYBODY, KIND, users=found[start : start + _AT_ONCE])
