"""What happened: of a person, of a unit, of one's whole reach; as known now or on a past day."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import django_filters
from django.contrib.auth.decorators import login_required
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from liaoyuan.foundation.audit.services import record
from liaoyuan.kernel import clock
from liaoyuan.kernel.days import read_day
from liaoyuan.kernel.errors import NotPermitted
from liaoyuan.kernel.scoping import Actor, ScopedQuerySet
from liaoyuan.kernel.ui.fields import DayFilter
from liaoyuan.kernel.ui.lists import Action, Column, Empty, ListPage, render_list
from liaoyuan.kernel.ui.papers import Line
from liaoyuan.kernel.ui.parts import day, person_chip, state
from liaoyuan.organisation.chronicle import kinds
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.chronicle.policies import Capability
from liaoyuan.organisation.chronicle.selectors import pages as read
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.members.policies import Capability as MembersCapability
from liaoyuan.organisation.members.policies import can_view_file
from liaoyuan.organisation.members.selectors import person_file
from liaoyuan.organisation.members.selectors.matching import matching
from liaoyuan.organisation.units.selectors import unit_get


def kind_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every kind under its topic."""
    return [(words, [(kind.key, kind.label) for kind in found]) for words, found in kinds.by_topic(kinds.all_kinds())]


class FactFilter(django_filters.FilterSet):
    """Kind, days, and what was known when. Without a choice: what holds now."""

    kind = django_filters.ChoiceFilter(label=gettext_lazy("事项"), choices=kind_choices)
    since = DayFilter(label=gettext_lazy("发生不早于"), field_name="occurred_on", lookup_expr="gte")
    until = DayFilter(label=gettext_lazy("发生不晚于"), field_name="occurred_on", lookup_expr="lte")
    known = DayFilter(label=gettext_lazy("按这一天所知"), method="ignore")
    show = django_filters.ChoiceFilter(
        label=gettext_lazy("更正"),
        choices=[("mended", gettext_lazy("被更正、撤销的")), ("all", gettext_lazy("连同被更正、撤销的"))],
        empty_label=gettext_lazy("只看有效的"),
        method="ignore",
    )

    class Meta:
        model = Fact
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The chosen ones, as known on the day asked about, or now."""
        rows: Any = super().filter_queryset(queryset)
        show, known = self.form.cleaned_data.get("show"), self.form.cleaned_data.get("known")
        if show:
            return read.with_mended(rows, only=show == "mended")
        return read.holding(rows, known_on=known)

    def ignore(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        """Both are read together, above."""
        return rows


@dataclass(frozen=True, slots=True)
class Story:
    """A list of facts: whose, what it is called, what its reader may do. ``more`` is the query of the form for writing
    down by hand, None where the reader may not."""

    title: str
    subtitle: str
    rows: ScopedQuerySet
    may_export: bool
    more: str | None = None
    back: Action | None = None
    about: Person | None = None


@login_required
@require_safe
def story_list(request: HttpRequest) -> HttpResponse:
    """Everything in reach; for members what is about themselves."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.person_id is None and not actor.holds(Capability.VIEW):
        raise NotPermitted(_("您的账号没有对应的人员，也没有查看纪实的权限。"))
    reach = actor.reach(Capability.VIEW)
    story = Story(
        title=_("纪实"),
        subtitle=_("发生过的事，一事一记；更正留底。"),
        rows=read.facts_readable(actor),
        may_export=all(actor.covers(MembersCapability.EXPORT, path) for path in reach),
        more="" if actor.holds(Capability.RECORD) else None,
    )
    return _list(request, story)


@login_required
@require_safe
def person_story(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What happened to one person, earlier branches included; the look is recorded and shown to that person."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    person = person_file(actor, pk, action="chronicle.view_story")
    story = Story(
        title=_("%(name)s的纪实") % {"name": person.name},
        subtitle=person.unit.name if person.unit else "",
        rows=read.facts_of_person(actor, person),
        may_export=actor.person_id == person.pk or actor.covers(MembersCapability.EXPORT, person.home_path),
        more=f"?person={person.number}" if actor.covers(Capability.RECORD, person.home_path) else None,
        back=Action(_("档案"), reverse("members:file", args=[person.pk]), "id"),
        about=person,
    )
    return _list(request, story)


@login_required
@require_safe
def unit_story(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What happened in a unit and below."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    unit = unit_get(actor, pk)
    if not actor.covers(Capability.VIEW, unit.path):
        raise NotPermitted(_("纪实由支部委员以上人员查看；您自己的纪实见“我的档案”。"))
    story = Story(
        title=_("%(name)s的纪实") % {"name": unit.name},
        subtitle=_("含全部下级"),
        rows=read.facts_of_unit(actor, unit),
        may_export=actor.covers(MembersCapability.EXPORT, unit.path),
        more=f"?unit={unit.code}" if actor.covers(Capability.RECORD, unit.path) else None,
        back=Action(_("组织"), reverse("units:detail", args=[unit.pk]), "sitemap"),
    )
    return _list(request, story)


def _list(request: HttpRequest, story: Story) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    actions = [story.back] if story.back else []
    if story.more is not None:
        actions.append(Action(_("补记"), reverse("chronicle:record") + story.more, "plus", True))
    known = _known(request)
    about = story.about
    own = about is not None and about.pk == actor.person_id

    def exported(count: int) -> None:
        record(
            actor,
            "chronicle.export",
            object_type="fact",
            object_label=story.title,
            subject_id=about.pk if about is not None and not own else None,
            detail={"rows": count, **request.GET.dict()},
        )

    page = ListPage(
        title=story.title,
        subtitle=_("按 %(day)s 当天所知") % {"day": known} if known else story.subtitle,
        columns=_columns(actor, with_person=about is None),
        rows=story.rows.order_by(F("occurred_on").desc(), "-pk"),
        search=matching,
        search_hint=_("组织名称或编码") if about else _("姓名、拼音、编号或组织"),
        filters=FactFilter,
        empty=Empty(_("这里还没有纪实"), _("入党、任职、外出、谈话等一登记，就会出现在这里。")),
        actions=actions,
        export_name=story.title if story.may_export else "",
        paper=_line,
        on_export=exported,
        row_class=lambda row: "row-muted" if row.void or _replaced(row) else "",
    )
    return render_list(request, page)


def _replaced(row: Fact) -> bool:
    """Whether a correction took its place; known only where such rows are asked for at all."""
    return bool(getattr(row, "replaced", False))


def _line(row: Fact) -> Line:
    notes = [row.unit.name]
    if row.void:
        notes.append(_("已撤销：%(reason)s") % {"reason": row.reason})
    elif _replaced(row):
        notes.append(_("已被更正"))
    elif row.supersedes_id:
        notes.append(_("更正过：%(reason)s") % {"reason": row.reason})
    if evidence := row.payload.get("evidence"):
        notes.append(_("依据：%(evidence)s") % {"evidence": evidence})
    year = _("%(year)d年") % {"year": row.occurred_on.year}
    return Line(year, f"{row.occurred_on:%m-%d}", read.tell(row), " · ".join(notes))


def _known(request: HttpRequest) -> date | None:
    return read_day(request.GET.get("known", ""))


def _columns(actor: Actor, *, with_person: bool) -> list[Column]:
    labels = {kind.key: kind.label for kind in kinds.all_kinds()}

    def sentence(row: Fact) -> Any:
        return format_html(
            '<a class="duty-line" href="{}">{}</a>', reverse("chronicle:fact", args=[row.pk]), read.tell(row)
        )

    def mark(row: Fact) -> Any:
        if row.void:
            return state("muted", _("已撤销"))
        if _replaced(row):
            return state("muted", _("已被更正"))
        return state("info", _("更正过")) if row.supersedes_id else ""

    def person(row: Fact) -> Any:
        return person_chip(row.person, link=bool(can_view_file(actor, row.person))) if row.person else ""

    columns = [
        Column("sentence", _("事项"), sentence, export=read.tell, kind="words"),
        Column("occurred", _("发生"), lambda row: day(row.occurred_on), ("occurred_on",), kind="date",
               export=lambda row: row.occurred_on),
        Column("kind", _("类别"), lambda row: labels.get(row.kind, row.kind), ("kind",)),
        Column("unit", _("组织"), lambda row: row.unit.name, ("path",)),
        Column("mark", _("更正"), mark),
        Column("person", _("人员"), person, default=False,
               export=lambda row: row.person.name if row.person else ""),
        Column("number", _("编号"), lambda row: row.person.number if row.person else row.unit.code, default=False),
        Column("recorded", _("记录"), lambda row: f"{clock.local(row.recorded_at):%Y-%m-%d %H:%M}", ("recorded_at",),
               kind="date", default=False, export=lambda row: row.recorded_at),
        Column("by", _("记录人"), lambda row: row.recorded_by, default=False),
        Column("evidence", _("依据"), lambda row: row.payload.get("evidence", ""), default=False),
        Column("reason", _("更正理由"), lambda row: row.reason, default=False),
    ]  # fmt: skip
    return [column for column in columns if with_person or column.key not in {"person", "number"}]
