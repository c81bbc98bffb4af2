"""The whole check of a workbook: read, give meaning, compare within the file and with what is known."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from liaoyuan.kernel.clock import today as day_of_today
from liaoyuan.organisation.roster import parsing, reading
from liaoyuan.organisation.roster.layout import BY_KEY
from liaoyuan.organisation.roster.messages import ERROR, Problem, problems
from liaoyuan.organisation.roster.rules.findings import Finding, Findings
from liaoyuan.organisation.roster.rules.people import check_people, merged_people
from liaoyuan.organisation.roster.rules.postings import check_postings
from liaoyuan.organisation.roster.rules.rows import Book, Known, PostingRow
from liaoyuan.organisation.roster.rules.tenures import check_tenures
from liaoyuan.organisation.roster.rules.units import check_occupied, check_units, merged_units


@dataclass(slots=True)
class Checked:
    """A workbook's rows and everything that was found in it. ``sheets`` tells where cells stand."""

    book: Book
    problems: list[Problem]
    sheets: dict[str, reading.Sheet]

    @property
    def refused(self) -> bool:
        """Whether an error keeps it from being imported."""
        return any(one.severity == ERROR for one in self.problems)

    @property
    def titles(self) -> list[str]:
        """The names of the sheets read, as they stand in the file."""
        return [sheet.title for sheet in self.sheets.values()]


# Without its key column a sheet names nobody: what refers to it is then no mistake of the row that refers. Of people a
# clerk with limits is told the same where they are unknown as where they are elsewhere: neither is said.
_REFERRING = {
    "people": ("number", frozenset({"person_unknown", "out_of_reach"})),
    "units": ("code", frozenset({"unit_unknown", "group_unknown", "parent_unknown", "approver_unknown"})),
}


_WHO = BY_KEY["people"].column("number").title


def check_workbook(source: Path | bytes, known: Known, *, today: date | None = None) -> Checked:
    """Every problem of the workbook, not the first. Raises reading.UnreadableError where it cannot be read at all."""
    raw = reading.read(source)
    book, findings = parsing.typed(raw)
    findings += check_book(book, known, today or day_of_today())
    checked = Checked(book, [], raw.sheets)
    checked.problems = problems(findings, checked.titles)
    return checked


def check_book(book: Book, known: Known, today: date) -> list[Finding]:
    """What the rows say wrong, sheet by sheet and against each other."""
    known.fill(book, known)
    units = merged_units(book.units, known)
    people = merged_people(book.people, known)
    findings: list[Finding] = [*_new_rows(book, known)]
    if book.units:
        findings += check_units(book.units, units, known, today)
        moving = book.people if book.people and "unit" in book.people.present else None
        numbers = frozenset(row.number for row in moving.rows) if moving else frozenset()
        findings += check_occupied(book.units, people, numbers, known)
    if book.people:
        findings += check_people(book.people, units, known, today)
    if book.tenures:
        findings += check_tenures(book.tenures, units, people, known, today)
    if book.postings:
        findings += check_postings(book.postings, units, people, known, today)
    for key, (column, kinds) in _REFERRING.items():
        part = getattr(book, key)
        if part is not None and column not in part.present:
            findings = [
                one for one in findings if one.kind not in kinds or (one.kind == "out_of_reach" and one.column != _WHO)
            ]
    return findings


def _new_rows(book: Book, known: Known) -> list[Finding]:
    """Columns a file may leave out while it only changes what exists, but not for rows that are new."""
    findings: list[Finding] = []
    for key, part, existing in (
        ("units", book.units, lambda row: row.code in known.units),
        ("people", book.people, lambda row: row.number in known.people),
        ("tenures", book.tenures, lambda row: False),  # what it needs is what names it
        ("postings", book.postings, lambda row: _recorded(row, known)),
    ):
        if part is None:
            continue
        absent = [column for column in BY_KEY[key].columns if column.required and column.key not in part.present]
        if not absent or not part.rows:
            continue
        count = sum(not existing(row) for row in part.rows)
        notes = Findings(part.title)
        for column in absent if count else ():
            notes.add(0, column.title, "column_missing_for_new", count=count)
        findings += notes
    return findings


def _recorded(row: PostingRow, known: Known) -> bool:
    """Whether the posting is one that the platform has: a person's, begun on that day."""
    days = () if known.hides(row.number) else known.postings.get(row.number, ())
    return any(since == row.since for since, _, _ in days)
