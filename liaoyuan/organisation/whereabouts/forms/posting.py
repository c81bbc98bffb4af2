"""Forms that send people away and follow what becomes of it."""

import re
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from liaoyuan.kernel import clock
from liaoyuan.kernel.scoping import Actor
from liaoyuan.kernel.ui.fields import DayField
from liaoyuan.organisation.members.models import Person, StandingKind
from liaoyuan.organisation.units.models import Site, Unit
from liaoyuan.organisation.whereabouts import rules
from liaoyuan.organisation.whereabouts.models import Posting, Purpose
from liaoyuan.organisation.whereabouts.selectors import postings as read


class PlaceFields(forms.Form):
    """What every posting says."""

    purpose = forms.ModelChoiceField(label=_("事由"), queryset=Purpose.objects.none(), empty_label=_("请选择"))
    site = forms.ModelChoiceField(label=_("去往点位"), queryset=Site.objects.none(), empty_label=_("请选择"))
    since = DayField(label=_("开始日期"))
    planned_end = DayField(label=_("预计结束日期"), required=False, help_text=_("没有定可以留空。"))
    attached_unit = forms.ModelChoiceField(
        label=_("挂靠支部"),
        queryset=Unit.objects.none(),
        required=False,
        empty_label=_("不挂靠"),
        help_text=_("外出期间参加哪个支部的组织生活。"),
    )
    note = forms.CharField(label=_("备注"), max_length=200, required=False)

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["purpose"].queryset = read.purposes()
        fields["site"].queryset = read.sites()
        fields["attached_unit"].queryset = read.branches_to_attach(actor)


class GroupForm(PlaceFields):
    """One form for a whole group: people chosen by tick or pasted by number, one place, one time."""

    person = forms.MultipleChoiceField(required=False)
    numbers = forms.CharField(
        label=_("粘贴人员编号"),
        required=False,
        max_length=rules.MAX_GROUP * 34,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("从表格里整列复制过来即可，空格、逗号、换行分隔都行。"),
    )

    field_order = ["purpose", "site", "since", "planned_end", "attached_unit", "note", "numbers"]

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"since": clock.today()})
        super().__init__(actor, *args, **kwargs)
        self.actor = actor
        self.fields["person"] = _Keys(required=False, widget=forms.MultipleHiddenInput)

    def clean(self) -> dict[str, Any]:
        """Both days, told together with whatever else is wrong."""
        data = super().clean() or {}
        since = data.get("since")
        if since and (problem := rules.date_problem(since, data.get("planned_end"), clock.today())):
            end = data.get("planned_end")
            self.add_error("planned_end" if end and end < since else "since", problem)
        return data

    def clean_numbers(self) -> list[UUID]:
        """The people behind the pasted numbers; an error names every number that is unknown here."""
        parts = re.split(r"[\s,，;；、]+", self.cleaned_data["numbers"])
        written = list(dict.fromkeys(part for part in parts if part))
        if len(written) > rules.MAX_GROUP:
            raise forms.ValidationError(_("一次最多 %(limit)d 个编号。"), params={"limit": rules.MAX_GROUP})
        found = read.people_by_number(self.actor, written) if written else {}
        missing = [number for number in written if number not in found]
        if missing:
            named = "、".join(missing[:20]) + (_(" 等 %d 个") % len(missing) if len(missing) > 20 else "")
            raise forms.ValidationError(
                _("没有找到这些编号，或者不在您的管理范围内：%(named)s"), params={"named": named}
            )
        return [found[number].pk for number in written]

    def chosen(self) -> list[UUID]:
        """Everybody ticked or pasted, once, in that order. Needs a validated form."""
        keys = [*self.cleaned_data.get("person", ()), *self.cleaned_data.get("numbers", ())]
        return list(dict.fromkeys(keys))


class _Keys(forms.Field):
    """Keys of people, as hidden inputs and ticks send them."""

    def to_python(self, value: Any) -> list[UUID]:
        keys = []
        for text in (value or [])[: rules.MAX_GROUP * 2]:
            try:
                keys.append(UUID(str(text)))
            except ValueError as error:
                raise forms.ValidationError(_("名单里有无法识别的人，请重新选择。")) from error
        return keys


class FindForm(forms.Form):
    """Looking for people to send away: part of the same page and the same form."""

    find_text = forms.CharField(label=_("姓名、拼音或编号"), required=False, max_length=40)
    find_unit = forms.ModelChoiceField(
        label=_("组织"), queryset=Unit.objects.none(), required=False, empty_label=_("全部")
    )
    find_standing = forms.ChoiceField(
        label=_("政治面貌"), required=False, choices=[("", _("全部")), *StandingKind.choices]
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["find_unit"].queryset = read.units_to_filter(actor)


class ExtendForm(forms.Form):
    """A new planned end."""

    planned_end = DayField(label=_("新的预计结束日期"))
    reason = forms.CharField(label=_("理由"), max_length=200)


class EndForm(forms.Form):
    """The day of return."""

    ended_on = DayField(label=_("归队日期"))
    reason = forms.CharField(label=_("备注"), max_length=200, required=False)


class ReasonForm(forms.Form):
    """Why a posting is taken out."""

    reason = forms.CharField(label=_("理由"), max_length=200)


class CorrectForm(PlaceFields):
    """Every value of a posting, as it should have been."""

    ended_on = DayField(label=_("实际归队日期"), required=False, help_text=_("还没归队就留空。"))
    reason = forms.CharField(label=_("更正理由"), max_length=200)

    field_order = ["purpose", "site", "since", "planned_end", "ended_on", "attached_unit", "note", "reason"]

    def __init__(self, actor: Actor, *args: Any, posting: Posting, **kwargs: Any) -> None:
        """Offers its own place and branch too: another value may be wrong long after they went out of use."""
        names = ("purpose", "site", "since", "planned_end", "ended_on", "attached_unit", "note")
        super().__init__(actor, *args, initial={name: getattr(posting, name) for name in names}, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["site"].queryset = read.sites(also=posting.site_id)
        fields["attached_unit"].queryset = read.branches_to_attach(actor, also=posting.attached_unit_id)


class CheckInForm(forms.Form):
    """Where I am: a place from the list, or what the device says after the button was pressed."""

    site = forms.ModelChoiceField(
        label=_("我在"), queryset=Site.objects.none(), required=False, empty_label=_("请选择点位")
    )
    lon = forms.FloatField(label=_("经度"), required=False, widget=forms.HiddenInput)
    lat = forms.FloatField(label=_("纬度"), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["site"].queryset = read.sites()

    def clean(self) -> dict[str, Any]:
        """Either a place or a position."""
        data = super().clean() or {}
        by_device = data.get("lon") is not None and data.get("lat") is not None
        if not by_device and data.get("site") is None and not self.errors:
            self.add_error("site", _("请选择您所在的点位。"))
        return data


def label_of(person: Person) -> str:
    """A person in a list of problems or choices."""
    return f"{person.name}（{person.number}）"
