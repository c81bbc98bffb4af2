"""Writing to many, and who has not read it."""

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
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.foundation.inbox.audiences import audience, audiences
from liaoyuan.foundation.inbox.forms import ComposeForm, ReasonForm, show_refusal
from liaoyuan.foundation.inbox.models import Broadcast, Item
from liaoyuan.foundation.inbox.policies import can_send
from liaoyuan.foundation.inbox.selectors.broadcasts import recipients, sent, sent_one
from liaoyuan.foundation.inbox.services import broadcast_chase, broadcast_send, broadcast_withdraw
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import DomainError, NotInScope, NotPermitted
from liaoyuan.kernel.scoping import Actor
from liaoyuan.kernel.ui.lists import Action, Column, Empty, ListPage, render_list
from liaoyuan.kernel.ui.parts import state


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def compose(request: HttpRequest) -> HttpResponse:
    """Write a message to the people of an address book (``?to=``; the first where none is named)."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    can_send(actor).require()
    books = audiences()
    if not books:
        raise NotInScope()
    book = audience(request.GET.get("to") or books[0].name)
    form = ComposeForm(book, actor, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = broadcast_send(actor=actor, audience=book.name, **form.cleaned_data)
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("已发给 %(count)d 人。") % {"count": made.total})
            return redirect("inbox:sent_one", made.pk)
    tabs = [
        {"label": one.label, "url": f"?to={one.name}", "active": one.name == book.name, "count": 0, "icon": ""}
        for one in books
    ]
    context = {"form": form, "tabs": tabs if len(tabs) > 1 else []}
    return render(request, "inbox/compose.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def sent_list(request: HttpRequest) -> HttpResponse:
    """What I have sent, and how many have not read it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    page = ListPage(
        title=_("发出的消息"),
        subtitle=_("谁还没读，点开就知道。"),
        columns=[
            Column("title", _("标题"), _link, ("title",)),
            Column("audience", _("发给"), lambda row: row.audience, ("audience",)),
            Column("must", _("必读"), lambda row: _("必读") if row.must_read else "", ("must_read",)),
            Column("read", _("阅读情况"), _progress, ("unread",)),
            Column(
                "created", _("发送时间"), lambda row: f"{clock.local(row.created_at):%Y-%m-%d %H:%M}", ("created_at",),
                kind="date",
            ),
        ],
        rows=sent(actor),
        search=lambda rows, text: rows.filter(Q(title__icontains=text) | Q(audience__icontains=text)),
        search_hint=_("标题或发送范围"),
        empty=Empty(_("还没有发过消息"), _("写一条发给本级及所属人员。"), reverse("inbox:compose"), _("写消息")),
        actions=[Action(_("写消息"), reverse("inbox:compose"), "pencil", primary=True)],
        row_class=lambda row: "row-muted" if row.withdrawn_at else "",
    )  # fmt: skip
    return render_list(request, page)


def _link(row: Broadcast) -> Any:
    return format_html('<a href="{}">{}</a>', reverse("inbox:sent_one", args=[row.pk]), row.title)


def _progress(row: Any) -> Any:
    if row.withdrawn_at:
        return state("muted", _("已撤回"))
    words = _("%(read)d / %(total)d 人已读") % {"read": row.total - row.unread, "total": row.total}
    return state("ok" if not row.unread else "soon" if row.must_read else "info", words)


class RecipientFilter(django_filters.FilterSet):
    """Read or not."""

    read = django_filters.ChoiceFilter(
        label=gettext_lazy("阅读"),
        choices=(("no", gettext_lazy("未读")), ("yes", gettext_lazy("已读"))),
        method="by_read",
    )

    class Meta:
        model = Item
        fields: list[str] = []

    def by_read(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those who have, or have not."""
        return rows.filter(read_at__isnull=value == "no")


@login_required
@require_safe
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One message of mine: who has not read it comes first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row = sent_one(actor, pk)
    page = ListPage(
        title=row.title,
        subtitle=_("发给%(who)s") % {"who": row.audience},
        columns=[
            Column("name", _("姓名"), lambda item: item.user.display_name, ("user__display_name",)),
            Column("account", _("账号"), lambda item: item.user.username, ("user__username",)),
            Column("state", _("阅读"), _reading, ("read_at",)),
            Column("chases", _("催阅次数"), lambda item: str(item.chases), ("chases",), kind="number"),
        ],
        rows=recipients(actor, row),
        search=lambda rows, text: rows.filter(
            Q(user__display_name__icontains=text) | Q(user__username__icontains=text)
        ),
        search_hint=_("姓名或账号"),
        filters=RecipientFilter,
        noun=_("人"),
        template="inbox/sent_one.html",
    )
    return render_list(request, page, broadcast=row, progress=_progress(row))


def _reading(item: Item) -> Any:
    if item.read_at:
        return state("ok", _("已读 %(when)s") % {"when": f"{clock.local(item.read_at):%m-%d %H:%M}"})
    return state("muted", _("已撤回")) if item.done_at else state("soon", _("未读"))


@login_required
@require_POST
def chase(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Remind everybody who has not read it."""
    try:
        count = broadcast_chase(actor=request.actor, broadcast_id=pk)  # type: ignore[attr-defined]
    except (NotInScope, NotPermitted):
        raise
    except DomainError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _("已提醒 %(count)d 人。") % {"count": count})
    return redirect("inbox:sent_one", pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a message back, with a reason."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row = sent_one(actor, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            broadcast_withdraw(actor=actor, broadcast_id=pk, reason=form.cleaned_data["reason"])
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("已撤回，收件人的列表里不再显示为未读。"))
            return redirect("inbox:sent_one", pk)
    return render(request, "inbox/withdraw.html", {"broadcast": row, "form": form}, status=422 if form.errors else 200)
