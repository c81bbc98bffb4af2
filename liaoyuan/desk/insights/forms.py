"""The map's filters as a normal form, and the upload of a base."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from liaoyuan.desk.insights import rules
from liaoyuan.desk.insights.geojson import MAX_BYTES
from liaoyuan.desk.insights.selectors import choices
from liaoyuan.desk.insights.selectors.reach import MEMBERS, Filters
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import DomainError, NotInScope
from liaoyuan.kernel.scoping import Actor
from liaoyuan.kernel.ui.fields import DayField
from liaoyuan.organisation.members.models import StandingKind
from liaoyuan.organisation.units.models import Unit

PURPOSE = r"^(any|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$"


class MapForm(forms.Form):
    """What to show on the map. The page's element, the text version and the API read the same names."""

    unit = forms.ModelChoiceField(
        label=_("组织"), queryset=Unit.objects.none(), required=False, empty_label=_("我的全部范围")
    )
    standing = forms.ChoiceField(
        label=_("政治面貌"),
        required=False,
        choices=[("", _("全部")), (MEMBERS, _("党员（正式、预备）")), *StandingKind.choices],
    )
    rank = forms.ChoiceField(label=_("军衔"), required=False)
    purpose = forms.ChoiceField(label=_("外出事由"), required=False)
    on = DayField(label=_("日期"), required=False, help_text=_("看过去某一天大家在哪里；留空为现在。"))

    def __init__(self, actor: Actor, *args: Any, shown: bool = True, **kwargs: Any) -> None:
        """``shown=False`` for answers without a form: the lists that the form offers are not read."""
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["unit"].queryset = choices.units(actor)
        if shown:
            fields["rank"].choices = [("", _("全部")), *((rank, rank) for rank in choices.ranks())]
            fields["purpose"].choices = [("", _("全部")), ("any", _("在外的")), *choices.purposes()]
        else:
            fields["rank"] = forms.CharField(label=_("军衔"), required=False, max_length=12)
            fields["purpose"] = forms.RegexField(label=_("外出事由"), required=False, regex=PURPOSE)
        fields["on"].widget.attrs["max"] = f"{clock.today():%Y-%m-%d}"
        fields["on"].widget.attrs["min"] = f"{choices.FIRST_DAY:%Y-%m-%d}"

    def clean_on(self) -> Any:
        """A day that has been, within what the records can tell."""
        day = self.cleaned_data["on"]
        if day is not None and not choices.FIRST_DAY <= day <= clock.today():
            raise forms.ValidationError(
                _("请选 %(first)s 到今天之间的一天。"), params={"first": f"{choices.FIRST_DAY:%Y-%m-%d}"}
            )
        return day

    @property
    def foreign_unit(self) -> bool:
        """Whether the unit asked for is none of the actor's: unknown, another's and what is no key look the same."""
        return self.has_error("unit")

    def filters(self) -> Filters:
        """What was asked. Raises DomainError naming the first value that makes no sense."""
        if not self.is_valid():
            if self.foreign_unit:
                raise NotInScope()
            name, errors = next(iter(self.errors.items()))
            raise DomainError(f"{self.fields[name].label}：{errors[0]}", field=name)
        data = self.cleaned_data
        unit = data["unit"]
        return Filters(
            unit=unit.pk if unit else None,
            standing=data["standing"],
            rank=data["rank"],
            purpose=data["purpose"],
            on=data["on"],
        )


def zoom_of(params: QueryDict) -> int:
    """The zoom asked for, 3–12; DomainError for what is none."""
    text = params.get("z", str(rules.MIN_ZOOM))
    if not (text.isascii() and text.isdecimal() and len(text) <= 2):
        raise DomainError(gettext("缩放级别 z 应是 3 到 12 的整数。"), field="z")
    return int(text)


def box_of(params: QueryDict) -> str:
    """The box asked for; DomainError for what is none."""
    text = params.get("box", "")
    try:
        rules.read_box(text, rules.TENTH)
    except (ValueError, OverflowError) as error:
        raise DomainError(gettext("范围 box 应是“西,南,东,北”四个经纬度。"), field="box") from error
    return text


class BaseForm(forms.Form):
    """An approved base."""

    file = forms.FileField(
        label=_("GeoJSON 文件"),
        widget=forms.ClearableFileInput(attrs={"accept": ".geojson,.json,application/geo+json"}),
        help_text=_("FeatureCollection，面要有 name；经纬度坐标；不超过 20 MB。"),
    )
    review_number = forms.CharField(label=_("审图号"), max_length=40, help_text=_("例如 GS(2024)0650号。"))

    def clean_file(self) -> Any:
        """Too large a file is refused before it is read."""
        upload = self.cleaned_data["file"]
        if upload.size > MAX_BYTES:
            raise forms.ValidationError(_("底图不能超过 20 MB。请先简化边界再上传。"))
        return upload


class FindForm(forms.Form):
    """Whom to look up on the map."""

    q = forms.CharField(label=_("找人"), required=False, max_length=40)
    person = forms.UUIDField(required=False)
