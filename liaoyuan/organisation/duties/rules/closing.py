"""How long it takes until a duty is closed: median, ninetieth percentile, share in time. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import ceil

FEW = 5  # below this no median is told: it would say more about one case than about the work
FEW_FOR_TAIL = 20  # below this no ninetieth percentile is told

Span = tuple[date, date, date | None, int, bool]


@dataclass(frozen=True, slots=True)
class Closing:
    """``median`` and ``tail`` (the 90th percentile) in days from opening to closing; None where there are too few.
    ``dated`` closed duties had a day, ``in_time`` of them were closed by it; ``missed`` were closed as missed, which is
    never in time."""

    count: int
    median: float | None
    tail: int | None
    dated: int
    in_time: int
    missed: int = 0

    @property
    def share(self) -> int | None:
        """Per cent closed in time, rounded down; None where there are too few."""
        return 100 * self.in_time // self.dated if self.dated >= FEW else None


def closing(spans: Iterable[Span]) -> Closing:
    """From (opened, closed, due, how many, whether as missed). A fact that happened before the duty opened counts as
    zero days."""
    days: list[int] = []
    dated = in_time = missed = 0
    for opened, closed, due, number, as_missed in spans:
        days += [max(0, (closed - opened).days)] * number
        if due is not None:
            dated += number
            in_time += number if closed <= due and not as_missed else 0
        missed += number if as_missed else 0
    days.sort()
    count = len(days)
    median = (days[(count - 1) // 2] + days[count // 2]) / 2 if count >= FEW else None
    tail = days[ceil(count * 0.9) - 1] if count >= FEW_FOR_TAIL else None
    return Closing(count, median, tail, dated, in_time, missed)
