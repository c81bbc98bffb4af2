"""``/_ui/``: every component in all its states, for looking at in development. Absent from a real instance."""

from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.html import format_html

from liaoyuan.kernel.errors import Conflict, DomainError, NotInScope, NotPermitted
from liaoyuan.kernel.ui import parts
from liaoyuan.kernel.ui.fields import DayField
from liaoyuan.kernel.ui.lists import Choice, Column, Empty, Head, rows_html
from liaoyuan.kernel.ui.paging import Paging

# Invented names; nobody of this kind exists.
_NAMES = ("林知远", "欧阳慕青", "阿依夏·热合曼", "高岸", "沈一苇", "罗青禾")
_STANDINGS = ("正式党员", "预备党员", "发展对象", "入党积极分子", "入党申请人", "正式党员")


@dataclass(frozen=True, slots=True)
class SampleUnit:
    """Stands for a unit."""

    pk: UUID
    name: str


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """Stands for a person."""

    pk: UUID
    name: str
    unit: SampleUnit
    standing: str
    since: date
    level: str
    state: str

    def get_standing_display(self) -> str:
        """The standing's word."""
        return self.standing


class SampleForm(forms.Form):
    """Every kind of field."""

    name = forms.CharField(label="姓名", max_length=20, help_text="与身份证一致；少数民族姓名中的间隔点写作 ·。")
    kind = forms.ChoiceField(label="事由", choices=[("", "请选择"), ("1", "驻训"), ("2", "学习培训"), ("3", "休假")])
    since = DayField(label="离开日期")
    many = forms.MultipleChoiceField(
        label="一同外出的人",
        required=False,
        choices=[(str(index), name) for index, name in enumerate(_NAMES[:4])],
        widget=forms.CheckboxSelectMultiple,
    )
    one = forms.ChoiceField(
        label="挂靠方式", required=False, choices=[("a", "临时党支部"), ("b", "就近支部")], widget=forms.RadioSelect
    )
    note = forms.CharField(label="说明", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    file = forms.FileField(label="附件", required=False)
    secret = forms.CharField(label="口令", required=False, widget=forms.PasswordInput)
    sure = forms.BooleanField(label="我已核对上面的内容")


class SampleReason(forms.Form):
    """The reason a destructive step asks for."""

    reason = forms.CharField(label="理由", widget=forms.Textarea(attrs={"rows": 2}))


def _people() -> list[SamplePerson]:
    unit = SampleUnit(UUID(int=1), "一营二支部")
    levels = (("ok", "已办结"), ("soon", "还有 3 天"), ("late", "逾期 2 天"), ("muted", "不适用"), ("info", "进行中"))
    return [
        SamplePerson(
            UUID(int=10 + index),
            name,
            unit,
            _STANDINGS[index],
            date(2019 + index % 6, 1 + index, 3 + index * 4),
            *levels[index % 5],
        )
        for index, name in enumerate(_NAMES)
    ]


_COLUMNS = (
    Column("name", "姓名", parts.person_chip, sort=("name",)),
    Column("unit", "所在支部", lambda person: parts.unit_chip(person.unit)),
    Column("since", "入党日期", lambda person: parts.day(person.since), sort=("since",), kind="date"),
    Column("count", "学时", lambda person: person.since.day * 3, kind="number"),
    Column("state", "状态", lambda person: parts.state(person.level, person.state)),
    Column("nothing", "备注", lambda person: ""),
    Column(
        "act", "", lambda person: format_html('<a class="btn btn-sm" href="#{}">办理</a>', person.pk), kind="action"
    ),
)


def _list_context() -> dict[str, Any]:
    people = _people()
    return {
        "list": SimpleNamespace(
            title="示例名册",
            noun="人",
            export_name="示例",
            printable=True,
            search=True,
            search_hint="",
            empty=Empty("还没有人"),
        ),
        "paging": Paging(people, number=3, per=6, total=127, exact=True, has_next=True),
        "rows_html": rows_html(people, _COLUMNS),
        "heads": [
            Head("name", "姓名", "", "-name", "ascending"),
            Head("unit", "所在支部", "", "", ""),
            Head("since", "入党日期", "date", "since", ""),
            Head("count", "学时", "number", "", ""),
            Head("state", "状态", "", "", ""),
            Head("nothing", "备注", "", "", ""),
            Head("act", "", "action", "", ""),
        ],
        "choices": [Choice(column.key, column.label or "操作", True) for column in _COLUMNS],
        "view": SimpleNamespace(q="支部", sort="name", per=50),
        "per_choices": [20, 50, 100, 200],
        "active_filters": [SimpleNamespace(names=("standing",), label="政治面貌", value="预备党员")],
        "filterset": None,
        "filter_errors": False,
        "narrowed": True,
        "params": QueryDict("q=支部&standing=probationary"),
    }


def _context() -> dict[str, Any]:
    filled = SampleForm({"name": "林" * 30, "since": "2026-02-30", "kind": "9"}, auto_id="wrong_%s")
    return {
        **_list_context(),
        "people": _people(),
        "empty_form": SampleForm(),
        "wrong_form": filled,
        "reason_form": SampleReason(auto_id="reason_%s"),
        "levels": list(parts.STATES),
        "steps": [
            {"label": "递交申请", "note": "2025-03-01", "state": "done"},
            {"label": "谈话", "note": "2025-03-20", "state": "done"},
            {"label": "确定积极分子", "note": "还有 12 天", "state": "now"},
            {"label": "发展对象", "note": "逾期 2 天", "state": "late"},
            {"label": "预备党员", "note": "", "state": "next"},
        ],
        "events": [
            {"date": date(2026, 11, 22), "title": "在滁州营区签到", "icon": "map-pin", "level": "ok"},
            {"date": date(2026, 10, 8), "title": "转入一营二支部", "body": "经营党委批准", "icon": "transfer"},
            {"date": date(2026, 7, 1), "title": "优秀共产党员", "icon": "award", "level": "honour"},
            {"date": date(2026, 5, 4), "title": "补课逾期", "icon": "alert-triangle", "level": "late"},
        ],
        "tabs": [
            {"label": "基本", "url": "#1", "active": True},
            {"label": "经历", "url": "#2", "count": 12},
            {"label": "谁看过我的档案", "url": "#3", "icon": "eye"},
        ],
        "trend": [3, 4, 4, 6, 5, 8, 9, 9, 12],
    }


def _require_debug() -> None:
    if not (settings.DEBUG or settings.LIAOYUAN.debug):
        raise Http404


def gallery(request: HttpRequest) -> HttpResponse:
    """Every component in all states."""
    _require_debug()
    return render(request, "ui/gallery.html", _context())


_TROUBLES: dict[str, DomainError] = {
    "403": NotPermitted("您可以查看三营的名册，但没有改动的权限。请联系三营的组织委员。"),
    "404": NotInScope(),
    "409": Conflict("这份调动刚刚已由罗青禾办结，没有重复写入。请刷新后查看。"),
    "422": DomainError("预备期未满一年，不能转正。最早可在 2027-03-05 讨论。", clause="《中国共产党章程》第七条"),
}


def trouble(request: HttpRequest, code: str) -> HttpResponse:
    """The error pages, to look at."""
    _require_debug()
    if code not in _TROUBLES:
        raise Http404
    return render(request, "ui/error.html", {"error": _TROUBLES[code]}, status=_TROUBLES[code].status)
