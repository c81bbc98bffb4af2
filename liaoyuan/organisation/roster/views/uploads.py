"""Uploading a roster, following it, deciding on it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import DomainError
from liaoyuan.kernel.ui.lists import Action, Column, Empty, ListPage, render_list
from liaoyuan.kernel.ui.parts import state as state_part
from liaoyuan.organisation.roster import progress
from liaoyuan.organisation.roster.forms import UploadForm
from liaoyuan.organisation.roster.messages import ERROR, LABELS, NOTE, WARNING
from liaoyuan.organisation.roster.models import RosterUpload, UploadState
from liaoyuan.organisation.roster.policies import can_decide, can_export, can_import
from liaoyuan.organisation.roster.selectors import upload_of, uploads_of
from liaoyuan.organisation.roster.services import uploads as write

LEVELS = {
    UploadState.CHECKING: "info",
    UploadState.REFUSED: "late",
    UploadState.READY: "soon",
    UploadState.SAME: "ok",
    UploadState.IMPORTING: "info",
    UploadState.DONE: "ok",
    UploadState.FAILED: "late",
    UploadState.DISCARDED: "muted",
}
SHOWN = 300
_SEVERITY_LEVEL = {ERROR: "late", WARNING: "soon", NOTE: "info"}


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The history of imports, and the ways in and out."""
    actor = request.actor  # type: ignore[attr-defined]
    can_import(actor).require()
    actions = [Action(_("上传花名册"), reverse("roster:upload"), "upload", primary=True)]
    if can_export(actor):
        actions.append(Action(_("导出"), reverse("roster:export"), "download"))
    actions.append(Action(_("空白模板"), reverse("roster:template"), "file-spreadsheet"))
    page = ListPage(
        title=_("花名册导入"),
        subtitle=_("先核对、预览，确认后整份写入；有一处错误就一条不写。"),
        columns=[
            Column("name", _("文件"), lambda row: format_html('<a href="{}">{}</a>', _url(row), row.name), ("name",)),
            Column("state", _("状态"), lambda row: state_part(LEVELS[row.state], row.get_state_display()), ("state",)),
            Column("problems", _("错误"), lambda row: row.counts.get(ERROR, 0) or "", kind="number"),
            Column("by", _("上传人"), lambda row: row.by_name, ("by_name",)),
            Column("at", _("上传时间"), lambda row: f"{clock.local(row.created_at):%Y-%m-%d %H:%M}", ("created_at",)),
        ],
        rows=uploads_of(actor),
        default_sort="-at",
        empty=Empty(
            _("还没有导入过花名册"),
            _("下载空白模板填好，或直接上传现有的花名册。"),
            reverse("roster:upload"),
            _("上传花名册"),
        ),
        actions=actions,
        noun=_("次"),
    )
    return render_list(request, page)


@login_required
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Choose a workbook; it is checked in the background."""
    actor = request.actor  # type: ignore[attr-defined]
    can_import(actor).require()
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            taken = write.upload_take(actor=actor, file=form.cleaned_data["file"])
        except DomainError as error:
            if not error.field:
                raise
            form.add_error("file", error.sentence)
        else:
            return redirect(_url(taken))
    return render(request, "roster/upload.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_GET
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One upload: progress, problems, preview or result, whichever it has come to."""
    return render(request, "roster/show.html", _context(request, pk))


@login_required
@require_GET
def status(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The changing part of ``show``, asked for every two seconds while a worker is at it."""
    return render(request, "roster/_status.html", _context(request, pk))


@login_required
@require_POST
def confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Import what was previewed."""
    actor = request.actor  # type: ignore[attr-defined]
    found = upload_of(actor, pk)
    write.upload_confirm(actor=actor, upload=found)
    messages.success(request, _("已开始导入，可以离开本页，稍后回来查看。"))
    return redirect(_url(found))


@login_required
@require_POST
def retry(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Check an interrupted upload again."""
    actor = request.actor  # type: ignore[attr-defined]
    found = upload_of(actor, pk)
    write.upload_retry(actor=actor, upload=found)
    return redirect(_url(found))


@login_required
@require_http_methods(["GET", "POST"])
def discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give an upload up, after asking."""
    actor = request.actor  # type: ignore[attr-defined]
    found = upload_of(actor, pk)
    can_decide(actor, found).require()
    if request.method == "POST":
        write.upload_discard(actor=actor, upload=found)
        messages.success(request, _("已放弃“%(name)s”，没有写入任何数据。") % {"name": found.name})
        return redirect("roster:index")
    return render(request, "roster/discard.html", {"upload": found, "cancel_url": _url(found)})


def _context(request: HttpRequest, pk: UUID) -> dict[str, Any]:
    actor = request.actor  # type: ignore[attr-defined]
    found = write.upload_recover(upload_of(actor, pk))
    percent, step, heard = progress.told(found)
    problems = [
        {**one, "level": _SEVERITY_LEVEL[one["severity"]], "severity_label": LABELS[one["severity"]]}
        for one in found.problems[:SHOWN]
    ]
    total = sum(found.counts.values())
    return {
        "upload": found,
        "level": LEVELS[UploadState(found.state)],
        "percent": percent,
        "step": step or (_("等待后台处理") if heard is None else ""),
        "steps": _steps(found),
        "problems": problems,
        "hidden": max(0, total - len(problems)),
        "counts": [(LABELS[key], found.counts[key], _SEVERITY_LEVEL[key]) for key in LABELS if found.counts.get(key)],
        "may_decide": bool(can_decide(actor, found)),
        "sections": found.changes.get("sections", []),
        "sites": found.changes.get("sites", []),
    }


def _steps(upload: RosterUpload) -> list[dict[str, str]]:
    at = {
        UploadState.CHECKING: 1,
        UploadState.REFUSED: 1,
        UploadState.READY: 2,
        UploadState.IMPORTING: 3,
        UploadState.SAME: 4,
        UploadState.DONE: 4,
    }.get(UploadState(upload.state), 0)
    words = (_("上传"), _("核对"), _("确认"), _("导入"))
    if not at:
        return []
    wrong = upload.state == UploadState.REFUSED
    return [
        {"label": word, "state": "done" if index < at else ("late" if wrong else "now") if index == at else "next"}
        for index, word in enumerate(words)
    ]


def _url(upload: RosterUpload) -> str:
    return reverse("roster:show", args=[upload.pk])
