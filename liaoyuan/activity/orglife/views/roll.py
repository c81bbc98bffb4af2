"""Presence, leave, and whose vote is taken or given back."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from liaoyuan.activity.orglife.forms.meetings import CorrectForm, ExcludeForm, LeaveForm, ReasonForm, posted
from liaoyuan.activity.orglife.policies import can_chair, can_record
from liaoyuan.activity.orglife.selectors import meeting_visible
from liaoyuan.activity.orglife.services import (
    presence_correct,
    presence_mark,
    presence_mark_many,
    roll_exclude,
    roll_include,
)
from liaoyuan.activity.orglife.views.meetings import answer
from liaoyuan.kernel.errors import NotInScope

_PREFIX = "presence-"


@login_required
@require_POST
def mark(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Save the presence of everybody on the roll, from one form."""
    actor = request.actor  # type: ignore[attr-defined]
    can_record(actor, meeting_visible(actor, pk)).require()
    presences = {}
    for name, value in request.POST.items():
        if name.startswith(_PREFIX) and isinstance(value, str):
            try:
                presences[UUID(name.removeprefix(_PREFIX))] = value
            except ValueError as error:
                raise NotInScope() from error
    changed = presence_mark_many(actor=actor, meeting=pk, presences=presences)
    messages.success(request, _("已保存签到，变动 %(n)d 人。") % {"n": changed})
    return redirect("orglife:meeting", pk=pk)


@login_required
@require_POST
def sign_in(request: HttpRequest, pk: UUID) -> HttpResponse:
    """I am here."""
    actor = request.actor  # type: ignore[attr-defined]
    meeting_visible(actor, pk)
    if actor.person_id is None:
        raise NotInScope()
    presence_mark(actor=actor, meeting=pk, person=actor.person_id, presence="present")
    messages.success(request, _("已签到。"))
    return redirect("orglife:meeting", pk=pk)


@login_required
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, pk: UUID) -> HttpResponse:
    """I cannot come."""
    actor = request.actor  # type: ignore[attr-defined]
    row = meeting_visible(actor, pk)
    person = actor.person_id
    if person is None or not row.roll.filter(person_id=person).exists():
        raise NotInScope()
    form = LeaveForm(posted(request))

    def save() -> None:
        presence_mark(actor=actor, meeting=pk, person=person, presence="leave", note=form.cleaned_data["note"])

    note = _("请假的仍计入应到会人数。讨论接收预备党员或转正时，可以在会前提出书面意见。")
    return answer(request, row, form, save, title=_("请假"), submit=_("请假"), done=_("已请假。"), note=note)


@login_required
@require_http_methods(["GET", "POST"])
def exclude(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take somebody's vote, with reason and clause."""
    actor = request.actor  # type: ignore[attr-defined]
    row = meeting_visible(actor, pk)
    can_chair(actor, row).require()
    form = ExcludeForm(row, posted(request))

    def save() -> None:
        data = form.cleaned_data
        roll_exclude(
            actor=actor, meeting=pk, person=data["person"].pk, fact=data["fact"], reason=data["reason"],
            consent=data["consent"],
        )  # fmt: skip

    return answer(request, row, form, save, title=_("认定没有表决权"), submit=_("认定"), done=_("已认定，名册已更新。"))


@login_required
@require_http_methods(["GET", "POST"])
def include(request: HttpRequest, pk: UUID, person_id: UUID) -> HttpResponse:
    """Give it back."""
    actor = request.actor  # type: ignore[attr-defined]
    row = meeting_visible(actor, pk)
    can_chair(actor, row).require()
    form = ReasonForm(posted(request))

    def save() -> None:
        roll_include(actor=actor, meeting=pk, person=person_id, reason=form.cleaned_data["reason"])

    return answer(request, row, form, save, title=_("恢复表决权"), submit=_("恢复"), done=_("已恢复，名册已更新。"))


@login_required
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say who really came, after the meeting."""
    actor = request.actor  # type: ignore[attr-defined]
    row = meeting_visible(actor, pk)
    can_record(actor, row).require()
    form = CorrectForm(row, posted(request))

    def save() -> None:
        data = form.cleaned_data
        presence_correct(
            actor=actor, meeting=pk, person=data["person"].pk, presence=data["presence"], reason=data["reason"]
        )

    note = _("原来的记录和更正的理由都会留下；纪实随之更正。表决结果和当时的计数不变。")
    return answer(
        request, row, form, save, title=_("更正到会情况"), submit=_("更正"), done=_("已更正，纪实已更新。"), note=note
    )
