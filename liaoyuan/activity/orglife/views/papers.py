"""The resolution and the minutes, to sign and to print."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from liaoyuan.activity.orglife.forms.meetings import posted
from liaoyuan.activity.orglife.forms.motions import SignForm
from liaoyuan.activity.orglife.policies import can_sign
from liaoyuan.activity.orglife.selectors import meeting_visible, motion_visible
from liaoyuan.activity.orglife.selectors.pages import meeting_page, resolution_of
from liaoyuan.activity.orglife.services import resolution_sign
from liaoyuan.activity.orglife.views.meetings import answer
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import NotInScope


@login_required
@require_GET
def resolution(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The resolution as an A4 sheet, with the button to sign it for who may."""
    actor = request.actor  # type: ignore[attr-defined]
    row = motion_visible(actor, pk)
    found = resolution_of(row)
    if found is None:
        raise NotInScope(_("这项表决还没有决议。"))
    may_sign = found.signed_at is None and bool(can_sign(actor, row.meeting))
    context = {"motion": row, "resolution": found, "may_sign": may_sign, "today": clock.today()}
    return render(request, "orglife/resolution.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Sign it."""
    actor = request.actor  # type: ignore[attr-defined]
    row = motion_visible(actor, pk)
    can_sign(actor, row.meeting).require()
    found = resolution_of(row)
    if found is None:
        raise NotInScope(_("这项表决还没有决议。"))
    form = SignForm(posted(request), initial={"performance": found.performance})

    def save() -> None:
        resolution_sign(actor=actor, motion=pk, performance=form.cleaned_data["performance"])

    return answer(
        request, row.meeting, form, save, title=_("签署决议：%(title)s") % {"title": row.title}, submit=_("签署"),
        done=_("决议已签署。"), back=reverse("orglife:resolution", args=[pk]), note=found.text,
    )  # fmt: skip


@login_required
@require_GET
def minutes(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The minutes as an A4 sheet."""
    actor = request.actor  # type: ignore[attr-defined]
    page = meeting_page(actor, meeting_visible(actor, pk))
    return render(request, "orglife/minutes.html", {"page": page, "today": clock.today()})
