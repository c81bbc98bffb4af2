"""Writing roster workbooks: the empty template, and what the platform holds. Same sheets, same columns as the reader.

``cell_for`` keeps text text: what begins with = + - @ is a quoted string, never a formula, and reads back unchanged.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import IO, Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from liaoyuan.kernel.ui.sheets import cell_for
from liaoyuan.organisation.members import codes
from liaoyuan.organisation.roster.layout import LAYOUTS, LISTS_SHEET, NOTES_SHEET, Column, Layout
from liaoyuan.organisation.roster.showing import shown_as
from liaoyuan.organisation.units.models import UnitKind

_BOLD = Font(bold=True)
_HEAD, _NEEDED = PatternFill("solid", fgColor="EFECE8"), PatternFill("solid", fgColor="F6E3B4")
_DROPDOWN_ROWS = 20_000
Step = Callable[[int], None]


def write_roster(
    target: IO[bytes], rows: dict[str, Iterable[Any]], *, mark: str = "", step: Step = lambda count: None
) -> int:
    """Write rows of ``rules.rows`` by sheet key into a workbook; how many lines. ``mark`` is the watermark that every
    page carries when printed."""
    book = _book(mark)
    count = 0
    for layout in LAYOUTS:
        sheet = _sheet(book, layout, mark, notes=False)
        shown = [(column, shown_as(column)) for column in layout.columns]
        for row in rows.get(layout.key, ()):
            sheet.append([cell_for(sheet, show(getattr(row, column.key))) for column, show in shown])
            count += 1
            if count % 500 == 0:
                step(count)
    book.save(target)
    return count


def write_template(target: IO[bytes], *, posts: Sequence[str], purposes: Sequence[str]) -> None:
    """Write the empty workbook: headings with hints, drop-downs for every code list, and a sheet of explanations."""
    book = _book("")
    choices = _choices(posts, purposes)
    for layout in LAYOUTS:
        sheet = _sheet(book, layout, "", notes=True)
        for index, column in enumerate(layout.columns, start=1):
            if column.choices:
                _dropdown(sheet, get_column_letter(index), list(choices).index(column.choices), choices[column.choices])
    _explain(book)
    _lists(book, choices)
    book.save(target)


def _book(mark: str) -> Workbook:
    book = Workbook(write_only=True)
    book.properties.creator = mark or "燎原"
    book.properties.title = _("花名册")
    return book


def _sheet(book: Workbook, layout: Layout, mark: str, *, notes: bool) -> Any:
    sheet = book.create_sheet(layout.title)
    sheet.freeze_panes = "C2" if layout.key == "people" else "A2"
    if mark:
        sheet.oddHeader.center.text = mark.replace("&", "&&")
        sheet.oddFooter.right.text = "&P / &N"
    for index, column in enumerate(layout.columns, start=1):
        dimension = sheet.column_dimensions[get_column_letter(index)]
        dimension.width = column.width
        if column.kind in {"code", "name"}:
            dimension.number_format = "@"
    sheet.append([_heading(sheet, column, notes) for column in layout.columns])
    return sheet


def _heading(sheet: Any, column: Column, notes: bool) -> Any:
    cell = WriteOnlyCell(sheet, value=column.title)
    cell.font = _BOLD
    cell.fill = _NEEDED if column.required else _HEAD
    words = [_("必填。")] if column.required else []
    words += [column.note] if column.note else []
    if notes and words:
        cell.comment = Comment("".join(words), "燎原", width=260, height=80)
    return cell


def _choices(posts: Sequence[str], purposes: Sequence[str]) -> dict[str, list[str]]:
    return {
        "kinds": [str(label) for label in UnitKind.labels],
        "yes_no": [_("是"), _("否")],
        "sexes": [codes.sex_label("1"), codes.sex_label("2")],
        "ethnicities": list(codes.ETHNICITIES.values()),
        "educations": list(codes.EDUCATIONS.values()),
        "categories": list(codes.CATEGORIES.values()),
        "ranks": list(codes.RANKS),
        "standings": list(codes.STANDINGS.values()),
        "posts": list(posts),
        "purposes": list(purposes),
    }


def _dropdown(sheet: Any, letter: str, index: int, values: Sequence[str]) -> None:
    source = get_column_letter(index + 1)
    rule = DataValidation(
        type="list", formula1=f"'{LISTS_SHEET}'!${source}$2:${source}${len(values) + 1}", allow_blank=True
    )
    rule.errorTitle, rule.error = _("不在选项里"), _("请从下拉列表中选择。")
    rule.showErrorMessage = True
    rule.add(f"{letter}2:{letter}{_DROPDOWN_ROWS}")
    sheet.data_validations.append(rule)


def _explain(book: Workbook) -> None:
    sheet = book.create_sheet(NOTES_SHEET)
    for letter, width in (("A", 10), ("B", 20), ("C", 8), ("D", 70)):
        sheet.column_dimensions[letter].width = width
    head = [WriteOnlyCell(sheet, value=title) for title in (_("工作表"), _("列"), _("必填"), _("怎么填"))]
    for cell in head:
        cell.font, cell.fill = _BOLD, _HEAD
    sheet.append(head)
    for layout in LAYOUTS:
        for column in layout.columns:
            sheet.append([layout.title, column.title, _("是") if column.required else "", column.note])
    for line in (
        _("列的次序可以变，可以多出别的列；列名写在前 20 行内的任意一行。"),
        _("同一份文件导入两次不会重复；以人员编号、组织编码认人和组织，表里没有的人不受影响。"),
        _("有任何一处错误，整份文件都不会写入。"),
    ):
        sheet.append(["", "", "", line])


def _lists(book: Workbook, choices: dict[str, list[str]]) -> None:
    sheet = book.create_sheet(LISTS_SHEET)
    sheet.append(list(choices))
    for index in range(max(map(len, choices.values()))):
        sheet.append([values[index] if index < len(values) else None for values in choices.values()])
