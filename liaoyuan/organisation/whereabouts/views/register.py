"""The register of who is away."""

from typing import Any

import django_filters
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from liaoyuan.foundation.audit import services as audit
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import NotPermitted
from liaoyuan.kernel.ui.fields import DayFilter
from liaoyuan.kernel.ui.lists import Action, Column, Empty, ListPage, render_list
from liaoyuan.kernel.ui.parts import day, person_chip, state, unit_chip
from liaoyuan.organisation.members.policies import Capability as MembersCapability
from liaoyuan.organisation.units.models import Unit
from liaoyuan.organisation.whereabouts import rules
from liaoyuan.organisation.whereabouts.models import Posting
from liaoyuan.organisation.whereabouts.policies import Capability
from liaoyuan.organisation.whereabouts.selectors import postings as read
from liaoyuan.organisation.whereabouts.selectors.when import in_state

LEVELS = {
    rules.State.PLANNED: "info",
    rules.State.AWAY: "ok",
    rules.State.OVERDUE: "late",
    rules.State.BACK: "muted",
}
STATES = [("now", gettext_lazy("现在在外")), *((str(key), words) for key, words in rules.STATE_LABELS.items())]


class PostingFilter(django_filters.FilterSet):
    """Filters of the register. Without ``state`` everything is listed; the page's own links start with "now"."""

    state = django_filters.ChoiceFilter(label=gettext_lazy("状态"), choices=STATES, method="by_state")
    purpose = django_filters.ModelChoiceFilter(label=gettext_lazy("事由"), queryset=lambda _request: read.purposes())
    site = django_filters.ModelChoiceFilter(label=gettext_lazy("去往点位"), queryset=lambda _request: read.sites())
    unit = django_filters.ModelChoiceFilter(
        label=gettext_lazy("所在组织"), queryset=lambda request: read.units_to_filter(request.actor), method="by_unit"
    )
    attached = django_filters.ModelChoiceFilter(
        label=gettext_lazy("挂靠支部"),
        field_name="attached_unit",
        queryset=lambda request: read.branches_to_attach(request.actor),
    )
    on = DayFilter(label=gettext_lazy("这一天在外"), method="by_day")

    class Meta:
        model = Posting
        fields: list[str] = []

    def by_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """One of the four states, or everybody who is away now."""
        today = clock.today()
        if value == "now":
            return rows.filter(in_state("away", today) | in_state("overdue", today))
        return rows.filter(in_state(value, today))

    def by_unit(self, rows: QuerySet[Any], name: str, value: Unit) -> QuerySet[Any]:
        """Of this organisation and below."""
        return rows.filter(person__home_path__gte=value.path, person__home_path__lt=value.path + "~")

    def by_day(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        """Away on that day, both ends included."""
        return rows.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=value), since__lte=value)


@login_required
@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """Who is away: where, why, attached to whom, since when, until when; with statistics above the list."""
    actor = request.actor  # type: ignore[attr-defined]
    if not actor.holds(Capability.VIEW):
        raise NotPermitted(_("外出登记由支部委员以上人员查看；您自己的外出见“我的外出”。"))
    today = clock.today()
    may_post = actor.holds(Capability.POST)
    # What is shown is exported: so everything shown must lie where the actor may export.
    may_export = all(actor.covers(MembersCapability.EXPORT, path) for path in actor.reach(Capability.VIEW))
    page = ListPage(
        title=_("外出登记"),
        subtitle=_("谁在哪里、为什么、什么时候回来"),
        columns=_columns(today),
        rows=read.postings(actor),
        search=_search,
        filters=PostingFilter,
        default_sort="-since",
        noun=_("条"),
        empty=Empty(
            _("没有符合条件的外出"),
            _("换个条件，或者登记一次外出。") if may_post else _("换个条件再看看。"),
            reverse("whereabouts:post") if may_post else "",
            _("登记外出") if may_post else "",
        ),
        actions=[Action(_("登记外出"), reverse("whereabouts:post"), "plus", True)] if may_post else [],
        export_name=_("外出登记") if may_export else "",
        on_export=lambda count: audit.record(
            actor, "whereabouts.export", object_type="whereabouts.posting", detail={"rows": count, **request.GET.dict()}
        ),
        template="whereabouts/register.html",
        row_class=lambda row: "row-muted" if read.state_of(row, today) == rules.State.BACK else "",
    )
    # The fragment shows the rows alone: it does not pay for the statistics.
    fragment = bool(request.htmx) and request.htmx.target == "list"  # type: ignore[attr-defined]
    return render_list(request, page, away=None if fragment else read.away_statistics(actor))


def _search(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    low = text.lower()
    return rows.filter(
        Q(person__name__contains=text)
        | Q(person__pinyin__startswith=low)
        | Q(person__initials__startswith=low)
        | Q(person__number__in=[text, text.upper()])
        | Q(site__name__contains=text)
    )


def _columns(today: Any) -> list[Column]:
    def shown_state(row: Posting) -> Any:
        now = read.state_of(row, today)
        words = rules.STATE_LABELS[now]
        if now == rules.State.OVERDUE:
            late = rules.overdue_days(row.planned_end, row.ended_on, today)
            words = _("%(state)s %(days)d 天") % {"state": words, "days": late}
        return state(LEVELS[now], words)

    def link(row: Posting) -> Any:
        return format_html('<a href="{}">{}</a>', reverse("whereabouts:posting", args=[row.pk]), row.purpose.name)

    return [
        Column("person", _("人员"), lambda row: person_chip(row.person), ("person__home_path", "person__rank_order"),
               export=lambda row: row.person.name),
        Column("number", _("人员编号"), lambda row: row.person.number, ("person__number",), default=False),
        Column("purpose", _("事由"), link, ("purpose__order",), kind="short", export=lambda row: row.purpose.name),
        Column("site", _("去往点位"), lambda row: row.site.name, ("site__name",)),
        Column("attached", _("挂靠支部"), lambda row: unit_chip(row.attached_unit, link=False),
               ("attached_unit__path",), export=lambda row: row.attached_unit.name if row.attached_unit else ""),
        Column("since", _("开始"), lambda row: day(row.since), ("since",), kind="date", export=lambda row: row.since),
        Column("planned_end", _("预计结束"), lambda row: day(row.planned_end), ("planned_end",), kind="date",
               export=lambda row: row.planned_end),
        Column("ended_on", _("实际归队"), lambda row: day(row.ended_on), ("ended_on",), kind="date", default=False,
               export=lambda row: row.ended_on),
        Column("days", _("天数"), lambda row: rules.days_away(row.since, row.ended_on, today), kind="number"),
        Column("state", _("状态"), shown_state),
        Column("confirmed", _("到位"), lambda row: _("已确认") if row.confirmed_at else "", default=False),
        Column("unit", _("所在支部"), lambda row: row.person.unit.name if row.person.unit else "",
               ("person__home_path",), default=False),
        Column("note", _("备注"), lambda row: row.note, default=False),
    ]  # fmt: skip


__all__ = ["LEVELS", "register"]
