"""Spreadsheets out: written row by row, no cell ever a formula, each file says who took it and when."""

import re
import tempfile
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from html import unescape
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import DomainError
from liaoyuan.kernel.ui.context import watermark_for

EXPORT_LIMIT = 200_000  # rows; Excel itself ends at 1,048,576
CELL_LIMIT = 32_767  # characters Excel takes in one cell
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_FORBIDDEN_IN_NAMES = re.compile(r'[\\/:*?"<>|\[\]\x00-\x1f]')

Value = Callable[[Any], object]


def export_rows(
    request: HttpRequest,
    *,
    name: str,
    heads: Sequence[str],
    values: Sequence[Value],
    rows: QuerySet[Any],
    on_export: Callable[[int], None] | None = None,
) -> FileResponse:
    """``rows`` as a workbook to download. ``on_export(count)`` runs before the first byte leaves.

    Raises DomainError where there are more rows than EXPORT_LIMIT: narrow the list first.
    """
    if rows.order_by().values("pk")[: EXPORT_LIMIT + 1].count() > EXPORT_LIMIT:
        raise DomainError(
            _("要导出的内容超过 %(limit)s 行，请先用筛选缩小范围，再导出。") % {"limit": f"{EXPORT_LIMIT:,}"}
        )
    lines = ([value(row) for value in values] for row in rows.iterator(chunk_size=2000))
    target = tempfile.TemporaryFile()  # noqa: SIM115  FileResponse closes it
    try:
        count = write_sheet(target, title=name, heads=heads, lines=lines, mark=watermark_for(request.user))
        if on_export is not None:
            on_export(count)
    except BaseException:
        target.close()
        raise
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=file_name(name, "xlsx"), content_type=XLSX)


def file_name(name: str, ending: str) -> str:
    """What an export is called: its list and the minute it was taken."""
    return f"{_FORBIDDEN_IN_NAMES.sub('_', name)} {clock.local(clock.now()):%Y-%m-%d %H%M}.{ending}"


def write_sheet(
    target: Any, *, title: str, heads: Sequence[str], lines: Iterable[Sequence[object]], mark: str = ""
) -> int:
    """Write a workbook of one sheet to ``target`` (a binary file) and return its number of lines."""
    from openpyxl import Workbook  # here and below: only who takes a sheet pays for it, not every start
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    book.properties.creator = mark or "燎原"
    book.properties.title = title
    sheet = book.create_sheet(_FORBIDDEN_IN_NAMES.sub("_", title)[:31] or "Sheet")
    sheet.freeze_panes = "A2"
    if mark:
        # In a header "&" starts a code of its own; doubling it prints one.
        sheet.oddHeader.center.text = mark.replace("&", "&&")
        sheet.oddFooter.right.text = "&P / &N"
    for index, head in enumerate(heads, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = max(10, min(40, len(head) * 2 + 6))
    sheet.append([_head(sheet, head) for head in heads])
    count = 0
    for line in lines:
        sheet.append([cell_for(sheet, value) for value in line])
        count += 1
    if heads:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(heads))}{count + 1}"
    book.save(target)
    return count


def cell_for(sheet: Any, value: object) -> Any:
    """``value`` as a cell. Text stays text: what could start a formula is written as a quoted string, unchanged, so
    that it reads back exactly and Excel keeps it as text even after editing."""
    plain = _plain(value)
    if isinstance(plain, str) and plain.startswith(_FORMULA):
        from openpyxl.cell import WriteOnlyCell

        cell = WriteOnlyCell(sheet, value=plain)
        cell.data_type = "s"
        cell.quotePrefix = True
        return cell
    return plain


def _head(sheet: Any, text: str) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font, PatternFill

    cell = WriteOnlyCell(sheet, value=_CONTROL.sub("", text))
    cell.data_type = "s"
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="EFECE8")
    return cell


def _plain(value: object) -> object:
    if value is None or (isinstance(value, int | float | Decimal) and not isinstance(value, bool)):
        return value
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, datetime):
        return clock.local(value).replace(tzinfo=None) if value.tzinfo else value
    if isinstance(value, date):
        return value
    text = unescape(strip_tags(value.__html__())) if hasattr(value, "__html__") else str(value)
    return _CONTROL.sub("", text).strip()[:CELL_LIMIT]
