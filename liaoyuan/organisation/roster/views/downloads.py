"""Rosters out: the export and the empty template."""

import tempfile

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from liaoyuan.kernel import clock
from liaoyuan.kernel.ui.context import watermark_for
from liaoyuan.kernel.ui.sheets import XLSX
from liaoyuan.organisation.roster.forms import ExportForm
from liaoyuan.organisation.roster.policies import can_export, can_import
from liaoyuan.organisation.roster.selectors.uploads import people_to_export
from liaoyuan.organisation.roster.services.exporting import export_file, template_file

AT_ONCE = 20_000  # people; some ten seconds


@login_required
@require_http_methods(["GET", "POST"])
def export(request: HttpRequest) -> HttpResponse | FileResponse:
    """Choose a part of the tree and take its roster out; it holds ID numbers and phones in clear, so it is recorded."""
    actor = request.actor  # type: ignore[attr-defined]
    can_export(actor).require()
    form = ExportForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        unit = form.cleaned_data["unit"]
        count = people_to_export(actor, unit)
        if count > AT_ONCE:
            words = _("这个范围有 %(count)s 人，超过 %(most)s 人。请选择一个下级组织，或请系统管理员用命令行导出。")
            form.add_error("unit", words % {"count": count, "most": AT_ONCE})
        else:
            target = tempfile.TemporaryFile()  # noqa: SIM115  FileResponse closes it
            try:
                code = unit.code if unit else ""
                export_file(actor=actor, target=target, unit=code, mark=watermark_for(request.user))
            except BaseException:
                target.close()
                raise
            target.seek(0)
            name = _("花名册 %(unit)s %(at)s.xlsx") % {
                "unit": unit.name if unit else _("全部"),
                "at": f"{clock.local(clock.now()):%Y-%m-%d %H%M}",
            }
            return FileResponse(target, as_attachment=True, filename=name, content_type=XLSX)
    return render(request, "roster/export.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_GET
def template(request: HttpRequest) -> FileResponse:
    """The empty workbook."""
    actor = request.actor  # type: ignore[attr-defined]
    (can_import(actor) or can_export(actor)).require()
    target = tempfile.TemporaryFile()  # noqa: SIM115  FileResponse closes it
    template_file(target)
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=_("花名册模板.xlsx"), content_type=XLSX)
