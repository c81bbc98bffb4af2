"""Papers of a case as files."""

from collections.abc import Callable
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from liaoyuan.affairs.admission.documents.pdf import PDF, pdf
from liaoyuan.affairs.admission.documents.whole import ZIP, whole
from liaoyuan.affairs.admission.documents.word import DOCX, word
from liaoyuan.affairs.admission.rules.sheets import Sheet
from liaoyuan.affairs.admission.selectors.cases import case_get
from liaoyuan.affairs.admission.selectors.sheets import available, sheet, source_of
from liaoyuan.affairs.admission.services.taking import papers_taken
from liaoyuan.kernel.errors import NotInScope
from liaoyuan.kernel.scoping import Actor
from liaoyuan.kernel.ui.context import watermark_for

_FORMS: dict[str, tuple[str, Callable[[Sheet, str], bytes]]] = {
    "docx": (DOCX, lambda sheet, mark: word(sheet, mark=mark)),
    "pdf": (PDF, lambda sheet, mark: pdf([sheet], mark=mark)),
}


@login_required
@require_GET
def papers(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Which papers can be drawn up now."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = case_get(actor, pk)
    return render(request, "admission/papers.html", {"case": case, "sheets": available(source_of(actor, case))})


@login_required
@require_GET
def draw(request: HttpRequest, pk: UUID, kind: str, form: str) -> HttpResponse:
    """One paper as Word or PDF."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = case_get(actor, pk)
    if form not in _FORMS:
        raise NotInScope()
    drawn = sheet(source_of(actor, case), kind)
    content_type, build = _FORMS[form]
    body = build(drawn, watermark_for(request.user))
    papers_taken(actor=actor, case=case, what=drawn.title, form=form)
    return _file(body, content_type, f"{case.person.name} {drawn.title}.{form}")


@login_required
@require_GET
def export(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The whole case as one file."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = case_get(actor, pk)
    body = whole(source_of(actor, case), mark=watermark_for(request.user))
    papers_taken(actor=actor, case=case, what=_("整卷"), form="zip")
    return _file(body, ZIP, f"{case.person.name} {_('发展案卷')}.zip")


def _file(body: bytes, content_type: str, name: str) -> HttpResponse:
    answer = HttpResponse(body, content_type=content_type)
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer
