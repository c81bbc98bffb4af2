"""Who rests on which clause: apps above tell the rule book what they compute from it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Citation:
    """Something of the product that rests on a clause: what it is called, and its page."""

    document: str
    number: str
    label: str
    url: str


Source = Callable[[], Iterable[Citation]]
_sources: dict[str, Source] = {}


def register_citations(key: str, source: Source) -> None:
    """Register who cites clauses, from ``AppConfig.ready``; called whenever the rule book is shown, without a query."""
    _sources[key] = source


def citations() -> dict[tuple[str, str], list[Citation]]:
    """Everything that cites a clause: (document id, number) → citations, by label."""
    found: dict[tuple[str, str], list[Citation]] = {}
    for source in _sources.values():
        for one in source():
            found.setdefault((one.document, one.number), []).append(one)
    return {clause: sorted(rows, key=lambda row: row.label) for clause, rows in found.items()}


def anchor(document: str, number: str) -> str:
    """The rule book's anchor of a clause."""
    return f"{document}-{number}"
