"""How a row of the audit trail is written down for its chain value, and what may stand in it. Pure."""

import json
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

COLUMNS = (
    "seq",
    "at",
    "actor_id",
    "actor_name",
    "address",
    "via",
    "action",
    "allowed",
    "reason",
    "object_type",
    "object_id",
    "object_label",
    "subject_id",
    "detail",
)
VERIFY = "audit.verify"  # the action of a recorded proof
EXPORT = "audit.export"
_WHOLE = 10**15  # floats from here on lose their decimal point in PostgreSQL's jsonb
_INT64 = 2**63
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode


def row_text(previous: str, values: Sequence[Any]) -> bytes:
    """The bytes a row's chain value is computed over: the previous row's value, then ``COLUMNS`` in order, in a form
    that SQLite and PostgreSQL give back alike."""
    return _encode([previous, *(_plain(value) for value in values)]).encode()


def _plain(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, UUID):
        return str(value)
    return value


def clean_text(value: object, limit: int) -> str:
    """``value`` as text that both databases can store and give back: no NUL, no lone surrogate, at most ``limit``
    characters."""
    text = str(value).replace("\x00", "")
    return text.encode("utf-8", "replace").decode()[:limit]


def clean_detail(value: Any) -> Any:
    """``value`` as JSON that both databases give back unchanged: dates and ids become text, as do numbers that one of
    them would write otherwise (NaN, huge ones)."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value) if -_INT64 <= value < _INT64 else str(value)
    if isinstance(value, float):
        return value + 0.0 if math.isfinite(value) and abs(value) < _WHOLE else str(value)
    if isinstance(value, Mapping):
        return {clean_text(key, 200): clean_detail(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        items = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        return [clean_detail(item) for item in items]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return clean_text(value, 20_000)
