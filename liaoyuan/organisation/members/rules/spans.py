"""Histories as spans of days: half-open ``[since, until)``, open where ``until`` is None. Pure; hypothesis tests them.

A history of one kind (home, attached, standing) never overlaps itself. ``moved`` works for any day in it, so that a
change recorded late is the same verb as one recorded in time.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Span:
    """``value`` held from ``since`` (None = unknown, long ago) until the day before ``until``. ``key`` names the stored
    row it came from; None for a new one."""

    since: date | None
    until: date | None
    value: Any
    key: Any = None

    def covers(self, day: date) -> bool:
        """Whether it holds on ``day``."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)

    @property
    def empty(self) -> bool:
        """Whether it holds on no day at all."""
        return self.since is not None and self.until is not None and self.until <= self.since


def overlap(one: Span, other: Span) -> bool:
    """Whether the two share a day."""
    if one.empty or other.empty:
        return False
    starts_before_end = one.since is None or other.until is None or one.since < other.until
    return starts_before_end and (other.since is None or one.until is None or other.since < one.until)


def in_order(spans: Iterable[Span]) -> list[Span]:
    """By their first day; the unknown beginning first."""
    return sorted(spans, key=lambda span: (span.since or date.min, span.until or date.max))


def at(spans: Iterable[Span], day: date) -> Span | None:
    """The span that holds on ``day``."""
    return next((span for span in spans if span.covers(day)), None)


def moved(spans: Sequence[Span], on: date, value: Any) -> list[Span] | None:
    """The history when ``value`` holds from ``on`` until the next recorded change. None where nothing holds on ``on``
    and something did before: such a day lies in a gap (the person had left)."""
    ordered = [span for span in in_order(spans) if not span.empty]
    present = at(ordered, on)
    if present is None:
        if ordered and (ordered[0].since is None or ordered[0].since <= on):
            return None
        first = ordered[0].since if ordered else None
        return _joined([Span(on, first, value), *ordered])
    after: list[Span] = []
    for span in ordered:
        if span is not present:
            after.append(span)
        elif span.since == on:
            after.append(replace(span, value=value))
        else:
            after += [replace(span, until=on), Span(on, span.until, value)]
    return _joined(after)


def changed(spans: Sequence[Span], on: date, change: Callable[[Any], Any]) -> list[Span]:
    """The history when from ``on`` each value is what ``change`` makes of it, later recorded changes included."""
    after: list[Span] = []
    for span in (span for span in in_order(spans) if not span.empty):
        value = change(span.value)
        if value == span.value or (span.until is not None and span.until <= on):
            after.append(span)
        elif span.covers(on) and span.since != on:
            after += [replace(span, until=on), Span(on, span.until, value)]
        else:
            after.append(replace(span, value=value))
    return _joined(after)


def ended(spans: Sequence[Span], on: date) -> list[Span] | None:
    """The history when it ends on ``on`` (no longer held that day). None where nothing is open or it began later."""
    ordered = in_order(spans)
    last = next((span for span in ordered if span.until is None), None)
    if last is None or (last.since is not None and last.since > on):
        return None
    return [replace(span, until=on) if span is last else span for span in ordered]


def _joined(spans: Sequence[Span]) -> list[Span]:
    """The same days with touching spans of one value made one. The later row is kept: it is the present one."""
    kept: list[Span] = []
    for span in spans:
        if kept and kept[-1].value == span.value and kept[-1].until == span.since:
            kept[-1] = replace(span, since=kept[-1].since, key=span.key or kept[-1].key)
        else:
            kept.append(span)
    return kept
