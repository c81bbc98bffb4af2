"""A paper as a Word file: the layout ``sheet.docx`` (or the instance's own) filled in."""

from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings

from liaoyuan.affairs.admission.rules.sheets import Sheet

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_OURS = Path(__file__).parent / "sheet.docx"


def layout() -> Path:
    """The instance's own layout where it has laid one, else ours."""
    own: Path = Path(settings.LIAOYUAN.home) / "papers" / "sheet.docx"
    return own if own.is_file() else _OURS


def word(sheet: Sheet, *, mark: str) -> bytes:
    """The file. ``mark`` (who, when) stands in its foot; every value is escaped."""
    from docxtpl import DocxTemplate  # only who prints pays for it

    template: Any = DocxTemplate(layout())
    context = {
        "title": sheet.title,
        "subtitle": sheet.subtitle,
        "to": sheet.to,
        "lead": sheet.lead,
        "grid": list(sheet.grid),
        "paragraphs": list(sheet.paragraphs),
        "heads": list(sheet.heads),
        "lines": [list(line) for line in sheet.lines],
        "boxes": [{"label": label, "text": text} for label, text in sheet.boxes],
        "signs": list(sheet.signs),
        "mark": mark,
    }
    template.render(context, autoescape=True)
    target = BytesIO()
    template.save(target)
    return target.getvalue()
