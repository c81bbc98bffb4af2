"""Every case as a list: open ones, and those that ended or wait until their person is back in service."""

from typing import Any

import django_filters
from django.contrib.auth.decorators import login_required
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from liaoyuan.affairs.admission.models import Case, CaseEnd
from liaoyuan.affairs.admission.policies import can_list
from liaoyuan.affairs.admission.rules.steps import STAGES
from liaoyuan.affairs.admission.selectors.board import card
from liaoyuan.affairs.admission.selectors.listing import case_list, units_to_filter
from liaoyuan.foundation.audit.services import record
from liaoyuan.kernel import clock
from liaoyuan.kernel.paths import upper
from liaoyuan.kernel.scoping import Actor
from liaoyuan.kernel.ui.lists import Action, Column, Empty, ListPage, render_list
from liaoyuan.kernel.ui.parts import day, state
from liaoyuan.organisation.members.selectors.matching import matching
from liaoyuan.organisation.units.models import Unit

_ENDED, _ALL = "ended", "all"


class CaseFilter(django_filters.FilterSet):
    """How it stands (open ones, unless another is chosen), stage, organisation."""

    state = django_filters.ChoiceFilter(
        label=gettext_lazy("状态"),
        choices=[(_ENDED, gettext_lazy("已结案、中止")), *CaseEnd.choices, (_ALL, gettext_lazy("全部"))],
        empty_label=gettext_lazy("在办"),
        method="by_state",
    )
    stage = django_filters.ChoiceFilter(
        label=gettext_lazy("阶段"), choices=[(str(stage), label) for stage, label in STAGES.items()]
    )
    unit = django_filters.ModelChoiceFilter(
        label=gettext_lazy("组织"), queryset=lambda request: units_to_filter(request.actor), method="by_unit"
    )

    class Meta:
        model = Case
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The chosen ones; without a state those that go on."""
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("state") else rows.filter(closed_as="")

    def by_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Ended ones, those that ended so, or all."""
        if value == _ALL:
            return rows
        return rows.exclude(closed_as="") if value == _ENDED else rows.filter(closed_as=value)

    def by_unit(self, rows: QuerySet[Any], name: str, value: Unit) -> QuerySet[Any]:
        """Of this organisation and below."""
        return rows.filter(path__gte=value.path, path__lt=upper(value.path))


@login_required
@require_safe
def case_list_page(request: HttpRequest) -> HttpResponse:
    """Every case in reach."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    can_list(actor).require()
    page = ListPage(
        title=_("发展案卷"),
        subtitle=_("在办的、已结案的、因本人离队中止的，都在这里。"),
        columns=_columns(),
        rows=case_list(actor),
        search=matching,
        search_hint=_("姓名、拼音、编号或组织"),
        filters=CaseFilter,
        empty=Empty(_("没有符合条件的案卷"), _("换个状态可以看已结案、中止的案卷。")),
        export_name=_("发展案卷"),
        on_export=lambda count: record(
            actor, "admission.list_export", object_type="admission.case", detail={"rows": count, **request.GET.dict()}
        ),
        actions=[Action(_("看板"), reverse("admission:board"), "layout-kanban")],
        noun=_("卷"),
    )
    return render_list(request, page)


def _columns() -> list[Column]:
    today = clock.today()

    def name(row: Case) -> Any:
        return format_html('<a href="{}">{}</a>', reverse("admission:case", args=[row.pk]), row.person.name)

    def where(row: Case) -> str:
        return row.get_closed_as_display() if row.closed_as else card(row, today).step

    def condition(row: Case) -> Any:
        if row.closed_as:
            return state("muted", row.get_closed_as_display())
        found = card(row, today)
        return state(found.level, found.words)

    return [
        Column("person", _("姓名"), name, ("person__pinyin", "person__name"), export=lambda row: row.person.name),
        Column("unit", _("党支部"), lambda row: row.unit.name, ("path",)),
        Column("stage", _("阶段"), lambda row: row.get_stage_display(), ("step",)),
        Column("step", _("步骤"), where),
        Column("state", _("状态"), condition, export=lambda row: card(row, today).words if row.open else where(row)),
        Column("due", _("最近期限"), lambda row: day(row.due_on), (F("due_on").asc(nulls_last=True),), kind="date",
               export=lambda row: row.due_on),
        Column("started", _("申请日期"), lambda row: day(row.started_on), ("started_on",), kind="date",
               export=lambda row: row.started_on),
        Column("closed", _("结案日期"), lambda row: day(row.closed_on), (F("closed_on").asc(nulls_last=True),),
               kind="date", export=lambda row: row.closed_on),
        Column("why", _("结案说明"), lambda row: row.close_reason),
        Column("number", _("人员编号"), lambda row: row.person.number, ("person__number",), default=False),
    ]  # fmt: skip
