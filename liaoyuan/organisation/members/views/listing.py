"""The member list and its export."""

from collections.abc import Callable
from dataclasses import replace
from html import escape
from typing import Any

import django_filters
from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from liaoyuan.foundation.audit.services import record
from liaoyuan.foundation.regulations.dates import add_months
from liaoyuan.kernel import clock
from liaoyuan.kernel.paths import within
from liaoyuan.kernel.scoping import Actor
from liaoyuan.kernel.ui import parts
from liaoyuan.kernel.ui.lists import Action, Column, Empty, ListPage, render_list
from liaoyuan.organisation.members import codes
from liaoyuan.organisation.members.models import Person, PersonCategory, StandingKind
from liaoyuan.organisation.members.policies import Capability, can_list
from liaoyuan.organisation.members.rules.admission import years_between
from liaoyuan.organisation.members.selectors import belonging, in_units, people_rows, search_rows
from liaoyuan.organisation.members.selectors.reaching import holding

_STANDINGS = {kind.value: str(kind.label) for kind in StandingKind}
_LEVELS = {"full": "ok", "probationary": "ok", "candidate": "info", "activist": "info", "applicant": "info"}
_YEARS = {"min_value": 0, "max_value": 120}
_ANY = "00000000-0000-0000-0000-000000000000"


class PeopleFilter(django_filters.FilterSet):
    """Filters of the list; each narrows by a range or an equal value of an indexed or listed column."""

    unit = django_filters.CharFilter(label=gettext_lazy("组织（编码或名称）"), method="filter_unit")
    standing = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("政治面貌"),
        choices=StandingKind.choices,
        widget=forms.CheckboxSelectMultiple,
        distinct=False,
    )
    category = django_filters.ChoiceFilter(label=gettext_lazy("人员类别"), choices=PersonCategory.choices)
    rank = django_filters.ChoiceFilter(label=gettext_lazy("军衔"), choices=[(name, name) for name in codes.RANKS])
    age_from = django_filters.NumberFilter(label=gettext_lazy("年龄不小于"), method="filter_age", **_YEARS)
    age_to = django_filters.NumberFilter(label=gettext_lazy("年龄不大于"), method="filter_age", **_YEARS)
    belongs = django_filters.ChoiceFilter(
        label=gettext_lazy("范围"),
        choices=[("home", gettext_lazy("组织关系在这里")), ("attached", gettext_lazy("挂靠在这里"))],
        method="filter_nothing",
        empty_label=None,
    )
    away = django_filters.ChoiceFilter(
        label=gettext_lazy("挂靠"),
        choices=[("yes", gettext_lazy("挂靠在别处")), ("no", gettext_lazy("没有挂靠"))],
        method="filter_away",
    )
    active = django_filters.ChoiceFilter(
        label=gettext_lazy("在队"),
        choices=[("yes", gettext_lazy("在队")), ("no", gettext_lazy("已离队")), ("all", gettext_lazy("全部"))],
        method="filter_nothing",
        empty_label=None,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self._actor.holds(Capability.VIEW_FILE):
            del self.filters["age_from"], self.filters["age_to"]  # an age is asked out of it year by year

    def filter_queryset(self, queryset: QuerySet[Person]) -> QuerySet[Person]:
        """Scope by home or attachment, people in service unless asked otherwise, then the rest."""
        cleaned = self.form.cleaned_data
        rows = belonging(self._actor, queryset, cleaned.get("belongs") or "home")
        wanted = cleaned.get("active") or "yes"
        if wanted != "all":
            rows = rows.filter(active=wanted == "yes")
        return super().filter_queryset(rows)

    @property
    def _actor(self) -> Actor:
        return self.request.actor

    def filter_unit(self, rows: QuerySet[Person], name: str, value: str) -> QuerySet[Person]:
        """In these units and below."""
        return in_units(self._actor, rows, value, self.form.cleaned_data.get("belongs") or "home")

    def filter_age(self, rows: QuerySet[Person], name: str, value: Any) -> QuerySet[Person]:
        """Full years, turned into a range of birth dates; of those alone whose file the actor may see."""
        years = int(value)
        rows = holding(self._actor, rows, Capability.VIEW_FILE, self.form.cleaned_data.get("belongs") or "home")
        if name == "age_from":
            return rows.filter(birth_date__lte=add_months(clock.today(), -12 * years))
        return rows.filter(birth_date__gt=add_months(clock.today(), -12 * (years + 1)))

    def filter_away(self, rows: QuerySet[Person], name: str, value: str) -> QuerySet[Person]:
        """Attached somewhere else, or not."""
        return rows.filter(attached_unit__isnull=value == "no")

    def filter_nothing(self, rows: QuerySet[Person], name: str, value: str) -> QuerySet[Person]:
        """``filter_queryset`` has seen to it."""
        return rows


# What stands in the file and in no address book: for whoever holds members.view_file where the person belongs.
_FILE = frozenset({"sex", "age", "birth", "ethnicity", "education", "native", "full"})


def _columns(actor: Actor) -> list[Column]:
    """The columns the actor may see: those of the file only with ``members.view_file``, blank for people over whom he
    does not hold it, and sortable only where he holds it over everybody listed (an order tells, too)."""
    held, listed = actor.reach(Capability.VIEW_FILE), actor.reach(Capability.VIEW)
    if all(any(within(path, prefix) for prefix in held) for path in listed):
        return _all_columns()
    return [
        replace(column, cell=_in_reach(actor, column.cell), sort=()) if column.key in _FILE else column
        for column in _all_columns()
        if held or column.key not in _FILE
    ]


def _in_reach(actor: Actor, cell: Callable[[Person], Any]) -> Callable[[Person], Any]:
    def shown(person: Person) -> Any:
        return cell(person) if actor.covers(Capability.VIEW_FILE, person.home_path) else ""

    return shown


def _all_columns() -> list[Column]:
    """Cells join strings: 50 rows must cost what the query costs. Addresses and states are made once a page."""
    routes = ("members:file", "members:card", "units:detail")
    file_url, card_url, unit_url = (reverse(name, args=[_ANY]) for name in routes)
    states = {kind: parts.state(_LEVELS.get(kind, "muted"), label) for kind, label in _STANDINGS.items()}
    today = clock.today()

    def name(person: Person) -> SafeString:
        key = str(person.pk)
        return SafeString(  # the name is escaped, the key is a UUID
            f'<a class="member-name" href="{file_url.replace(_ANY, key)}" data-card="{card_url.replace(_ANY, key)}">'
            f"{escape(person.name)}</a>"
        )

    def unit(person: Person) -> SafeString | str:
        if person.unit is None:
            return ""
        address = unit_url.replace(_ANY, str(person.unit_id))
        return SafeString(f'<a href="{address}">{escape(person.unit.name)}</a>')

    def age(person: Person) -> int | str:
        return years_between(person.birth_date, today) if person.birth_date else ""

    return [
        Column("name", _("姓名"), name, sort=("pinyin",), export=lambda person: person.name),
        Column("number", _("人员编号"), lambda person: person.number, sort=("number",)),
        Column("unit", _("所在党支部"), unit, sort=("home_path", "rank_order"), export=_named("unit"), joins=("unit",)),
        Column("group", _("党小组"), _named("group"), default=False, joins=("group",)),
        Column("standing", _("政治面貌"), lambda person: states[person.standing], export=_standing, sort=("standing",)),
        Column("rank", _("军衔"), lambda person: person.rank, sort=("rank_order",)),
        Column("position", _("职务"), lambda person: person.position),
        Column("category", _("人员类别"), lambda person: codes.category_label(person.category), default=False),
        Column("sex", _("性别"), lambda person: codes.sex_label(person.sex), default=False),
        Column("age", _("年龄"), age, sort=("-birth_date",), kind="number"),
        Column("birth", _("出生日期"), _day("birth_date"), default=False, kind="date", sort=("birth_date",)),
        Column("ethnicity", _("民族"), lambda person: codes.ethnicity_label(person.ethnicity), default=False),
        Column("education", _("学历"), lambda person: codes.education_label(person.education), default=False),
        Column("native", _("籍贯"), lambda person: person.native_place, default=False),
        Column("joined", _("入党日期"), _day("joined_on"), kind="date", sort=("joined_on",)),
        Column("full", _("转正日期"), _day("full_since"), default=False, kind="date", sort=("full_since",)),
        Column("attached", _("挂靠"), _named("attached_unit"), joins=("attached_unit",)),
        Column("left", _("离队日期"), _day("left_on"), default=False, kind="date", sort=("left_on",)),
    ]


def _named(field: str) -> Callable[[Person], str]:
    def cell(person: Person) -> str:
        unit = getattr(person, field)
        return unit.name if unit else ""

    return cell


def _standing(person: Person) -> str:
    return _STANDINGS[person.standing]


def _day(field: str) -> Any:
    def cell(person: Person) -> str:
        value = getattr(person, field)
        return value.isoformat() if value else ""

    return cell


def _rows(actor: Actor, request: HttpRequest) -> QuerySet[Person]:
    """Everybody the filters may narrow; for an export only those over whom the actor holds ``members.export``."""
    rows = people_rows(actor, joins=())  # the columns shown say what they need
    if request.GET.get("export") != "xlsx":
        return rows
    which = "attached" if request.GET.get("belongs") == "attached" else "home"
    return holding(actor, rows, Capability.EXPORT, which)


@login_required
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """The people of one's reach: in tree order, then by rank."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    can_list(actor).require()
    may_export = actor.holds(Capability.EXPORT)
    may_create = actor.holds(Capability.MANAGE)

    def on_export(count: int) -> None:
        query = request.GET.dict()
        record(actor, "members.export", object_type="members.person", detail={"count": count, "query": query})

    page = ListPage(
        title=_("人员"),
        columns=_columns(actor),
        rows=_rows(actor, request),
        search=lambda rows, q: search_rows(actor, rows, q),
        search_hint=_("姓名、拼音、首字母、编号或身份证号后 6 位"),
        filters=PeopleFilter,
        empty=Empty(
            _("这里还没有人员"),
            _("导入花名册，或逐个新增。") if may_create else _("您的管理范围内还没有登记人员。"),
            reverse("members:create") if may_create else "",
            _("新增人员") if may_create else "",
        ),
        export_name=_("人员名单") if may_export else "",
        on_export=on_export,
        actions=[Action(_("新增人员"), reverse("members:create"), "plus", primary=True)] if may_create else [],
        noun=_("人"),
        row_class=lambda person: "" if person.active else "row-muted",
    )
    return render_list(request, page)
