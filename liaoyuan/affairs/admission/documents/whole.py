"""A whole case as one file: every paper as Word, all of them in one PDF, and the acts as data."""

import json
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from liaoyuan.affairs.admission.documents.pdf import pdf
from liaoyuan.affairs.admission.documents.word import word
from liaoyuan.affairs.admission.models import Paper, StepRecord
from liaoyuan.affairs.admission.selectors.cases import history
from liaoyuan.affairs.admission.selectors.page import evidence_text
from liaoyuan.affairs.admission.selectors.sheets import Source, everything

ZIP = "application/zip"


def whole(source: Source, *, mark: str) -> bytes:
    """The zip: ``发展案卷.pdf`` to print, ``01 ….docx`` … in the order of the steps to go on working with, and
    ``办理记录.json`` with every row ever recorded, corrected and cancelled ones included."""
    sheets = list(everything(source))
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        archive.writestr("发展案卷.pdf", pdf(sheets, mark=mark))
        for number, sheet in enumerate(sheets, 1):
            archive.writestr(f"{number:02d} {sheet.title}.docx", word(sheet, mark=mark))
        archive.writestr("办理记录.json", json.dumps(_data(source, mark), ensure_ascii=False, indent=1))
    return target.getvalue()


def _data(source: Source, mark: str) -> dict[str, Any]:
    case = source.case
    return {
        "person": {"number": case.person.number, "name": case.person.name},
        "unit": {"code": case.unit.code, "name": case.unit.name},
        "text": source.state.limits.text,
        "closed_as": case.closed_as,
        "records": [_row(record) for record in history(case)],
        "papers": [
            {
                "kind": paper.kind,
                "name": paper.get_kind_display(),
                "received_on": paper.received_on.isoformat(),
                "pages": paper.pages,
                "place": paper.place,
            }
            for paper in Paper.objects.filter(case=case).order_by("received_on", "kind")
        ],
        "mark": mark,
    }


def _row(record: StepRecord) -> dict[str, Any]:
    return {
        "step": record.step,
        "act": record.act,
        "label": record.get_act_display(),
        "done_on": record.done_on.isoformat() if record.done_on else None,
        "detail": record.detail,
        "text": evidence_text(record),
        "back_filled": record.back_filled,
        "against": record.against,
        "reason": record.reason,
        "basis": record.basis,
        "unit": record.unit.name,
        "by": record.by_name,
        "recorded_at": record.recorded_at.isoformat(),
        "live": record.live,
        "ended": {"by": record.ended_by, "why": record.ended_reason} if not record.live else None,
    }
