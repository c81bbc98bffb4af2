"""Fields for a day: the browser's own, bounded."""

from datetime import date

import pytest
from django import forms

from liaoyuan.kernel.ui.fields import DayField, DayFilter, DayInput, MomentField


class Sample(forms.Form):
    day = DayField(label="日期", required=False)
    moment = MomentField(label="时间", required=False)
    near = DayField(label="近日", required=False, widget=DayInput({"max": "2026-11-22"}))


@pytest.mark.parametrize("text", ["0001-01-01", "0026-11-24", "1899-12-31", "2101-01-01", "9999-12-31"])
def test_a_day_that_cannot_be_meant_is_refused_at_its_field(text: str) -> None:
    form = Sample({"day": text, "moment": f"{text}T09:30"})
    said = ["请填写 1900 年至 2100 年之间的日期，年份写全四位。"]
    assert form.errors == {"day": said, "moment": said}


@pytest.mark.parametrize("text", ["1900-01-01", "2026-11-22", "2100-12-31"])
def test_any_other_day_is_taken(text: str) -> None:
    form = Sample({"day": text, "moment": f"{text}T09:30"})
    assert form.is_valid()
    assert form.cleaned_data["day"] == date.fromisoformat(text)
    assert form.cleaned_data["moment"].date() == date.fromisoformat(text)


def test_what_is_left_empty_stays_empty() -> None:
    form = Sample({})
    assert form.is_valid()
    assert form.cleaned_data == {"day": None, "moment": None, "near": None}


def test_the_browser_offers_the_same_days_or_the_form_s_own() -> None:
    form = Sample({"day": "2026-11-22"})
    assert (
        str(form["day"])
        == '<input type="date" name="day" value="2026-11-22" min="1900-01-01" max="2100-12-31" id="id_day">'
    )
    assert 'min="1900-01-01"' in str(form["near"])
    assert 'max="2026-11-22"' in str(form["near"])


def test_a_list_s_filter_is_bounded_too() -> None:
    field = DayFilter(label="起").field
    with pytest.raises(forms.ValidationError):
        field.clean("9999-12-31")
    assert field.clean("2026-11-22") == date(2026, 11, 22)
