"""What one may pass on: pure functions over dated holdings (nobody can grant more than they hold)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from liaoyuan.kernel.paths import within


@dataclass(frozen=True, slots=True)
class Holding:
    """Capabilities over the subtree at ``path``, both days included (``until`` None = open)."""

    capabilities: frozenset[str]
    path: str
    since: date
    until: date | None

    def holds_through(self, path: str, since: date, until: date | None) -> bool:
        """Whether it covers ``path`` on every day from ``since`` to ``until``."""
        if not within(path, self.path) or self.since > since:
            return False
        return self.until is None or (until is not None and until <= self.until)


def missing(
    holdings: Iterable[Holding], capabilities: Iterable[str], *, path: str, since: date, until: date | None
) -> tuple[str, ...]:
    """Capabilities not held at ``path`` through the whole time, sorted: each one is checked by itself."""
    fitting = [holding for holding in holdings if holding.holds_through(path, since, until)]
    held = frozenset().union(*(holding.capabilities for holding in fitting))
    return tuple(sorted(set(capabilities) - held))


def held_until(
    holdings: Iterable[Holding], capabilities: Iterable[str], *, path: str, since: date
) -> tuple[bool, date | None]:
    """Whether every capability is held at ``path`` from ``since`` on, and the last such day (None = open)."""
    holdings = list(holdings)
    last: date | None = None
    for capability in capabilities:
        fitting = [
            holding
            for holding in holdings
            if capability in holding.capabilities and holding.holds_through(path, since, since)
        ]
        if not fitting:
            return False, None
        if any(holding.until is None for holding in fitting):
            continue
        best = max(holding.until for holding in fitting if holding.until is not None)
        last = best if last is None else min(last, best)
    return True, last
