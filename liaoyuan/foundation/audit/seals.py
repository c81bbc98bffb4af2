"""The chain's keyed values: a row's over the row before it, the head's over the chain's end."""

from typing import Any

from django.conf import settings

from liaoyuan.foundation.audit.rules import COLUMNS, row_text
from liaoyuan.kernel.crypto import mac


def row_mac(previous: str, entry: Any) -> str:
    """HMAC-SM3 over the previous row's value and this row's columns."""
    return mac(settings.KEYS.audit, row_text(previous, [getattr(entry, name) for name in COLUMNS]))


def head_seal(seq: int, last: str) -> str:
    """HMAC-SM3 over the chain's end: without the key nobody can move the head back to hide rows that were cut off."""
    return mac(settings.KEYS.audit, f"head:{seq}:{last}".encode())
