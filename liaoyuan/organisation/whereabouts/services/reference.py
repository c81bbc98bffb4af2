"""Reference data of whereabouts."""

import tomllib
from pathlib import Path

from liaoyuan.organisation.whereabouts.models import Purpose

_FILE = Path(__file__).parent.parent / "data" / "purposes.toml"


def purposes_load() -> int:
    """Create the purposes of ``data/purposes.toml`` that are missing and put all of them into the file's order. What a
    roster brought besides stays. Returns how many were created."""
    names = tomllib.loads(_FILE.read_text(encoding="utf-8"))["purposes"]
    known = {row.name: row for row in Purpose.objects.all()}
    created = 0
    for order, name in enumerate(names, start=1):
        row = known.get(name)
        if row is None:
            Purpose.objects.create(name=name, order=order * 10)
            created += 1
        elif row.order != order * 10:
            row.order = order * 10
            row.save(update_fields=["order"])
    return created
