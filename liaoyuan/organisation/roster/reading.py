"""From a file to sheets of cells: which sheet is which, where its headings stand, which column is which.

Values stay as they are in the file (``rules.cells`` gives them meaning); nothing is judged here but the file's form.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineWorkbook

from liaoyuan.organisation.roster.guard import Passport, UnreadableError, column_letters, column_number, inspect
from liaoyuan.organisation.roster.layout import LAYOUTS, QUIET, Layout, heading
from liaoyuan.organisation.roster.rules.cells import text
from liaoyuan.organisation.roster.rules.findings import Findings

_HEADING_ROWS = 20
_FOOTER = re.compile(r"(?:合计|总计|小计|共计|说明|填表|制表|审核|备注|注[:：])")
_NS = {
    "m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
}


@dataclass(slots=True)
class Sheet:
    """One recognised sheet. ``columns`` maps a column's key to its place (1 = A); ``cells`` to its values, one for each
    entry of ``rows`` (the row numbers as the clerk sees them)."""

    layout: Layout
    title: str
    header_row: int
    columns: dict[str, int]
    rows: list[int] = field(default_factory=list)
    cells: dict[str, list[Any]] = field(default_factory=dict)

    def address(self, key: str, row: int) -> str:
        """Where a cell stands, e.g. F12; "" where the column is missing."""
        return f"{column_letters(self.columns[key])}{row}" if key in self.columns and row else ""


@dataclass(slots=True)
class RawBook:
    """What a file holds: recognised sheets by key, and what was noticed about its form."""

    sheets: dict[str, Sheet]
    findings: list[Any]
    date1904: bool = False


def read(source: Path | bytes) -> RawBook:
    """Read a workbook. Raises UnreadableError where it is none, or none of ours."""
    passport = inspect(source)
    book = _open(source)
    found: list[tuple[Layout, str]] = []
    findings: list[Any] = []
    sheets: dict[str, Sheet] = {}
    for name in book.sheet_names:
        sheet = _load(book, name, findings)
        if sheet is None:
            continue
        if sheet.layout.key in sheets:
            notes = Findings(name)
            notes.add(0, "", "sheet_twice", first=sheets[sheet.layout.key].title, what=sheet.layout.title)
            findings += notes
            continue
        sheets[sheet.layout.key] = sheet
        found.append((sheet.layout, name))
    if not sheets:
        raise UnreadableError("no_known_sheet", names="、".join(layout.title for layout in LAYOUTS))
    if passport.uncached or passport.failed:
        findings += _lost_values(source, passport, sheets)
    return RawBook(sheets, findings, passport.date1904)


def _open(source: Path | bytes) -> Any:
    try:
        if isinstance(source, bytes):
            return CalamineWorkbook.from_filelike(io.BytesIO(source))
        return CalamineWorkbook.from_path(str(source))
    except (CalamineError, OSError, ValueError) as error:
        raise UnreadableError("damaged") from error


def _load(book: Any, name: str, findings: list[Any]) -> Sheet | None:
    try:
        raw = book.get_sheet_by_name(name)
    except BaseException as error:  # the reader's panics are not Exceptions
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
        raise UnreadableError("damaged_sheet", name=name) from error
    notes = Findings(name)
    if raw.start is None or raw.height == 0:
        if _by_title(name) is not None:
            notes.add(0, "", "sheet_empty")
            findings += notes
        return None
    rows = _filled(raw)
    top = list(islice(rows, _HEADING_ROWS))
    recognised = _recognise(name, top)
    if recognised is None:
        if heading(name) not in QUIET:
            notes.add(0, "", "sheet_unrecognised" if _by_title(name) else "sheet_ignored")
            findings += notes
        return None
    layout, at = recognised
    sheet = Sheet(layout, name, at + 1, {})
    _columns(sheet, top[at], raw.start[1], notes)
    findings += notes
    if any(note.kind == "column_missing" for note in notes):
        sheet.rows, sheet.cells = [], {key: [] for key in sheet.columns}
        return sheet
    _rows(sheet, chain(islice(top, at + 1, None), rows), top[at], raw.start[1], notes)
    findings += [note for note in notes if note.kind == "row_ignored"]
    return sheet


def _filled(raw: Any) -> Iterator[list[Any]]:
    """Rows from the sheet's first, with merged cells filled downwards: a value merged over five rows is said of all
    five; one merged over columns belongs to its first column, but in the heading's rows to all of them."""
    left = raw.start[1]
    down: dict[int, list[tuple[int, int]]] = {}
    for (first, column), (last, _right) in raw.merged_cell_ranges or ():
        if last > first:
            down.setdefault(first, []).append((column - left, last))
    carried: dict[int, tuple[Any, int]] = {}
    for number, row in enumerate(raw.iter_rows()):
        for column, (value, last) in list(carried.items()):
            if number > last:
                del carried[column]
            elif column < len(row):
                row[column] = value
        for column, last in down.get(number, ()):
            if 0 <= column < len(row):
                carried[column] = (row[column], last)
        yield row


def _by_title(name: str) -> Layout | None:
    plain = heading(name)
    return next((one for one in LAYOUTS if plain in {heading(alias) for alias in (one.title, *one.aliases)}), None)


def _recognise(name: str, top: list[list[Any]]) -> tuple[Layout, int] | None:
    """The layout of a sheet and the index of its heading row: by the sheet's name where it says so, and by its
    headings in any case (a sheet called 人员 without a single known heading is not recognised)."""
    named = _by_title(name)
    best: tuple[int, int, int, Layout] | None = None
    for layout in (named,) if named else LAYOUTS:
        least = 2 if named else max(3, len([column for column in layout.columns if column.required]))
        for index, row in enumerate(top):
            known = {column.key for cell in row if cell != "" and (column := _column(layout, cell))}
            if len(known) >= least and (best is None or len(known) > best[0]):
                best = (len(known), -index, index, layout)
    return (best[3], best[2]) if best else None


def _column(layout: Layout, cell: Any) -> Any:
    return layout.by_name.get(heading(cell)) if type(cell) is str and len(cell) < 60 else None


def _columns(sheet: Sheet, row: list[Any], left: int, notes: Findings) -> None:
    for index, cell in enumerate(row):
        title = text(cell)
        column = _column(sheet.layout, cell)
        if column is None:
            if title:
                notes.add(sheet.header_row, title[:40], "column_ignored", title=title[:40])
        elif column.key in sheet.columns:
            first = column_letters(sheet.columns[column.key])
            notes.add(
                sheet.header_row, column.title, "column_twice", first=first, second=column_letters(left + index + 1)
            )
        else:
            sheet.columns[column.key] = left + index + 1
    for key in sheet.layout.identity[:1]:
        if key not in sheet.columns:
            notes.add(sheet.header_row, sheet.layout.column(key).title, "column_missing")


def _rows(sheet: Sheet, rows: Iterator[list[Any]], titles: list[Any], left: int, notes: Findings) -> None:
    """Cells column by column; blank rows, repeated headings and closing lines (合计…, 填表人…) are left out."""
    places = [(key, place - left - 1) for key, place in sheet.columns.items()]
    indexes = [index for _, index in places]
    kept: list[list[Any]] = []
    headings = set(titles)
    for number, row in enumerate(rows, sheet.header_row + 1):
        values = [row[index] for index in indexes]
        first = values[0]
        plain = type(first) is str and first and not first.isspace() and first not in headings
        if plain and len(values) - values.count("") > 3:  # an ordinary row: nothing more to find out
            sheet.rows.append(number)
            kept.append(values)
            continue
        filled = [value for value in values if not _blank(value)]
        if not filled:
            continue
        label = next(value for value in row if not _blank(value))  # 合计 often stands under 序号, a column not ours
        if len(filled) <= 3 and type(label) is str and _FOOTER.match(label.strip()):
            notes.add(number, "", "row_ignored", text=text(label)[:20])
            continue
        if len(filled) > 2 and all(_column(sheet.layout, value) for value in filled):
            notes.add(number, "", "row_ignored", text=text(filled[0])[:20])
            continue
        sheet.rows.append(number)
        kept.append(values)
    columns = zip(*kept, strict=True) if kept else ([] for _ in places)
    sheet.cells = {key: list(values) for (key, _), values in zip(places, columns, strict=True)}


def _blank(value: Any) -> bool:
    return value == "" or (type(value) is str and value.isspace())


def _lost_values(source: Path | bytes, passport: Passport, sheets: dict[str, Sheet]) -> list[Any]:
    """Findings for cells whose value the file does not hold: a formula nobody has calculated, or one that failed."""
    parts = _parts(source)
    findings: list[Any] = []
    for sheet in sheets.values():
        notes = Findings(sheet.title)
        keys = {place: key for key, place in sheet.columns.items()}
        rows = set(sheet.rows)
        for cells, kind in ((passport.uncached, "formula_without_value"), (passport.failed, "formula_failed")):
            for cell in sorted(cells.get(parts.get(sheet.title, ""), ())):
                letters = cell.rstrip("0123456789")
                key, row = keys.get(column_number(letters)), int(cell[len(letters) :])
                if key is not None and (row in rows or row > sheet.header_row):
                    notes.add(row, sheet.layout.column(key).title, kind)
        findings += notes
    return findings


def _parts(source: Path | bytes) -> dict[str, str]:
    """Sheet name → the part that holds it."""
    with zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source) as archive:
        links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314  inspected: no entities
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314  inspected: no entities
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    found = {}
    for sheet in book.iterfind("m:sheets/m:sheet", _NS):
        target = targets.get(sheet.get(f"{{{_NS['r']}}}id"), "")
        found[sheet.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return found
