"""Taking a person in, correcting his data."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from liaoyuan.organisation.members import codes
from liaoyuan.organisation.members.forms.fields import BRANCH_KINDS, ActorForm, UnitField, day_field, today_field
from liaoyuan.organisation.members.models import Person, StandingKind
from liaoyuan.organisation.members.rules.admission import LABELS, AdmissionDates
from liaoyuan.organisation.members.rules.fields import PersonData
from liaoyuan.organisation.members.rules.identity import MALE
from liaoyuan.organisation.units.models import UnitKind

_STAMP = "%Y-%m-%dT%H:%M:%S.%f%z"
_NOTHING = [("", "—")]


def _choices(values: Any) -> list[tuple[str, str]]:
    return [*_NOTHING, *values.items()]


class PersonForm(ActorForm):
    """The fields of the roster; ID number and phone are left empty to keep what is stored."""

    name = forms.CharField(label=_("姓名"), max_length=40)
    sex = forms.ChoiceField(label=_("性别"), choices=_choices(codes.SEXES), initial=MALE)
    ethnicity = forms.ChoiceField(label=_("民族"), choices=_choices(codes.ETHNICITIES), initial="01")
    birth_date = day_field(_("出生日期"))
    id_number = forms.CharField(label=_("身份证号"), max_length=32, required=False)
    native_place = forms.CharField(label=_("籍贯"), max_length=60, required=False)
    education = forms.ChoiceField(label=_("学历"), choices=_choices(codes.EDUCATIONS), required=False)
    category = forms.ChoiceField(label=_("人员类别"), choices=_choices(codes.CATEGORIES))
    rank = forms.ChoiceField(
        label=_("军衔"), choices=[*_NOTHING, *((name, name) for name in codes.RANKS)], required=False
    )
    position = forms.CharField(label=_("职务"), max_length=40, required=False)
    phone = forms.CharField(label=_("联系电话"), max_length=24, required=False)
    dues_base = forms.DecimalField(
        label=_("月党费基数（元）"), min_value=0, max_digits=9, decimal_places=2, required=False
    )

    def data_of(self, kept: Person | None = None) -> PersonData:
        """The cleaned fields; of ``kept`` the ID number and phone where they were left empty."""
        values = {name: self.cleaned_data[name] for name in PersonData.__dataclass_fields__}
        base = values["dues_base"]
        values["dues_base"] = None if base is None else int(base * 100)
        if kept is not None:
            for name in ("id_number", "phone"):
                if self.cleaned_data.get(f"clear_{name}"):
                    values[name] = ""
                elif not values[name]:
                    values[name] = getattr(kept, name)
        return PersonData(**values)


class PersonEditForm(PersonForm):
    """Correcting: what is encrypted is never sent to the page."""

    clear_id_number = forms.BooleanField(label=_("删去已登记的身份证号"), required=False)
    clear_phone = forms.BooleanField(label=_("删去已登记的电话"), required=False)
    expected = forms.CharField(widget=forms.HiddenInput(), required=False)
    reason = forms.CharField(label=_("修改说明"), max_length=200, required=False)

    field_order = ("name", "sex", "ethnicity", "birth_date", "id_number", "clear_id_number", "native_place",
                   "education", "category", "rank", "position", "dues_base", "phone", "clear_phone",
                   "reason")  # fmt: skip

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        initial = {
            name: getattr(person, name)
            for name in PersonData.__dataclass_fields__
            if name not in {"id_number", "phone", "dues_base"}
        }
        initial["dues_base"] = None if person.dues_base is None else Decimal(person.dues_base) / 100
        initial["expected"] = person.updated_at.strftime(_STAMP)
        super().__init__(*args, initial=initial, **kwargs)
        for name in ("id_number", "phone"):
            self.fields[name].help_text = _("已登记，留空不改。") if getattr(person, name) else _("尚未登记。")
            if not getattr(person, name):
                del self.fields[f"clear_{name}"]

    def clean_expected(self) -> datetime | None:
        """The moment the form was opened; a broken one counts as never the present state."""
        try:
            return datetime.strptime(self.cleaned_data["expected"], _STAMP)
        except ValueError as error:
            raise forms.ValidationError(_("页面数据不完整，请刷新后重新填写。")) from error


class PersonNewForm(PersonForm):
    """Taking in: also where, since when, and how far towards the Party."""

    number = forms.CharField(label=_("人员编号"), max_length=32, help_text=_("全平台唯一，例如 P000001。"))
    unit = UnitField(label=_("所在党支部"), kinds=BRANCH_KINDS, help_text=_("组织编码或全称。"))
    group = UnitField(label=_("党小组"), kinds=(UnitKind.GROUP,), required=False, help_text=_("组织编码，可以留空。"))
    since = today_field(_("编入日期"))
    standing = forms.ChoiceField(label=_("政治面貌"), choices=StandingKind.choices, initial=StandingKind.MASSES)
    applied_on = day_field(LABELS["applied_on"], required=False)
    activist_on = day_field(LABELS["activist_on"], required=False)
    candidate_on = day_field(LABELS["candidate_on"], required=False)
    accepted_on = day_field(LABELS["accepted_on"], required=False)
    full_on = day_field(LABELS["full_on"], required=False)

    field_order = ("number", "name", "sex", "ethnicity", "birth_date", "id_number", "native_place", "education",
                   "category", "rank", "position", "phone", "unit", "group", "since", "standing", "applied_on",
                   "activist_on", "candidate_on", "accepted_on", "full_on", "dues_base")  # fmt: skip

    def dates_of(self) -> AdmissionDates:
        """The five dates."""
        return AdmissionDates(**{name: self.cleaned_data[name] for name in LABELS})
