"""Periods by the test vectors of the rules table (§9), bodies, and what may be concluded."""

from datetime import date

import pytest

from liaoyuan.activity.notices import rules
from liaoyuan.activity.notices.rules import Body
from liaoyuan.activity.notices.selectors import posting_days
from liaoyuan.foundation.regulations.models import ParameterOverride
from liaoyuan.foundation.regulations.services.calendar import calendar_seed
from liaoyuan.organisation.units.tests.factories import UnitFactory

VECTORS = [
    (date(2026, 2, 13), date(2026, 2, 27), date(2026, 2, 26)),
    (date(2026, 4, 30), date(2026, 5, 11), date(2026, 5, 9)),
    (date(2026, 9, 18), date(2026, 9, 24), date(2026, 9, 23)),
    (date(2026, 9, 24), date(2026, 10, 9), date(2026, 10, 8)),
    (date(2026, 11, 20), date(2026, 11, 27), date(2026, 11, 26)),
]


@pytest.fixture
def known_days(db):
    calendar_seed()


@pytest.fixture
def day_one(db):
    """The day-one setting for everybody: the day of posting counts."""
    unit = UnitFactory(code="L9", kind="committee")
    ParameterOverride.objects.create(
        parameter="posting.counts_first_day",
        path="",
        unit_id=unit.pk,
        unit_name=unit.name,
        value=True,
        since=date(2026, 1, 1),
        reason="按本级惯例",
        by_name="测试",
    )


@pytest.mark.parametrize(("posted", "excluded", "included"), VECTORS)
def test_five_working_days_without_the_day_of_posting(known_days, posted, excluded, included):
    days = posting_days(posted, path="")
    assert (days.period.last_day, days.period.provisional, days.working_days) == (excluded, False, 5)


@pytest.mark.parametrize(("posted", "excluded", "included"), VECTORS)
def test_five_working_days_with_the_day_of_posting(known_days, day_one, posted, excluded, included):
    assert posting_days(posted, path="").period.last_day == included


def test_a_period_that_runs_into_a_year_without_notice_is_provisional_and_never_fails(known_days):
    days = posting_days(date(2026, 12, 25), path="")
    assert days.period.provisional
    assert days.period.last_day == date(2027, 1, 1)  # by weekday alone


def test_with_the_day_of_posting_the_last_vector_stays_within_the_year(known_days, day_one):
    days = posting_days(date(2026, 12, 25), path="")
    assert (days.period.last_day, days.period.provisional) == (date(2026, 12, 31), False)


def test_the_period_of_a_candidate_is_the_admission_rules(known_days):
    days = posting_days(date(2026, 11, 20), path="", parameter="admission.candidate_posting")
    assert days.clause == "《中国共产党发展党员工作细则（2026年）》第13条"
    with pytest.raises(KeyError):
        posting_days(
            date(2026, 11, 20), path="", parameter="admission.candidate_posting", text_of=date(2026, 5, 1)
        )  # the 2014 text asks for none


@pytest.mark.parametrize(
    ("body", "fine"),
    [
        (Body("现予公示。"), True),
        (Body(" 。 "), False),
        (Body("现予公示。" * 1000), False),
        (Body("现予公示。", (("", "值"),)), False),
        (Body("现予公示。", (("名", "值" * 401),)), False),
        (Body("现予公示。", (("名", "值"),) * 41), False),
        (Body("现予公示。", (), "末" * 2001), False),
    ],
)
def test_a_body_has_words_and_bounds(body, fine):
    assert (rules.body_problem(body) == "") is fine


def test_a_body_comes_back_as_it_was_stored():
    body = Body("甲", (("乙", "丙"),), "丁")
    assert Body.from_json(body.to_json()) == body


def test_the_hash_is_of_the_words_the_places_and_the_receiver():
    base = {
        "title": "公示",
        "body": Body("现予公示。").to_json(),
        "places": [("L", "公告栏"), ("M", "")],
        "receiver": "A1",
    }
    same = {**base, "places": [("M", ""), ("L", "公告栏")]}
    assert rules.content_bytes(**base) == rules.content_bytes(**same)
    for change in (
        {"title": "公 示"},
        {"body": Body("现予公示").to_json()},
        {"places": [("L", "")]},
        {"receiver": "A2"},
    ):
        assert rules.content_bytes(**base) != rules.content_bytes(**{**base, **change})


def test_the_next_step_is_the_day_after():
    assert not rules.over(date(2026, 11, 27), date(2026, 11, 27))
    assert rules.over(date(2026, 11, 27), date(2026, 11, 28))


def test_what_may_be_concluded_depends_on_objections():
    assert rules.allowed_results(0) == {"no_objection"}
    assert rules.allowed_results(2) == {"objections_upheld", "objections_dismissed"}
