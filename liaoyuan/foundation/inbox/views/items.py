"""One's own inbox: the list, one item, what can be done with it."""

from functools import partial
from typing import Any
from uuid import UUID

import django_filters
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.foundation.inbox.forms import SnoozeForm, show_refusal
from liaoyuan.foundation.inbox.models import Item, Kind
from liaoyuan.foundation.inbox.policies import can_send
from liaoyuan.foundation.inbox.rules import Severity
from liaoyuan.foundation.inbox.selectors import items as read_items
from liaoyuan.foundation.inbox.services import item_done, item_read, item_snooze, items_read_all
from liaoyuan.foundation.inbox.views.wording import buttons, state, state_of, title_cell
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import DomainError
from liaoyuan.kernel.scoping import Actor
from liaoyuan.kernel.ui.lists import Action, Column, Empty, ListPage, render_list
from liaoyuan.kernel.ui.parts import day

_SHOW = (
    ("unread", gettext_lazy("未读")),
    ("snoozed", gettext_lazy("已推迟")),
    ("handled", gettext_lazy("已处理")),
    ("all", gettext_lazy("全部")),
)


class ItemFilter(django_filters.FilterSet):
    """Kind, state, level. Without a state: what is to be handled now."""

    kind = django_filters.ChoiceFilter(label=gettext_lazy("类别"), choices=Kind.choices)
    show = django_filters.ChoiceFilter(
        label=gettext_lazy("状态"), choices=_SHOW, empty_label=gettext_lazy("待处理"), method="by_state"
    )
    level = django_filters.ChoiceFilter(
        label=gettext_lazy("紧急程度"),
        field_name="severity",
        choices=((Severity.LATE.value, gettext_lazy("逾期、紧急")), (Severity.SOON.value, gettext_lazy("近期")),
                 (Severity.INFO.value, gettext_lazy("一般"))),
    )  # fmt: skip

    class Meta:
        model = Item
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The chosen ones; without a state those to be handled."""
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("show") else rows.filter(read_items.is_open())

    def by_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """One of the states."""
        chosen = {
            "unread": read_items.is_unread,
            "snoozed": read_items.is_snoozed,
            "handled": read_items.is_handled,
        }.get(value)
        return rows.filter(chosen()) if chosen else rows


@login_required
@require_safe
def item_list(request: HttpRequest) -> HttpResponse:
    """To-dos and messages, the worst first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    number = read_items.counts(actor)
    actions = [Action(_("接收渠道"), reverse("inbox:channels"), "settings")]
    if can_send(actor):
        actions.append(Action(_("写消息"), reverse("inbox:compose"), "pencil", primary=True))
    page = ListPage(
        title=_("消息与待办"),
        subtitle=_("最急的在前；事实一登记，有关的待办自己消失。"),
        columns=_columns(request),
        rows=read_items.own_items(actor),
        search=_search,
        search_hint=_("标题、内容或来自谁"),
        filters=ItemFilter,
        empty=Empty(_("都处理完了"), _("到期的事、发给您的消息会自动出现在这里。")),
        actions=actions,
        template="inbox/list.html",
        row_class=lambda row: "row-muted" if row.done_at or (row.kind == Kind.MESSAGE and row.read_at) else "",
    )
    return render_list(request, page, tabs=_tabs(request, number), number=number)


def _columns(request: HttpRequest) -> list[Column]:
    today = clock.today()
    return [
        Column("title", _("内容"), title_cell, kind="words"),
        Column("state", _("状态"), lambda row: state(*state_of(row, today))),
        Column("due", _("期限"), lambda row: day(row.due_on), ("due_on",), kind="date"),
        Column("sender", _("来自"), lambda row: row.sender, ("sender",), default=False),
        Column(
            "created", _("到达"), lambda row: f"{clock.local(row.created_at):%m-%d %H:%M}", ("created_at",), kind="date"
        ),
        Column("act", _("操作"), partial(buttons, request=request), kind="action"),
    ]


def _search(rows: QuerySet[Item], text: str) -> QuerySet[Item]:
    condition = Q()
    for word in text.split():
        condition &= Q(title__icontains=word) | Q(body__icontains=word) | Q(sender__icontains=word)
    return rows.filter(condition)


def _tabs(request: HttpRequest, number: read_items.Counts) -> list[dict[str, Any]]:
    here, base = (request.GET.get("show", ""), request.GET.get("kind", "")), reverse("inbox:list")
    found = [
        ("", "", _("待处理"), number.open, "inbox"),
        ("unread", "", _("未读"), number.unread, "mail"),
        ("", "todo", _("待办"), number.todo, "checkbox"),
        ("", "message", _("消息"), number.message, "message"),
        ("snoozed", "", _("已推迟"), number.snoozed, "clock"),
        ("handled", "", _("已处理"), 0, "circle-check"),
    ]
    return [
        {
            "label": label,
            "url": base + (f"?show={show}" if show else f"?kind={kind}" if kind else ""),
            "active": here == (show, kind),
            "count": count,
            "icon": mark,
        }
        for show, kind, label, count, mark in found
    ]


@login_required
@require_safe
def item(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One item. Opening it is reading it, but for what must be read: that is said by a button."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row = read_items.own_item(actor, pk)
    if row.read_at is None and not row.must_read and request.method == "GET":
        row.read_at = item_read(actor=actor, item_id=pk).read_at
    level, words = state_of(row, clock.today())
    return render(request, "inbox/item.html", {"item": row, "level": level, "words": words})


@login_required
@require_safe
def go(request: HttpRequest, pk: UUID) -> HttpResponse:
    """To where the to-do is done; it counts as read."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row = read_items.own_item(actor, pk)
    if not row.url:
        return redirect("inbox:item", pk)
    if row.read_at is None and not row.must_read and request.method == "GET":
        item_read(actor=actor, item_id=pk)
    return redirect(row.url)


@login_required
@require_POST
def read(request: HttpRequest, pk: UUID) -> HttpResponse:
    """“我已阅读”."""
    item_read(actor=request.actor, item_id=pk)  # type: ignore[attr-defined]
    return _back(request)


@login_required
@require_POST
def done(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Tick a to-do."""
    try:
        row = item_done(actor=request.actor, item_id=pk)  # type: ignore[attr-defined]
    except DomainError as error:
        if error.status in {403, 404}:
            raise
        messages.error(request, error.sentence)
        return redirect("inbox:item", pk)
    messages.success(request, _("已办结：%(title)s") % {"title": row.title})
    return _back(request)


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Everything is read, but for what must be read one by one."""
    count = items_read_all(actor=request.actor)  # type: ignore[attr-defined]
    messages.success(request, _("已把 %(count)d 项标为已读；必读消息请逐条阅读。") % {"count": count})
    return _back(request)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def snooze(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put a to-do off, with a reason."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row = read_items.own_item(actor, pk)
    form = SnoozeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            item_snooze(actor=actor, item_id=pk, **form.cleaned_data)
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("已推迟到 %(day)s。") % {"day": form.cleaned_data["until"]})
            return redirect("inbox:list")
    return render(request, "inbox/snooze.html", {"item": row, "form": form}, status=422 if form.errors else 200)


def _back(request: HttpRequest) -> HttpResponse:
    """To the page the button stood on, if it is one of ours."""
    asked = request.POST.get("next", "")
    ours = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return redirect(asked if ours else "inbox:list")
