"""Small pieces and template tags."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django import forms
from django.template import engines
from django.test import RequestFactory
from django.test.html import parse_html

from liaoyuan.kernel.ui import controls, parts

UNIT = SimpleNamespace(pk=UUID(int=2), name='一营"二"支部')
PERSON = SimpleNamespace(pk=UUID(int=1), name="<b>林知远", unit=UNIT, get_standing_display=lambda: "预备党员")


def rendered(source: str, request: Any = None, **context: Any) -> str:
    return engines["django"].from_string(source).render(context, request)


@pytest.mark.parametrize(
    ("level", "picture"),
    [("ok", "circle-check"), ("soon", "clock"), ("late", "alert-triangle"), ("muted", "circle-minus"), ("?", "info-")],
)
def test_a_state_is_icon_word_and_colour(level: str, picture: str) -> None:
    html = parts.state(level, "已<办>")
    assert f"#{picture}" in html
    assert "已&lt;办&gt;" in html
    assert 'class="state state-' in html


def test_an_icon_is_silent_unless_it_speaks() -> None:
    assert 'aria-hidden="true"' in parts.icon("users")
    assert 'role="img" aria-label="人&quot;员"' in parts.icon("users", '人"员')


def test_person_chip_shows_name_unit_standing_escaped() -> None:
    html = parts.person_chip(PERSON, link=False)
    assert "&lt;b&gt;林知远" in html
    assert "一营&quot;二&quot;支部 · 预备党员" in html
    assert "<b>" not in html


def test_chips_of_nobody_show_a_dash() -> None:
    assert "—" in parts.person_chip(None)
    assert "—" in parts.unit_chip(None)


def test_a_chip_without_an_address_is_no_dead_link(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "_pattern", lambda route, urlconf: "")
    assert "<a" not in parts.person_chip(PERSON)
    assert "<a" not in parts.unit_chip(UNIT)


def test_a_chip_links_to_the_file_and_opens_the_card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "_pattern", lambda route, urlconf: f"/{route.replace(':', '/')}/{UUID(int=0)}/")
    html = parts.person_chip(PERSON)
    assert f'href="/members/file/{PERSON.pk}/"' in html
    assert f'data-card="/members/card/{PERSON.pk}/"' in html


def test_sparkline_marks_its_last_point_and_speaks() -> None:
    html = parts.sparkline([1, 5, 3], label="趋势")
    assert 'points="3,29 60,3 117,16"' in html
    assert '<circle cx="117" cy="16" r="2.5"/>' in html
    assert 'aria-label="趋势"' in html


def test_sparkline_of_a_flat_line_and_of_one_point() -> None:
    assert "polyline" in parts.sparkline([4, 4])
    assert parts.sparkline([4]) == ""
    assert parts.sparkline([]) == ""


def test_day() -> None:
    assert parts.day(date(2026, 3, 5)) == "2026-03-05"
    assert parts.day(None) == ""


def test_query_changes_and_removes_parameters(rf: RequestFactory) -> None:
    request = rf.get("/x/?q=甲&page=3&sort=a")
    assert rendered("{% query page=4 sort=None %}", request) == "?q=%E7%94%B2&amp;page=4"
    assert rendered("{% query q=None page=None sort=None %}", request) == "?"


def test_query_without_takes_names_and_the_page_away(rf: RequestFactory) -> None:
    request = rf.get("/x/?q=a&page=3&since_min=1&since_max=2")
    assert rendered("{% query_without names 'q' %}", request, names=("since_min", "since_max")) == "?"


@pytest.mark.parametrize(
    ("value", "shown"), [(1284, "1,284"), (1234567.5, "1,234,567.5"), (Decimal("12345.60"), "12,345.60"), ("无", "无")]
)
def test_numbers_are_grouped_by_thousands(value: Any, shown: str) -> None:
    assert rendered("{{ value|grouped }}", value=value) == shown


def test_url_if_is_empty_where_no_app_offers_the_route() -> None:
    assert rendered("{% url_if 'nobody:knows' %}") == ""
    assert rendered("{% url_if 'ui:theme' %}") == "/_ui/theme/"


class _Form(forms.Form):
    name = forms.CharField(help_text="写全名", widget=forms.TextInput(attrs={"class": "wide"}))
    kind = forms.ChoiceField(choices=[("", "请选择"), ("组", [("a", "<甲>"), ("b", "乙")])], required=False)
    sure = forms.BooleanField(required=False)
    many = forms.MultipleChoiceField(choices=[("1", "一")], widget=forms.CheckboxSelectMultiple, required=False)


def test_a_field_with_an_error_is_tied_to_its_words() -> None:
    html = controls.render_control(_Form({"name": ""})["name"])
    assert 'class="form-control wide is-invalid"' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html


@pytest.mark.parametrize("data", [{"name": '<"王">', "age": "7"}, {}, None])
def test_a_box_joined_here_says_what_django_says(data: dict[str, str] | None) -> None:
    class Plain(forms.Form):
        name = forms.CharField(help_text="写全名", max_length=9, widget=forms.TextInput(attrs={"placeholder": "姓&名"}))
        age = forms.IntegerField(min_value=0, required=False, initial=3)

    form = Plain(data)
    for field in form:
        attrs = {"class": "form-control is-invalid" if field.errors else "form-control"}
        ours, theirs = controls.render_control(field), field.as_widget(attrs=attrs)
        assert parse_html(ours) == parse_html(theirs)


def test_a_select_joined_here_says_what_django_says() -> None:
    field = _Form({"name": "x", "kind": "b"})["kind"]
    html = controls.render_control(field)
    assert html == (
        '<select class="form-select" id="id_kind" name="kind"><option value="">请选择</option>'
        '<optgroup label="组"><option value="a">&lt;甲&gt;</option><option value="b" selected>乙</option></optgroup>'
        "</select>"
    )


def test_a_required_select_keeps_its_attribute() -> None:
    class Needed(forms.Form):
        kind = forms.ChoiceField(choices=[("", "请选择"), ("1", "一")])

    assert " required" in controls.render_control(Needed()["kind"])


def test_ticks_get_their_class() -> None:
    form = _Form()
    assert 'class="form-check-input"' in controls.render_control(form["sure"])
    assert controls.render_control(_Form({"many": ["1"]})["many"]) == (
        '<label class="form-check"><input id="id_many_0" checked type="checkbox" name="many" value="1" '
        'class="form-check-input"><span class="form-check-label">一</span></label>'
    )
