"""How we measure: two sides alive together, alternating windows, the median ratio with its quartiles.

The machine's own speed moves by a factor of two or three over minutes, so figures of separate runs say nothing about
each other. A result passes when the quartile on the wrong side of the median still meets the aim.
"""

import json
import math
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path

REFERENCE = 99.0  # an aim that is none
RESULTS = Path(__file__).parent / "results"
Window = Callable[[], list[float]]


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the table. ``ratio`` is ours ÷ base (time) unless ``more_is_better``; low and high its quartiles."""

    name: str
    database: str
    ours: str
    base: str
    ratio: float
    low: float
    high: float
    aim: float
    passed: bool
    note: str = ""


def calibrate() -> float:
    """Milliseconds of a fixed loop: printed beside absolute figures, since the machine's speed wanders."""
    begun = time.perf_counter()
    total = 0
    for number in range(3_000_000):
        total += number & 7
    return (time.perf_counter() - begun) * 1000


def percentile(values: Iterable[float], share: float) -> float:
    """The nearest-rank percentile of some values."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, math.ceil(share * len(ordered)) - 1))]


def flat(windows: list[list[float]]) -> list[float]:
    """All the seconds of some windows."""
    return list(chain.from_iterable(windows))


def compare(
    name: str,
    *,
    ours: Window,
    base: Window,
    aim: float,
    database: str,
    pairs: int = 12,
    share: float = 0.5,
    note: str = "",
) -> Result:
    """Alternate ``ours`` and ``base``; each call returns the seconds of every request of a window. ``share`` is the
    percentile that is compared (0.5 or 0.95), window by window for the median, over half-runs for the tail."""
    ours(), base()
    mine: list[list[float]] = []
    other: list[list[float]] = []
    for number in range(pairs):
        first, second = (mine, other) if number % 2 == 0 else (other, mine)
        first.append((ours if first is mine else base)())
        second.append((ours if second is mine else base)())
    group = 1 if share <= 0.5 else max(1, pairs // 4)
    ratios = [
        percentile(flat(mine[start : start + group]), share) / percentile(flat(other[start : start + group]), share)
        for start in range(0, pairs - group + 1, group)
    ]
    low, middle, high = quartiles(ratios)
    return Result(
        name,
        database,
        f"{1000 * percentile(flat(mine), share):.1f} ms",
        f"{1000 * percentile(flat(other), share):.1f} ms",
        round(middle, 2),
        round(low, 2),
        round(high, 2),
        aim,
        high <= aim,
        note,
    )


def reference(name: str, *, ours: Window, base: Window, database: str) -> Result:
    """A ratio of p95 that no aim speaks of: it tells what another yardstick would say."""
    return compare(f"参考：{name}", ours=ours, base=base, aim=REFERENCE, database=database, share=0.95)


def quartiles(values: list[float]) -> tuple[float, float, float]:
    """Lower quartile, median, upper quartile."""
    if len(values) == 1:
        return values[0], values[0], values[0]
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, middle, high


def bound(name: str, value: float, aim: float, *, unit: str, database: str = "", note: str = "") -> Result:
    """A plain upper bound (bytes, queries, MB, seconds): the value itself is compared with the aim."""
    return Result(
        name, database, f"{value:g} {unit}", f"≤ {aim:g} {unit}", value, value, value, aim, value <= aim, note
    )


def save(group: str, results: list[Result]) -> None:
    """Keep the results of one group for the table."""
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{group}.json").write_text(json.dumps([asdict(one) for one in results], ensure_ascii=False, indent=1))


def show(results: list[Result]) -> None:
    """Print results as a table for people."""
    for one in results:
        mark = "✓" if one.passed else "✗"
        print(
            f"{mark} {one.name} [{one.database}] {one.ours} : {one.base} = {one.ratio} "
            f"({one.low}–{one.high}), aim ≤ {one.aim} {one.note}",
            flush=True,
        )
