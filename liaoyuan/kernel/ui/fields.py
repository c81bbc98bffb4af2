"""Dates in forms and filters: the browser's own field, and no day that cannot be meant."""

from datetime import date, datetime
from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext as _

from liaoyuan.kernel.days import FIRST_DAY, LAST_DAY, conceivable


class DayInput(forms.DateInput):
    """The browser's own date field."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """The browser's own field for a day and an hour."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%dT%H:%M")


class DayField(forms.DateField):
    """A day from 1900 to 2100. A form that knows narrower bounds sets the widget's ``min`` and ``max``."""

    widget = DayInput

    def to_python(self, value: Any) -> date | None:
        """The day, or the sentence which days there are."""
        day = super().to_python(value)
        if day is not None:
            _check(day)
        return day

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """The bounds that the browser offers, where the widget has none of its own."""
        bounds = {"min": f"{FIRST_DAY:%Y-%m-%d}", "max": f"{LAST_DAY:%Y-%m-%d}"}
        return {**super().widget_attrs(widget), **bounds, **widget.attrs}


class MomentField(forms.DateTimeField):
    """A moment of a day from 1900 to 2100."""

    widget = MomentInput

    def to_python(self, value: Any) -> datetime | None:
        """The moment, or the sentence which days there are."""
        moment = super().to_python(value)
        if moment is not None:
            _check(moment.date())
        return moment


class DayFilter(django_filters.DateFilter):
    """A list's filter by a day."""

    field_class = DayField


def _check(day: date) -> None:
    if not conceivable(day):
        raise forms.ValidationError(
            _("请填写 %(first)s 年至 %(last)s 年之间的日期，年份写全四位。"),
            code="inconceivable",
            params={"first": FIRST_DAY.year, "last": LAST_DAY.year},
        )
