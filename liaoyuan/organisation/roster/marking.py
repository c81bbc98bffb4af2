"""The error workbook: the clerk's own file with every problem marked at its cell.

Small files keep their whole layout (fill and comment are added); very large ones are written anew, values only, because
holding their layout would take gigabytes.
"""

from collections.abc import Sequence
from copy import copy
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from python_calamine import CalamineWorkbook

from liaoyuan.kernel.ui.sheets import cell_for
from liaoyuan.organisation.roster.messages import ERROR, LABELS, NOTE, WARNING, Problem
from liaoyuan.organisation.roster.reading import Sheet

WHOLE_LAYOUT_CELLS = 400_000
LIST_SHEET = "问题清单"
MOST = 20_000
_FILLS = {
    ERROR: PatternFill("solid", fgColor="F4B6B6"),
    WARNING: PatternFill("solid", fgColor="F8E2A0"),
    NOTE: PatternFill("solid", fgColor="CFE3F5"),
}
_WORST = {ERROR: 0, WARNING: 1, NOTE: 2}


def write_marked(source: Path, target: IO[bytes], sheets: dict[str, Sheet], problems: Sequence[Problem]) -> None:
    """Write a copy of ``source`` with ``problems`` marked: coloured by severity, the sentences as the cell's comment,
    and all of them on a first sheet with links."""
    places = _places(sheets, problems[:MOST])
    cells = sum(len(sheet.rows) * max(sheet.columns.values(), default=0) for sheet in sheets.values())
    if cells <= WHOLE_LAYOUT_CELLS:
        _mark_in_place(source, target, places, problems)
    else:
        _write_anew(source, target, places, problems)


def _places(sheets: dict[str, Sheet], problems: Sequence[Problem]) -> dict[str, dict[tuple[int, int], list[Problem]]]:
    """Sheet name → (row, column) → problems. A problem of a whole row goes to the row's first known column, one of a
    whole sheet to its heading."""
    by_title = {sheet.title: sheet for sheet in sheets.values()}
    keys = {sheet.title: {column.title: column.key for column in sheet.layout.columns} for sheet in sheets.values()}
    found: dict[str, dict[tuple[int, int], list[Problem]]] = {}
    for one in problems:
        sheet = by_title.get(one.sheet)
        if sheet is None:
            continue
        place = sheet.columns.get(keys[one.sheet].get(one.column, ""), min(sheet.columns.values(), default=1))
        found.setdefault(one.sheet, {}).setdefault((one.row or sheet.header_row, place), []).append(one)
    return found


def _words(problems: Sequence[Problem]) -> str:
    return "\n".join(f"【{LABELS[one.severity]}】{one.message}" for one in problems)[:2000]


def _fill(problems: Sequence[Problem]) -> PatternFill:
    return _FILLS[min((one.severity for one in problems), key=_WORST.__getitem__)]


def _mark_in_place(
    source: Path,
    target: IO[bytes],
    places: dict[str, dict[tuple[int, int], list[Problem]]],
    problems: Sequence[Problem],
) -> None:
    book = load_workbook(source)
    for title, cells in places.items():
        sheet = book[title]
        merged = {
            (row, column): (block.min_row, block.min_col)
            for block in sheet.merged_cells.ranges
            for row in range(block.min_row, block.max_row + 1)
            for column in range(block.min_col, block.max_col + 1)
        }
        gathered: dict[tuple[int, int], list[Problem]] = {}
        for place, found in cells.items():
            gathered.setdefault(merged.get(place, place), []).extend(found)
        for (row, column), found in gathered.items():
            cell = sheet.cell(row, column)
            cell.fill = copy(_fill(found))
            cell.comment = Comment(_words(found), "燎原", width=340, height=120)
    name = LIST_SHEET if LIST_SHEET not in book.sheetnames else f"{LIST_SHEET}2"
    sheet = book.create_sheet(name, 0)
    for line in _list(problems):
        sheet.append(line)
    for index, one in enumerate(problems[:MOST], start=2):
        if one.row and one.sheet in book.sheetnames:
            quoted = one.sheet.replace("'", "''")
            sheet.cell(index, 2).hyperlink = f"#'{quoted}'!A{one.row}"
    for letter, width in zip("ABCDE", (14, 8, 18, 8, 90), strict=True):
        sheet.column_dimensions[letter].width = width
    book.active = 0
    book.save(target)


def _write_anew(
    source: Path,
    target: IO[bytes],
    places: dict[str, dict[tuple[int, int], list[Problem]]],
    problems: Sequence[Problem],
) -> None:
    book = Workbook(write_only=True)
    listing = book.create_sheet(LIST_SHEET)
    for line in _list(problems):
        listing.append(line)
    raw = CalamineWorkbook.from_path(str(source))
    for title in raw.sheet_names:
        sheet = book.create_sheet(title if title != LIST_SHEET else f"{LIST_SHEET}2")
        data, marks = raw.get_sheet_by_name(title), places.get(title, {})
        left = data.start[1] if data.start else 0
        for number, values in enumerate(data.iter_rows() if data.height else (), start=1):
            cells: list[Any] = [None] * left + [cell_for(sheet, value) if value != "" else None for value in values]
            for index in range(len(cells)):
                found = marks.get((number, index + 1))
                if found:
                    cells[index] = _marked_cell(sheet, cells[index], found)
            sheet.append(cells)
    book.save(target)


def _marked_cell(sheet: Any, value: Any, found: Sequence[Problem]) -> Any:
    cell = value if isinstance(value, Cell) else WriteOnlyCell(sheet, value=value)
    cell.fill = _fill(found)
    cell.comment = Comment(_words(found), "燎原", width=340, height=120)
    return cell


def _list(problems: Sequence[Problem]) -> list[list[Any]]:
    lines: list[list[Any]] = [[_("工作表"), _("行"), _("列"), _("轻重"), _("问题与办法")]]
    lines += [
        [one.sheet, one.row or None, one.column, str(LABELS[one.severity]), one.message] for one in problems[:MOST]
    ]
    if len(problems) > MOST:
        lines.append(["", None, "", "", _("问题太多，只列出前 %(most)s 条。") % {"most": MOST}])
    return lines
