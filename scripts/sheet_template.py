"""Draws ``sheet.docx``, the Word layout of admission's papers (A4), which docxtpl fills in. Run it after a change here:
``python -m scripts.sheet_template``. A unit may lay its own over it (``LIAOYUAN_HOME/papers/sheet.docx``)."""

from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.table import WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from scripts.steps import ROOT

TARGET = ROOT / "liaoyuan" / "affairs" / "admission" / "documents" / "sheet.docx"
BODY, HEADING = "仿宋", "黑体"  # the fonts of official papers; Word falls back where they are missing
BOX = Cm(4.8)  # an empty box: room to write in


def _font(run: Any, name: str, size: float) -> None:
    run.font.name, run.font.size = name, Pt(size)
    run._element.rPr.rFonts.set(qn("w:eastAsia"), name)


def _paragraph(document: Any, text: str, *, name: str = BODY, size: float = 14, align: Any = None) -> Any:
    paragraph = document.add_paragraph()
    paragraph.alignment = align
    paragraph.paragraph_format.line_spacing = 1.5
    paragraph.paragraph_format.space_after = Pt(0)
    _font(paragraph.add_run(text), name, size)
    return paragraph


def _row_says(row: Any, name: str) -> None:
    """A property of a row: ``cantSplit`` keeps it on one page, ``tblHeader`` repeats it on each."""
    row._tr.get_or_add_trPr().append(OxmlElement(f"w:{name}"))


def _table(document: Any, heads: list[str], cells: list[str], widths: list[float], loop: tuple[str, str]) -> Any:
    """A table of one row that repeats, between the two rows that docxtpl takes for its loop; the row."""
    table = document.add_table(rows=4 if heads else 3, cols=len(cells))
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    rows = list(table.rows)
    if heads:
        for cell, text in zip(rows[0].cells, heads, strict=True):
            _cell(cell, text, name=HEADING)
        _row_says(rows[0], "tblHeader")
        rows = rows[1:]
    rows[0].cells[0].text = loop[0]
    for cell, text in zip(rows[1].cells, cells, strict=True):
        _cell(cell, text)
    rows[2].cells[0].text = loop[1]
    _widths(table, widths)
    return rows[1]


def _widths(table: Any, widths: Sequence[float]) -> None:
    """Widths of the columns, in centimetres: Word goes by the cells', LibreOffice by the grid's."""
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
        for cell in column.cells:
            cell.width = Cm(width)


def _grid(document: Any) -> None:
    """Label and value, two pairs a line or one over the whole width."""
    table = document.add_table(rows=7, cols=4)
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    _widths(table, (3.5, 4.4, 3.5, 4.4))
    for at, says in (
        (0, "{%tr for line in grid %}"), (1, "{%tr if line.wide %}"), (3, "{%tr else %}"), (5, "{%tr endif %}"),
        (6, "{%tr endfor %}"),
    ):  # fmt: skip
        table.rows[at].cells[0].text = says
    wide, pair = table.rows[2], table.rows[4]
    wide.cells[1].merge(wide.cells[3])
    for cell, text in ((wide.cells[0], "{{ line.label }}"), (wide.cells[1], "{{ line.value }}")):
        _cell(cell, text)
    for cell, name in zip(pair.cells, ("label", "value", "label2", "value2"), strict=True):
        _cell(cell, f"{{{{ line.{name} }}}}")
    for row in (wide, pair):
        _row_says(row, "cantSplit")


def _cell(cell: Any, text: str, *, name: str = BODY) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(4)
    _font(paragraph.add_run(text), name, 12)


def _gap(document: Any) -> None:
    """Word takes two tables without a paragraph between them for one."""
    _paragraph(document, "", size=6)


def main() -> None:
    """Write the file."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.6)
    section.top_margin, section.bottom_margin = Cm(3), Cm(2.5)
    document.styles["Normal"].font.name = BODY
    document.styles["Normal"].element.rPr.rFonts.set(qn("w:eastAsia"), BODY)
    centre = WD_ALIGN_PARAGRAPH.CENTER
    _paragraph(document, "{{ title }}", name=HEADING, size=20, align=centre)
    _paragraph(document, "{%p if subtitle %}")
    _paragraph(document, "{{ subtitle }}", size=11, align=centre).paragraph_format.space_after = Pt(12)
    _paragraph(document, "{%p endif %}")
    _paragraph(document, "{%p if to %}")
    _paragraph(document, "{{ to }}").paragraph_format.space_before = Pt(18)
    _paragraph(document, "{%p endif %}")
    _paragraph(document, "{%p if lead %}")
    _paragraph(document, "{{ lead }}").paragraph_format.first_line_indent = Pt(28)
    _gap(document)
    _paragraph(document, "{%p endif %}")
    _paragraph(document, "{%p if grid %}")
    _grid(document)
    _gap(document)
    _paragraph(document, "{%p endif %}")
    _paragraph(document, "{%p for text in paragraphs %}")
    _paragraph(document, "{{ text }}").paragraph_format.first_line_indent = Pt(28)
    _paragraph(document, "{%p endfor %}")
    _paragraph(document, "{%p if lines %}")
    _gap(document)
    heads = ["{{ heads[0] }}", "{{ heads[1] }}", "{{ heads[2] }}"]
    loop = ("{%tr for line in lines %}", "{%tr endfor %}")
    cells = ["{{ line[0] }}", "{{ line[1] }}", "{{ line[2] }}"]
    _row_says(_table(document, heads, cells, [2.2, 8.8, 4.8], loop), "cantSplit")
    _paragraph(document, "{%p endif %}")
    _paragraph(document, "{%p if boxes %}")
    _gap(document)
    loop = ("{%tr for box in boxes %}", "{%tr endfor %}")
    row = _table(document, [], ["{{ box.label }}", "{{ box.text }}"], [3.4, 12.4], loop)
    row.height, row.height_rule = BOX, WD_ROW_HEIGHT_RULE.AT_LEAST
    _paragraph(document, "{%p endif %}")
    _paragraph(document, "{%p if signs %}")
    _paragraph(document, "")
    _paragraph(document, "{%p endif %}")
    _paragraph(document, "{%p for sign in signs %}")
    _paragraph(document, "{{ sign }}", align=WD_ALIGN_PARAGRAPH.RIGHT)
    _paragraph(document, "{%p endfor %}")
    footer = section.footer.paragraphs[0]
    footer.alignment = centre
    _font(footer.add_run("{{ mark }}"), BODY, 8)
    document.save(str(TARGET))


if __name__ == "__main__":
    main()
