"""Papers out: a list drawn as PDF on A4, with its own style sheet; nothing is fetched from anywhere."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from liaoyuan.kernel.errors import DomainError
from liaoyuan.kernel.ui.context import watermark_for
from liaoyuan.kernel.ui.sheets import file_name

PAPER_LIMIT = 2_000  # rows: some hundred pages; more is work for a spreadsheet
PDF = "application/pdf"
_STYLE = Path(__file__).parent / "paper.css"
_TILES = range(6)  # lines of the watermark on a page


@dataclass(frozen=True, slots=True)
class Line:
    """One row on paper: ``part`` heads the rows that share it (a year), ``lead`` stands before the words and ``note``
    after them, smaller. Lines, not a table: 2,000 of them take a quarter of the time."""

    part: str
    lead: str
    words: str
    note: str = ""


def export_paper(
    request: HttpRequest,
    *,
    name: str,
    subtitle: str,
    line: Callable[[Any], Line],
    rows: QuerySet[Any],
    on_export: Callable[[int], None] | None = None,
) -> HttpResponse:
    """``rows`` as a paper to download. ``on_export(count)`` runs before the first byte leaves.

    Raises DomainError where there are more rows than PAPER_LIMIT: narrow the list, or take the spreadsheet.
    """
    lines = [line(row) for row in rows[: PAPER_LIMIT + 1]]
    if len(lines) > PAPER_LIMIT:
        raise DomainError(
            _("要导出的内容超过 %(limit)s 行，不宜打印。请先用筛选缩小范围，或者导出 xlsx。")
            % {"limit": f"{PAPER_LIMIT:,}"}
        )
    parts = [(part, list(group)) for part, group in groupby(lines, key=attrgetter("part"))]
    mark = watermark_for(request.user)
    context = {"title": name, "subtitle": subtitle, "parts": parts, "mark": mark, "tiles": _TILES}
    data = draw(render_to_string("ui/_paper.html", context))
    if on_export is not None:
        on_export(len(lines))
    disposition = content_disposition_header(as_attachment=True, filename=file_name(name, "pdf")) or "attachment"
    return HttpResponse(data, content_type=PDF, headers={"Content-Disposition": disposition})


def draw(html: str) -> bytes:
    """A PDF from a page that names no address. Raises ValueError where it does."""
    from weasyprint import CSS, HTML  # only who prints pays for it

    page = HTML(string=html, url_fetcher=_nothing)
    drawn: bytes = page.write_pdf(stylesheets=[CSS(string=_STYLE.read_text(encoding="utf-8"))])
    return drawn


def _nothing(url: str, *args: Any, **more: Any) -> dict[str, Any]:
    raise ValueError(f"a paper names no address: {url}")
