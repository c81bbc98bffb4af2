"""Papers as PDF: A4, each on a page of its own, drawn from a template of ours; nothing is fetched from anywhere."""

from collections.abc import Sequence
from typing import Any

from django.template.loader import render_to_string

from liaoyuan.affairs.admission.rules.sheets import Sheet

PDF = "application/pdf"
# The fonts of official papers where they are installed, else the free ones that every instance has (Noto CJK).
STYLE = """
@page { size: A4; margin: 30mm 26mm 26mm;
  @bottom-left { content: string(mark); font: 8pt "Noto Sans CJK SC", sans-serif; color: #555; }
  @bottom-right { content: "第 " counter(page) " 页 共 " counter(pages) " 页"; font: 8pt "Noto Sans CJK SC", sans-serif;
    color: #555; } }
body { font-family: "FangSong", "仿宋", "FangSong_GB2312", "Noto Serif CJK SC", serif; font-size: 14pt;
  line-height: 1.7; color: #000; margin: 0; }
.paper + .paper { break-before: page; }
.mark { string-set: mark content(); height: 0; overflow: hidden; font-size: 1pt; color: #fff; }
h1 { font-family: "SimHei", "黑体", "Noto Sans CJK SC", sans-serif; font-size: 20pt; font-weight: 500;
  line-height: 1.4; text-align: center; margin: 0 0 3mm; }
.subtitle { text-align: center; font-size: 11pt; margin: 0 0 7mm; }
.to { margin: 6mm 0 0; }
table { width: 100%; border-collapse: collapse; font-size: 12pt; line-height: 1.5; margin: 0 0 6mm; }
th, td { border: 0.6pt solid #000; padding: 1.8mm 2.5mm; text-align: left; vertical-align: middle; }
td { white-space: pre-line; }
th { font-weight: normal; width: 34mm; }
.grid { table-layout: fixed; }
thead th { font-family: "SimHei", "黑体", "Noto Sans CJK SC", sans-serif; width: auto; }
thead th:first-child { width: 34mm; }
thead th:last-child { width: 40mm; }
tbody tr { break-inside: avoid; }
.boxes th, .boxes td { vertical-align: top; height: 48mm; }
.boxes tr { break-inside: auto; }
p.text { text-indent: 2em; margin: 0; white-space: pre-line; }
.text + table { margin-top: 6mm; }
.lead { margin-bottom: 5mm; }
.signs { margin: 12mm 0 0; text-align: right; break-inside: avoid; }
.signs p { margin: 2mm 0; white-space: pre; }
"""


def pdf(sheets: Sequence[Sheet], *, mark: str) -> bytes:
    """One file of these papers, in this order. ``mark`` (who, when) stands in the foot of every page."""
    from weasyprint import CSS, HTML  # only who prints pays for it

    html = render_to_string("admission/_sheet.html", {"sheets": sheets, "mark": mark})
    drawn: bytes = HTML(string=html, url_fetcher=_nothing).write_pdf(stylesheets=[CSS(string=STYLE)])
    return drawn


def _nothing(url: str, *args: Any, **more: Any) -> dict[str, Any]:
    raise ValueError(f"a paper names no address: {url}")
