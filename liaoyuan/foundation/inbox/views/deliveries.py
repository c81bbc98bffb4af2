"""Deliveries over the outside channels, for the system administrator."""

from typing import Any
from uuid import UUID

import django_filters
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from liaoyuan.foundation.inbox import adapters
from liaoyuan.foundation.inbox.models import Delivery, DeliveryState
from liaoyuan.foundation.inbox.selectors.deliveries import deliveries, delivery_counts
from liaoyuan.foundation.inbox.services import deliveries_retry_all, delivery_retry
from liaoyuan.foundation.inbox.views.wording import post_button
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import Conflict
from liaoyuan.kernel.ui.lists import Column, Empty, ListPage, render_list
from liaoyuan.kernel.ui.parts import state

_LEVELS = {
    DeliveryState.QUEUED: "info",
    DeliveryState.SENDING: "info",
    DeliveryState.SENT: "ok",
    DeliveryState.FAILED: "soon",
    DeliveryState.DEAD: "late",
    DeliveryState.DROPPED: "muted",
}


class DeliveryFilter(django_filters.FilterSet):
    """State (dead ones, unless another is chosen) and channel."""

    state = django_filters.ChoiceFilter(
        label=gettext_lazy("状态"),
        choices=[*(choice for choice in DeliveryState.choices if choice[0] != "dead"), ("all", gettext_lazy("全部"))],
        empty_label=gettext_lazy("发送失败"),
        method="by_state",
    )
    channel = django_filters.ChoiceFilter(
        label=gettext_lazy("渠道"), choices=lambda: [(name, one.label) for name, one in adapters.CHANNELS.items()]
    )

    class Meta:
        model = Delivery
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The chosen ones; without a state the dead."""
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("state") else rows.filter(state=DeliveryState.DEAD)

    def by_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """One state, or all."""
        return rows if value == "all" else rows.filter(state=value)


@login_required
@require_safe
def delivery_list(request: HttpRequest) -> HttpResponse:
    """What did not go out and why. What it says is not shown: it is the recipient's."""
    actor = request.actor  # type: ignore[attr-defined]
    labels = {name: channel.label for name, channel in adapters.CHANNELS.items()}

    def act(row: Delivery) -> Any:
        if row.state != DeliveryState.DEAD:
            return ""
        return post_button(request, "inbox:retry", row.pk, _("重试"), row.user.username)

    page = ListPage(
        title=_("消息投递"),
        subtitle=_("邮件与短信网关的发送情况；内容只有收件人能看。"),
        columns=[
            Column("created", _("产生时间"), lambda row: _moment(row.created_at), ("created_at",), kind="date"),
            Column("channel", _("渠道"), lambda row: str(labels.get(row.channel, row.channel)), ("channel",)),
            Column("account", _("收件账号"), lambda row: row.user.username, ("user__username",)),
            Column("purpose", _("用途"), lambda row: row.get_purpose_display(), ("purpose",)),
            Column("state", _("状态"), lambda row: state(_LEVELS[DeliveryState(row.state)], row.get_state_display())),
            Column("attempts", _("已试"), lambda row: str(row.attempts), ("attempts",), kind="number"),
            Column("error", _("最近的错误"), lambda row: row.last_error, kind="words"),
            Column("next", _("下次发送"), lambda row: _moment(row.next_try_at), ("next_try_at",), default=False),
            Column("id", _("投递编号"), lambda row: str(row.pk), default=False),
            Column("act", _("操作"), act, kind="action"),
        ],
        rows=deliveries(actor),
        search=lambda rows, text: rows.filter(Q(user__username__icontains=text) | Q(last_error__icontains=text)),
        search_hint=_("收件账号或错误"),
        filters=DeliveryFilter,
        empty=Empty(_("没有发送失败的消息"), _("重试多次仍发不出去的会停在这里，等您处理。")),
        template="inbox/deliveries.html",
    )
    number = delivery_counts(actor)
    context = {
        "dead": number.get("dead", 0),
        "waiting": number.get("queued", 0) + number.get("failed", 0) + number.get("sending", 0),
        "channels": list(adapters.active().values()),
    }
    return render_list(request, page, **context)


def _moment(value: Any) -> str:
    return f"{clock.local(value):%Y-%m-%d %H:%M}" if value else ""


@login_required
@require_POST
def retry(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Try one again."""
    try:
        delivery_retry(actor=request.actor, delivery_id=pk)  # type: ignore[attr-defined]
    except Conflict as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _("已重新排队，一分钟内会再发。"))
    return redirect("inbox:deliveries")


@login_required
@require_POST
def retry_all(request: HttpRequest) -> HttpResponse:
    """Try all again."""
    count = deliveries_retry_all(actor=request.actor)  # type: ignore[attr-defined]
    messages.success(request, _("已把 %(count)d 条重新排队。") % {"count": count})
    return redirect("inbox:deliveries")
