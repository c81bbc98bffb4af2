"""Replacing the map's ground."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from liaoyuan.desk.insights.forms import BaseForm
from liaoyuan.desk.insights.selectors.base import base_history, current_base
from liaoyuan.desk.insights.services.base import base_replace, base_revert
from liaoyuan.kernel.errors import DomainError, NotPermitted


@login_required
@require_http_methods(["GET", "POST"])
def manage(request: HttpRequest) -> HttpResponse:
    """Which base is in use, and the upload of an approved one."""
    actor = request.actor  # type: ignore[attr-defined]
    history = base_history(actor)
    form = BaseForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            row = base_replace(actor=actor, upload=data["file"], review_number=data["review_number"])
        except NotPermitted:
            raise
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.sentence)
        else:
            messages.success(request, _("已启用底图 %(number)s，共 %(count)d 个要素。")
                             % {"number": row.review_number, "count": row.features})  # fmt: skip
            return redirect("insights:base_manage")
    return render(request, "insights/base.html", {"form": form, "history": history, "current": current_base()})


@login_required
@require_POST
def revert(request: HttpRequest) -> HttpResponse:
    """Back to the shipped base."""
    base_revert(actor=request.actor)  # type: ignore[attr-defined]
    messages.success(request, _("已恢复自带底图。"))
    return redirect("insights:base_manage")
