"""The map's arithmetic: cells by zoom, keys, what may be shown how exactly. Pure.

Positions are counted in ten-thousandths of a degree from -180 and -90. Whoever is not allowed precise positions never
gets a cell smaller than 0.1 degrees, whatever he zooms to or boxes in: the answer cannot be bisected.
"""

import re
from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any

MIN_ZOOM, MAX_ZOOM = 3, 12
# Zoom → side of a cell in ten-thousandths of a degree; every step from 0.1 degrees up is a whole number of tenths.
STEPS = {3: 20000, 4: 10000, 5: 5000, 6: 4000, 7: 2000, 8: 1000, 9: 500, 10: 200, 11: 100, 12: 20}
TENTH = 1000
COARSE_PLACES, PRECISE_PLACES = 1, 4
_KEY = re.compile(r"([0-9]{2,5})\.([0-9]{1,6})\.([0-9]{1,6})")


def step_for(zoom: int, *, precise: bool) -> int:
    """The side of a cell at ``zoom``; never under 0.1 degrees without the right to precise positions."""
    step = STEPS[min(MAX_ZOOM, max(MIN_ZOOM, zoom))]
    return step if precise else max(step, TENTH)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its side and its place in whole sides."""

    step: int
    x: int
    y: int

    @property
    def key(self) -> str:
        """What a page hands back to open it."""
        return f"{self.step}.{self.x}.{self.y}"

    @property
    def bounds(self) -> tuple[int, int, int, int]:
        """West, south, east, north in ten-thousandths, east and north not included."""
        return self.x * self.step, self.y * self.step, (self.x + 1) * self.step, (self.y + 1) * self.step

    @property
    def tenths(self) -> tuple[int, int, int, int]:
        """First and last column, first and last row, in tenths of a degree, all included, that the cell touches."""
        west, south, east, north = self.bounds
        return west // TENTH, (east - 1) // TENTH, south // TENTH, (north - 1) // TENTH


def read_key(text: str, *, precise: bool) -> Cell | None:
    """The cell of a key; None for what is no key, or is finer than the viewer may see."""
    found = _KEY.fullmatch(text)
    if found is None:
        return None
    step, x, y = (int(part) for part in found.groups())
    if step not in STEPS.values() or (not precise and step < TENTH):
        return None
    return Cell(step, x, y) if x * step <= 3_600_000 and y * step <= 1_800_000 else None


def units(lon: float, lat: float) -> tuple[int, int]:
    """A position in ten-thousandths of a degree."""
    return min(3_599_999, int((lon + 180) * 10_000 + 0.5)), min(1_799_999, int((lat + 90) * 10_000 + 0.5))


def cell_of(lon: float, lat: float, step: int) -> Cell:
    """The cell that holds a position."""
    x, y = units(lon, lat)
    return Cell(step, x // step, y // step)


def cell_of_tenths(gx: int, gy: int, step: int) -> Cell:
    """The cell that holds a whole tenth of a degree; for steps of whole tenths."""
    return Cell(step, gx * TENTH // step, gy * TENTH // step)


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the map in tenths of a degree, grown to whole cells, all ends included."""

    west: int
    south: int
    east: int
    north: int


def read_box(text: str, step: int) -> Box | None:
    """``w,s,e,n`` in degrees as a box of whole cells (of at least a tenth). None for an empty text; ValueError for what
    is no box."""
    if not text.strip():
        return None
    parts = text.split(",")
    if len(parts) != 4 or any(len(part) > 24 for part in parts):
        raise ValueError("a box has four numbers")
    west, south, east, north = (float(part) for part in parts)
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise ValueError("a box lies on the earth, west before east, south before north")
    side = max(step, TENTH) // TENTH
    low_x, low_y = int((west + 180) * 10 + 1e-9), int((south + 90) * 10 + 1e-9)
    high_x, high_y = int((east + 180) * 10 + 1e-9), int((north + 90) * 10 + 1e-9)
    return Box(
        low_x // side * side, low_y // side * side, high_x // side * side + side - 1, high_y // side * side + side - 1
    )


@dataclass(slots=True)
class Sum:
    """What is known of one cell so far. ``counts``: check-in fresh, recent, stale; posting the same; home. ``places``:
    how many people each place has."""

    number: int = 0
    lon: float = 0.0
    lat: float = 0.0
    away: int = 0
    counts: list[int] = field(default_factory=lambda: [0] * 7)
    places: Counter[Hashable] = field(default_factory=Counter)

    def add(self, kind: str, fresh: int, stale: int, number: int, lon: float, lat: float, place: Hashable) -> None:
        """Add ``number`` people of one kind; ``lon`` and ``lat`` are sums over them."""
        self.number += number
        self.lon += lon
        self.lat += lat
        self.places[place] += number
        if kind == "home":
            self.counts[6] += number
            return
        at = 0 if kind == "checkin" else 3
        self.counts[at] += fresh
        self.counts[at + 1] += number - fresh - stale
        self.counts[at + 2] += stale


def as_rows(sums: dict[Cell, Sum], *, precise: bool, label: Any) -> list[list[Any]]:
    """The answer's cells, the largest first. ``label(places)`` names a cell."""
    places = PRECISE_PLACES if precise else COARSE_PLACES
    return [
        [
            round(found.lon / found.number, places),
            round(found.lat / found.number, places),
            found.number,
            *found.counts,
            label(found.places),
            cell.key,
        ]
        for cell, found in sorted(sums.items(), key=lambda item: (-item[1].number, item[0].x, item[0].y))
    ]


def touches(paths: Iterable[str], reach: Iterable[str]) -> bool:
    """Whether a change at ``paths`` (prefixes themselves, perhaps collapsed) can concern somebody in ``reach``."""
    prefixes = tuple(reach)
    return any(path.startswith(prefix) or prefix.startswith(path) for path in paths for prefix in prefixes)
