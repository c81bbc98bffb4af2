"""Calling, opening, closing a meeting, and what concerns its roll."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from liaoyuan.activity.orglife.models import Meeting, Presence
from liaoyuan.activity.orglife.rules.meetings import KINDS
from liaoyuan.activity.orglife.selectors.pages import officers_to_name, roll_people, units_to_call
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import DomainError
from liaoyuan.kernel.scoping import Actor
from liaoyuan.kernel.ui.fields import MomentField
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.units.models import Unit

_KINDS = [(kind.key, kind.label) for kind in KINDS.values()]
_BESIDES = [(key, KINDS[key].label) for key in ("party_class", "theme_day", "life_meeting", "democratic_review")]


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: what was sent (an empty form too), or nothing when it is only shown."""
    return request.POST if request.method == "POST" else None


def show_refusal(form: forms.Form, error: DomainError) -> None:
    """A refusal stands at its field, with its clause."""
    form.add_error(error.field if error.field in form.fields else None, error.sentence)


class CallForm(forms.Form):
    """A meeting to come (or one held on paper, to be recorded)."""

    unit = forms.ModelChoiceField(label=_("哪个组织开会"), queryset=Unit.objects.none(), empty_label=_("请选择"))
    kind = forms.ChoiceField(label=_("会议类别"), choices=_KINDS)
    covers = forms.MultipleChoiceField(
        label=_("同时作为"),
        choices=_BESIDES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("例如组织生活会与民主评议一并召开；散会后分别记入纪实。"),
    )
    title = forms.CharField(label=_("议题"), max_length=120)
    planned_at = MomentField(label=_("时间"), help_text=_("早于今天的按补录登记，不能用手持终端投票。"))
    place = forms.CharField(label=_("地点"), max_length=80, required=False)
    online = forms.BooleanField(label=_("线上参加（在外的党员不自动记为请假）"), required=False)
    chair = forms.ModelChoiceField(
        label=_("主持人"), queryset=Person.objects.none(), required=False, empty_label=_("书记（缺省）")
    )
    recorder = forms.ModelChoiceField(
        label=_("记录人"), queryset=Person.objects.none(), required=False, empty_label=_("未指定")
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["unit"].queryset = units_to_call(actor)
        people = officers_to_name(actor)
        fields["chair"].queryset = people
        fields["recorder"].queryset = people
        if not self.is_bound:
            if not self.initial.get("unit"):
                self.initial["unit"] = fields["unit"].queryset.first()
            self.initial.setdefault("planned_at", clock.local(clock.now()) + timedelta(days=2))


class OpenForm(forms.Form):
    """Opening: now, or when it was held."""

    at = MomentField(label=_("开会时间"), required=False, help_text=_("补录已开过的会时填写；现在开会留空。"))


class CloseForm(forms.Form):
    """The minutes."""

    minutes = forms.CharField(
        label=_("会议记录"),
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("议程、主要发言和结论。不要写谁投了什么票。"),
    )


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("理由"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class LeaveForm(forms.Form):
    """Asking for leave."""

    note = forms.CharField(label=_("请假事由"), max_length=120)


class ExcludeForm(forms.Form):
    """Whose vote, why, and on what ground."""

    person = forms.ModelChoiceField(label=_("谁"), queryset=Person.objects.none(), empty_label=_("请选择"))
    fact = forms.ChoiceField(
        label=_("情形"),
        choices=[
            ("MT-17", _("失去或中止权利：留党察看期间、被留置或逮捕")),
            ("MT-18", _("经上级同意不计入应到会：长期卧床、出国半年以上等")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("具体理由"), max_length=120)
    consent = forms.CharField(
        label=_("哪级组织、何时同意"), max_length=80, required=False, help_text=_("不计入应到会的必须填写。")
    )

    def __init__(self, meeting: Meeting, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["person"].queryset = roll_people(meeting, entitled=True)


class CorrectForm(forms.Form):
    """Who, what is true, and how we know."""

    person = forms.ModelChoiceField(label=_("谁"), queryset=Person.objects.none(), empty_label=_("请选择"))
    presence = forms.ChoiceField(label=_("实际情况"), choices=Presence.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("理由"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("怎样发现记错的，以什么为准，例如纸质签到表。"),
    )

    def __init__(self, meeting: Meeting, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["person"].queryset = roll_people(meeting)
