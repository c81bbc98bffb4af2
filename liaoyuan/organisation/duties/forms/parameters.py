"""Setting a parameter for a unit: the value typed as people say it."""

import re
from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liaoyuan.foundation.regulations.policies import Capability as RegulationsCapability
from liaoyuan.foundation.regulations.rules import parse_bands
from liaoyuan.kernel import clock
from liaoyuan.kernel.scoping import Actor
from liaoyuan.kernel.ui.fields import DayField
from liaoyuan.organisation.members.forms.fields import UnitField

_SPOKEN = re.compile(r"(?:(\d{1,3})年)?(?:(\d{1,4})个?月)?(?:(\d{1,5})[天日])?")
_ISO = re.compile(r"P(?:\d{1,3}Y)?(?:\d{1,4}M)?(?:\d{1,5}D)?")
_RATIO = re.compile(r"(\d{1,4})/(\d{1,4})|(\d{1,3}(?:\.\d{1,2})?)%|([01](?:\.\d{1,4})?)")
_BANDS = re.compile(r"[\d.:%* ]{1,200}")
LARGEST = 10_000


class DurationField(forms.CharField):
    """A length of time: 30天, 1个月, 1年6个月, or ISO 8601. Cleaned to ISO 8601."""

    def clean(self, value: Any) -> str:
        """The length, or the sentence what to type."""
        text = re.sub(r"\s+", "", str(super().clean(value)))
        if _ISO.fullmatch(text) and text != "P":
            return text
        match = _SPOKEN.fullmatch(text)
        if not text or match is None or not any(match.groups()):
            raise forms.ValidationError(_("请写成“30天”“1个月”“1年6个月”这样的时长。"))
        years, months, days = match.groups()
        return "P" + "".join(f"{n}{unit}" for n, unit in ((years, "Y"), (months, "M"), (days, "D")) if n)


class RatioField(forms.CharField):
    """A share: 2/3, 50% or 0.5. Cleaned to a fraction."""

    def clean(self, value: Any) -> str:
        """The share, or the sentence what to type."""
        match = _RATIO.fullmatch(str(super().clean(value)).strip())
        if match is None or match[2] in {"0", "00", "000", "0000"}:
            raise forms.ValidationError(_("请写成“2/3”“50%”或“0.5”这样的比例。"))
        share = Fraction(match[3]) / 100 if match[3] else Fraction(match[0])
        if not 0 <= share <= 1:
            raise forms.ValidationError(_("比例应在 0 与 1 之间。"))
        return f"{share.numerator}/{share.denominator}"


class BandsField(forms.CharField):
    """Dues bands as the rule book writes them."""

    def clean(self, value: Any) -> str:
        """The bands, or the sentence what is wrong."""
        text = str(super().clean(value)).strip()
        try:
            if _BANDS.fullmatch(text) is None:
                raise ValueError(_("请写成“3000:0.5% 5000:1% *:2%”"))
            parse_bands(text)
        except (ValueError, ArithmeticError) as error:
            raise forms.ValidationError(f"{error}。") from error
        return text


class FlagField(forms.TypedChoiceField):
    """Yes or no."""

    def __init__(self, **kwargs: Any) -> None:
        choices = [("yes", gettext_lazy("是")), ("no", gettext_lazy("否"))]
        super().__init__(choices=choices, coerce=lambda text: text == "yes", **kwargs)


class ParameterForm(forms.Form):
    """A unit, a value, from when, until when, why."""

    unit = UnitField(
        label=gettext_lazy("适用组织"),
        capability=RegulationsCapability.OVERRIDE,
        help_text=gettext_lazy("组织编码或全称；对它和全部下级有效，下级另有调整的从下级。"),
    )
    since = DayField(label=gettext_lazy("从哪天起"))
    until = DayField(label=gettext_lazy("到哪天止"), required=False, help_text=gettext_lazy("长期有效就留空。"))
    reason = forms.CharField(
        label=gettext_lazy("理由"), max_length=300, help_text=gettext_lazy("写明决定和文号；所有人都能看到。")
    )

    field_order = ("unit", "value", "since", "until", "reason")

    def __init__(self, actor: Actor, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit: Any = self.fields["unit"]
        unit.actor = actor
        self.fields["since"].initial = clock.today()
        self.fields["value"] = value_field(kind)
        self.order_fields(self.field_order)


def value_field(kind: str) -> forms.Field:
    """The field for a parameter of this type."""
    label = _("改为")
    if kind == "duration":
        return DurationField(label=label, max_length=20, help_text=_("例如 30天、1个月、1年6个月。"))
    if kind == "ratio":
        return RatioField(label=label, max_length=10, help_text=_("例如 2/3、50% 或 0.5。"))
    if kind == "flag":
        return FlagField(label=label, required=True)
    if kind == "bands":
        return BandsField(label=label, max_length=200, help_text=_("由低到高，最后一档写 *，例如 3000:0.5% *:2%。"))
    unit = {"days": _("（天）"), "working_days": _("（工作日）")}.get(kind, "")
    least = 1 if kind == "working_days" else 0
    return forms.IntegerField(label=label + unit, min_value=least, max_value=LARGEST)


class EndForm(forms.Form):
    """The last day on which an override binds, and why."""

    on = DayField(label=gettext_lazy("最后一天"), help_text=gettext_lazy("早于起期的，这条调整视为从未生效。"))
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = clock.today()
