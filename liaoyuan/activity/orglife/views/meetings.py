"""The list of meetings, one meeting, and its life from call to close."""

from typing import Any
from uuid import UUID

import django_filters
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from liaoyuan.activity.orglife.forms.meetings import CallForm, CloseForm, OpenForm, ReasonForm, posted, show_refusal
from liaoyuan.activity.orglife.models import Meeting
from liaoyuan.activity.orglife.models.meeting import MeetingState
from liaoyuan.activity.orglife.policies import Capability, can_call, can_chair, can_record
from liaoyuan.activity.orglife.rules.meetings import KINDS
from liaoyuan.activity.orglife.selectors import meeting_visible
from liaoyuan.activity.orglife.selectors.pages import meeting_page, meeting_rows
from liaoyuan.activity.orglife.services import meeting_call, meeting_cancel, meeting_close, meeting_open
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import Conflict, DomainError, NotInScope, NotPermitted
from liaoyuan.kernel.ui.fields import DayFilter
from liaoyuan.kernel.ui.lists import Action, Column, Empty, ListPage, render_list
from liaoyuan.kernel.ui.parts import state, unit_chip

LEVELS = {
    MeetingState.PLANNED: "info",
    MeetingState.OPEN: "soon",
    MeetingState.CLOSED: "ok",
    MeetingState.CANCELLED: "muted",
}


class MeetingFilter(django_filters.FilterSet):
    """Filters of the list."""

    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("会议类别"), choices=[(kind.key, kind.label) for kind in KINDS.values()]
    )
    state = django_filters.ChoiceFilter(label=gettext_lazy("状态"), choices=MeetingState.choices)
    since = DayFilter(label=gettext_lazy("从"), field_name="planned_at", lookup_expr="date__gte")
    until = DayFilter(label=gettext_lazy("到"), field_name="planned_at", lookup_expr="date__lte")

    class Meta:
        model = Meeting
        fields: list[str] = []


@login_required
@require_GET
def meeting_list(request: HttpRequest) -> HttpResponse:
    """Meetings of one's reach, and those one is called to."""
    actor = request.actor  # type: ignore[attr-defined]
    if actor.person_id is None and not actor.holds(Capability.VIEW):
        raise NotPermitted(_("您的账号没有对应的人员档案，没有会议可看。"))
    may_call = actor.holds(Capability.CALL)
    page = ListPage(
        title=_("会议"),
        subtitle=_("支部党员大会、支委会、党小组会、党课和主题党日"),
        columns=_columns(),
        rows=meeting_rows(actor),
        search=_search,
        filters=MeetingFilter,
        default_sort="-planned_at",
        search_hint=_("议题、组织"),
        noun=_("次"),
        empty=Empty(
            _("还没有会议"),
            _("召集会议后，应到会名册按组织关系自动生成。") if may_call else _("书记召集会议后会显示在这里。"),
            reverse("orglife:new") if may_call else "",
            _("召集会议") if may_call else "",
        ),
        actions=[Action(_("召集会议"), reverse("orglife:new"), "plus", True)] if may_call else [],
        row_class=lambda row: "row-muted" if row.state == MeetingState.CANCELLED else "",
    )
    return render_list(request, page)


def _search(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    return rows.filter(
        Q(title__contains=text) | Q(unit__name__contains=text) | Q(unit__initials__contains=text.lower())
    )


def _columns() -> list[Column]:
    def link(row: Meeting) -> Any:
        return format_html('<a href="{}">{}</a>', reverse("orglife:meeting", args=[row.pk]), row.title)

    def came(row: Any) -> str:
        return f"{row.attended} / {row.on_roll}" if row.state in {MeetingState.OPEN, MeetingState.CLOSED} else ""

    return [
        Column("title", _("议题"), link, ("title",)),
        Column("kind", _("类别"), lambda row: row.get_kind_display(), ("kind",)),
        Column("unit", _("组织"), lambda row: unit_chip(row.unit, link=False), ("path",)),
        Column(
            "planned_at", _("时间"), lambda row: f"{clock.local(row.planned_at):%Y-%m-%d %H:%M}", ("planned_at",),
            kind="date",
        ),
        Column("place", _("地点"), lambda row: row.place or (_("线上") if row.online else ""), default=False),
        Column("came", _("到会/名册"), came, kind="number"),
        Column("state", _("状态"), lambda row: state(LEVELS[row.state], row.get_state_display()), ("state",)),
    ]  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Call a meeting."""
    actor = request.actor  # type: ignore[attr-defined]
    if not actor.holds(Capability.CALL):
        raise NotPermitted(_("会议由书记召集（党小组会由组长召集）。需要时请书记办理或书面委托。"))
    form = CallForm(actor, posted(request), initial={"unit": request.GET.get("unit", "")})
    if request.method == "POST" and form.is_valid():
        try:
            meeting = meeting_call(actor=actor, **form.cleaned_data)
        except (NotInScope, NotPermitted):
            raise
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("已召集，名册 %(n)d 人。") % {"n": meeting.roll.count()})
            return redirect("orglife:meeting", pk=meeting.pk)
    context = {
        "form": form, "title": _("召集会议"), "submit": _("召集"), "cancel": reverse("orglife:list"), "danger": False,
        "note": "", "subtitle": _("名册按组织关系、政治面貌和当天的权利自动生成。"), "draft": "",
    }  # fmt: skip
    return render(request, "orglife/form.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def meeting(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One meeting: roll, motions, what can be done now."""
    actor = request.actor  # type: ignore[attr-defined]
    page = meeting_page(actor, meeting_visible(actor, pk))
    return render(request, "orglife/meeting.html", {"page": page, "level": LEVELS[MeetingState(page.meeting.state)]})


@login_required
@require_http_methods(["GET", "POST"])
def open_meeting(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Open it."""
    actor = request.actor  # type: ignore[attr-defined]
    row = meeting_visible(actor, pk)
    can_chair(actor, row).require()
    form = OpenForm(posted(request))

    def save() -> None:
        meeting_open(actor=actor, meeting=pk, at=form.cleaned_data["at"])

    return answer(request, row, form, save, title=_("宣布开会"), submit=_("开会"), done=_("已开会，请签到。"))


@login_required
@require_http_methods(["GET", "POST"])
def close_meeting(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write the minutes and end it."""
    actor = request.actor  # type: ignore[attr-defined]
    row = meeting_visible(actor, pk)
    can_record(actor, row).require()
    form = CloseForm(posted(request))

    def save() -> None:
        meeting_close(actor=actor, meeting=pk, minutes=form.cleaned_data["minutes"])

    return answer(
        request, row, form, save, title=_("会议记录与散会"), submit=_("记录并散会"), done=_("已散会，已记入纪实。")
    )


@login_required
@require_http_methods(["GET", "POST"])
def cancel_meeting(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Call it off."""
    actor = request.actor  # type: ignore[attr-defined]
    row = meeting_visible(actor, pk)
    can_call(actor, row.path).require()
    form = ReasonForm(posted(request))

    def save() -> None:
        meeting_cancel(actor=actor, meeting=pk, reason=form.cleaned_data["reason"])

    return answer(
        request, row, form, save, title=_("取消会议"), submit=_("取消这次会议"), done=_("会议已取消。"), danger=True
    )


def answer(
    request: HttpRequest,
    row: Meeting,
    form: Any,
    save: Any,
    *,
    title: str,
    submit: str,
    done: str,
    back: str = "",
    danger: bool = False,
    note: str = "",
    private: bool = False,
) -> HttpResponse:
    """Show a form of a meeting; when it is good, save and go back. A refusal stands at its field, with its clause.
    ``private``: the browser keeps no draft of it (handhelds are shared)."""
    target = back or reverse("orglife:meeting", args=[row.pk])
    if request.method == "POST" and form.is_valid():
        try:
            save()
        except (NotInScope, NotPermitted, Conflict):
            raise
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, done)
            return redirect(target)
    context = {
        "form": form, "title": title, "submit": submit, "subtitle": row.title, "cancel": target, "danger": danger,
        "note": note, "draft": "off" if private else "",
    }  # fmt: skip
    return render(request, "orglife/form.html", context, status=422 if form.errors else 200)
