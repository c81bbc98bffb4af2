"""The board by unit, and every duty as a list."""

from functools import cached_property
from typing import Any
from uuid import UUID

import django_filters
from django.contrib.auth.decorators import login_required
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from liaoyuan.foundation.audit.services import record
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import NotInScope
from liaoyuan.kernel.paths import upper
from liaoyuan.kernel.scoping import Actor
from liaoyuan.kernel.ui.fields import DayFilter
from liaoyuan.kernel.ui.lists import Column, Empty, ListPage, render_list
from liaoyuan.kernel.ui.parts import day, person_chip, state, unit_chip
from liaoyuan.organisation.duties import registry
from liaoyuan.organisation.duties.models import Duty
from liaoyuan.organisation.duties.policies import can_export, can_see_board, can_see_list
from liaoyuan.organisation.duties.rules.families import FAMILIES
from liaoyuan.organisation.duties.selectors.board import board as read_board
from liaoyuan.organisation.duties.selectors.listing import (
    STATES,
    Responsible,
    duty_list,
    in_state,
    units_to_filter,
)
from liaoyuan.organisation.duties.selectors.mine import my_duty_ids
from liaoyuan.organisation.duties.selectors.rows import Overrides, Shown, shown
from liaoyuan.organisation.duties.views.tabs import tabs
from liaoyuan.organisation.members.selectors.matching import matching
from liaoyuan.organisation.units.models import Unit


@login_required
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Red, amber, green by unit; ``?unit=`` drills down."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    can_see_board(actor).require()
    found = read_board(actor, _unit_id(request))
    return render(
        request,
        "duties/board.html",
        {"board": found, "may_export": bool(can_export(actor)), "tabs": tabs(actor, "duties:board")},
    )


def _unit_id(request: HttpRequest) -> UUID | None:
    text = request.GET.get("unit", "")
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise NotInScope() from None


class DutyFilter(django_filters.FilterSet):
    """State (open ones, unless another is chosen), family, rule, unit, days, and whether they are mine."""

    state = django_filters.ChoiceFilter(
        label=gettext_lazy("状态"), choices=STATES, empty_label=gettext_lazy("待办"), method="by_state"
    )
    family = django_filters.ChoiceFilter(label=gettext_lazy("类别"), choices=list(FAMILIES.items()), method="by_family")
    rule = django_filters.ChoiceFilter(
        label=gettext_lazy("规则"), choices=lambda: [(one.id, f"{one.id} {one.title}") for one in registry.all_rules()]
    )
    unit = django_filters.ModelChoiceFilter(
        label=gettext_lazy("组织"),
        queryset=lambda request: units_to_filter(request.actor),
        method="by_unit",
    )
    since = DayFilter(label=gettext_lazy("到期不早于"), field_name="due", lookup_expr="gte")
    until = DayFilter(label=gettext_lazy("到期不晚于"), field_name="due", lookup_expr="lte")
    mine = django_filters.ChoiceFilter(
        label=gettext_lazy("谁负责"), choices=[("yes", gettext_lazy("我负责的"))], method="by_mine"
    )

    class Meta:
        model = Duty
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The chosen ones; without a state those still owed."""
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("state") else rows.filter(in_state("open"))

    def by_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """One of the states."""
        return rows.filter(in_state(value))

    def by_family(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Rules whose ids begin alike."""
        return rows.filter(rule__startswith=f"{value}-")

    def by_unit(self, rows: QuerySet[Any], name: str, value: Unit) -> QuerySet[Any]:
        """Of this organisation and below."""
        return rows.filter(path__gte=value.path, path__lt=upper(value.path))

    def by_mine(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those that I answer for."""
        return rows.filter(pk__in=my_duty_ids(self.request.actor))


class _Words:
    """Rows in words; what they need beside themselves is read once, and only if a column asks for it."""

    def __init__(self) -> None:
        self.today = clock.today()
        self._told: dict[UUID, Shown] = {}

    @cached_property
    def overrides(self) -> Overrides:
        """Today's."""
        return Overrides.on(self.today)

    @cached_property
    def responsible(self) -> Responsible:
        """Who answers for a duty today."""
        return Responsible.today()

    def of(self, row: Duty) -> Shown:
        """The row in words."""
        if row.pk not in self._told:
            self._told = {row.pk: shown(row, self.overrides, self.today)}  # cells come row by row
        return self._told[row.pk]

    def who(self, row: Duty) -> str:
        """Who sees to it."""
        if row.handed_to is not None:
            return _("%(name)s（受托）") % {"name": row.handed_to.name}
        return self.responsible.names(row)


@login_required
@require_safe
def duty_list_page(request: HttpRequest) -> HttpResponse:
    """Every duty in reach, the worst first; members see those about themselves."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    can_see_list(actor).require()
    words = _Words()
    page = ListPage(
        title=_("到点提醒"),
        subtitle=_("条例规定的事，到期提醒到人；事实一登记，提醒自己消失。"),
        columns=_columns(words),
        rows=duty_list(actor),
        search=matching,
        search_hint=_("姓名、拼音、编号或组织"),
        filters=DutyFilter,
        empty=Empty(_("没有符合条件的提醒"), _("到期的事会自动出现在这里；换个条件可以看已办结的。")),
        export_name=_("到点提醒") if can_export(actor) else "",
        on_export=lambda count: record(
            actor, "duties.export", object_type="duties.duty", detail={"rows": count, **request.GET.dict()}
        ),
        noun=_("件"),
        template="duties/list.html",
    )
    return render_list(request, page, tabs=tabs(actor, "duties:list"))


def _columns(words: _Words) -> list[Column]:
    def title(row: Duty) -> Any:
        return format_html(
            '<a class="duty-line" href="{}">{}</a>', reverse("duties:show", args=[row.pk]), words.of(row).sentence
        )

    def condition(row: Duty) -> Any:
        told = words.of(row)
        return state(told.level, told.words)

    def about(row: Duty) -> Any:
        return person_chip(row.person) if row.person else unit_chip(row.unit)

    return [
        Column("title", _("事项"), title, export=lambda row: words.of(row).sentence, kind="words"),
        Column("state", _("状态"), condition),
        Column("due", _("到期"), lambda row: day(row.due), (F("due").asc(nulls_last=True),), kind="date",
               export=lambda row: row.due),
        Column("who", _("负责人"), words.who),
        Column("unit", _("组织"), lambda row: row.unit.name, ("path",)),
        Column("about", _("对象"), about, default=False,
               export=lambda row: row.person.name if row.person else row.unit.name),
        Column("number", _("编号"), lambda row: row.person.number if row.person else row.unit.code, default=False),
        Column("rule", _("规则"), lambda row: f"{row.rule} {words.of(row).rule.title}", ("rule",), default=False),
        Column("clause", _("依据"), lambda row: one.article if (one := words.of(row).one) else "", default=False),
        Column("opened", _("起算"), lambda row: day(row.opened_on), ("opened_on",), kind="date", default=False,
               export=lambda row: row.opened_on),
        Column("closed", _("办结"), lambda row: day(row.closed_on), ("closed_on",), kind="date", default=False,
               export=lambda row: row.closed_on),
    ]  # fmt: skip


__all__ = ["board", "duty_list_page"]
