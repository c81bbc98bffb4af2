"""Who rests on which clause: apps above tell the rule book what they compute from it, and which screens act on it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.urls import reverse

from liaoyuan.foundation.regulations.selectors import documents


@dataclass(frozen=True, slots=True)
class Citation:
    """Something of the product that rests on a clause: what it is called, and its page. ``screen``: a page where
    somebody acts under the clause; else a duty rule."""

    document: str
    number: str
    label: str
    url: str
    screen: bool = False


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen that acts on clauses: what it is called, the address (without arguments) that leads to it, and the rows
    of the rules table (``DM-24``) that it applies; every version of a text that names a row is cited."""

    label: str
    route: str
    facts: tuple[str, ...]


Source = Callable[[], Iterable[Citation]]
_sources: dict[str, Source] = {}
_screens: list[Screen] = []


def register_citations(key: str, source: Source) -> None:
    """Register who cites clauses, from ``AppConfig.ready``; called whenever the rule book is shown, without a query."""
    _sources[key] = source


def register_screens(*screens: Screen) -> None:
    """Name an app's screens that act on clauses, from ``AppConfig.ready``."""
    _screens.extend(one for one in screens if one not in _screens)


def screens() -> tuple[Screen, ...]:
    """Every screen that was named."""
    return tuple(_screens)


def _of_screens() -> Iterator[Citation]:
    for document in documents():
        for clause in document.clauses.values():
            for screen in _screens:
                if not set(screen.facts).isdisjoint(clause.facts):
                    yield Citation(document.id, clause.number, screen.label, reverse(screen.route), screen=True)


def citations() -> dict[tuple[str, str], list[Citation]]:
    """Everything that cites a clause: (document id, number) → citations, duty rules before screens, by label."""
    found: dict[tuple[str, str], list[Citation]] = {}
    for source in (*_sources.values(), _of_screens):
        for one in source():
            found.setdefault((one.document, one.number), []).append(one)
    return {clause: sorted(rows, key=lambda row: (row.screen, row.label)) for clause, rows in found.items()}


def anchor(document: str, number: str) -> str:
    """The rule book's anchor of a clause."""
    return f"{document}-{number}"
