"""Posts and roles from the package's data files into their tables: after every migrate, idempotently."""

import tomllib
from pathlib import Path
from typing import Any

from liaoyuan.organisation.units.models import Post, Role

_DATA = Path(__file__).parent.parent / "data"


def reference_load() -> None:
    """Make the rows of ``posts.toml`` and ``roles.toml`` what the files say. What a file no longer names stays: past
    tenures and grants point to it."""
    _store(Role, _read("roles.toml"), ("name", "description", "capabilities", "needs_totp", "order"))
    _store(Post, _read("posts.toml"), ("name", "order", "roles", "needs_full_member", "unit_kinds"))


def _read(name: str) -> dict[str, dict[str, Any]]:
    return tomllib.loads((_DATA / name).read_text(encoding="utf-8"))


def _store(model: Any, tables: dict[str, dict[str, Any]], fields: tuple[str, ...]) -> None:
    known = {row.code: row for row in model.objects.all()}
    fresh, changed = [], []
    for number, (code, values) in enumerate(tables.items(), start=1):
        values = {"order": number * 10, **values}
        row = known.get(code)
        if row is None:
            fresh.append(model(code=code, **values))
        elif any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            changed.append(row)
    model.objects.bulk_create(fresh)
    model.objects.bulk_update(changed, list(fields))
