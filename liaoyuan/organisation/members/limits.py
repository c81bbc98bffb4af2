"""Numbers from regulations about members, read from dated data: the number in force on a day, with its clause."""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path

from liaoyuan.organisation.units.limits import Limit

_FILE = Path(__file__).parent / "data" / "limits.toml"


@cache
def _limits() -> dict[str, tuple[Limit, ...]]:
    found: dict[str, list[Limit]] = {}
    for row in tomllib.loads(_FILE.read_text(encoding="utf-8"))["limit"]:
        found.setdefault(row["name"], []).append(Limit(**row))
    return {name: tuple(sorted(rows, key=lambda row: row.since)) for name, rows in found.items()}


def limit(name: str, on: date) -> Limit:
    """The limit ``name`` as it stood on ``on``; before the first text, the first one. KeyError for an unknown name."""
    rows = _limits()[name]
    return next((row for row in reversed(rows) if row.since <= on), rows[0])
