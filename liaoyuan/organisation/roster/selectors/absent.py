"""An absent column leaves its values alone: rows of what exists are judged with the values that the platform holds."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from liaoyuan.organisation.roster.rules.people import group_left, judged_with
from liaoyuan.organisation.roster.rules.rows import Book, Known, Part, PersonRow, PostingRow, TenureRow, UnitRow
from liaoyuan.organisation.roster.rules.units import JUDGED
from liaoyuan.organisation.roster.selectors.rows import people_rows, posting_rows, unit_rows

_POSTING = frozenset({"purpose", "site", "attached", "planned_end", "ended_on"})


def fill_absent(book: Book, known: Known) -> None:
    """Write into the rows of existing units, people, posts and postings what the file has no column for. What lies out
    of the actor's reach stays as the file has it, so that no finding can tell of it. Nothing is read where no column is
    missing that is judged together with one that is there."""
    if book.units:
        _units(book.units, known)
    if book.people:
        _people(book.people, known)
    if book.tenures and "until" not in book.tenures.present:
        _tenures(book.tenures, known)
    if book.postings:
        _postings(book.postings, known)
    for part in (book.units, book.postings):
        if part and len({"lon", "lat"} & part.present) == 1:
            _half_positions(part, known)


def _units(part: Part[UnitRow], known: Known) -> None:
    absent = JUDGED - part.present
    if "site" not in part.present and part.present & {"lon", "lat"}:
        absent |= {"site"}
    codes = {row.code for row in part.rows if row.code in known.units and not known.hides_unit(known.units[row.code])}
    if absent and codes:
        _fill(part.rows, absent, lambda row: row.code, {old.code: old for _, old in unit_rows() if old.code in codes})


def _people(part: Part[PersonRow], known: Known) -> None:
    absent = judged_with(part.present) - part.present
    numbers = {row.number for row in part.rows if row.number in known.people and not known.hides(row.number)}
    if not absent or not numbers:
        return
    rows: dict[str, list[PersonRow]] = {}
    for row in part.rows:
        if row.number in numbers:
            rows.setdefault(row.number, []).append(row)
    for _key, _user, old in people_rows(numbers=sorted(numbers)):
        for row in rows[old.number]:
            _take(row, old, absent)
            if "group" in absent and group_left(old, row):
                row.group = ""


def _tenures(part: Part[TenureRow], known: Known) -> None:
    for row in part.rows:
        recorded = known.tenures.get((row.number, row.unit, row.post), ())
        row.until = next((until for since, until in recorded if since == row.since), None)


def _postings(part: Part[PostingRow], known: Known) -> None:
    absent = _POSTING - part.present
    numbers = {row.number for row in part.rows if row.number in known.postings and not known.hides(row.number)}
    if absent and numbers:
        recorded = {(old.number, old.since): old for _, _, old in posting_rows(numbers=sorted(numbers))}
        _fill(part.rows, absent, lambda row: (row.number, row.since), recorded)


def _half_positions(part: "Part[UnitRow] | Part[PostingRow]", known: Known) -> None:
    """A position belongs to its place: the half without a column is that of the place of this name."""
    for row in part.rows:
        at = known.sites.get(row.site)
        if at is None or (row.lon is None and row.lat is None):
            continue
        if "lon" in part.present:
            row.lat = at[1]
        else:
            row.lon = at[0]


def _fill(rows: Sequence[Any], absent: Iterable[str], name: Callable[[Any], Any], recorded: dict[Any, Any]) -> None:
    for row in rows:
        old = recorded.get(name(row))
        if old is not None:
            _take(row, old, absent)


def _take(row: Any, old: Any, absent: Iterable[str]) -> None:
    for key in absent:
        setattr(row, key, getattr(old, key))
