"""The pure rules, without a database."""

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaoyuan.organisation.units import rules
from liaoyuan.organisation.units.holding import Holding, held_until, missing
from liaoyuan.organisation.units.models import UnitKind
from liaoyuan.organisation.units.services.reference import _read
from liaoyuan.organisation.units.wording import _SENTENCES, CAPABILITY_WORDS, sentence

TODAY = date(2026, 11, 22)


def facts(**values):
    return rules.UnitFacts(**{"code": "L1", "name": "某某支部", "kind": "branch", "parent_kind": "committee", **values})


def codes(found):
    return [finding.code for finding in found]


def test_kinds_are_those_of_the_model():
    assert {*rules._MAY_STAND_UNDER} == {*UnitKind.values}


def test_what_may_stand_under_what():
    allowed = {
        (kind, parent)
        for kind, parent in itertools.product(UnitKind.values, [None, *UnitKind.values])
        if rules.may_stand_under(kind, parent)
    }
    branches = {"branch", "joint_branch", "temporary_branch"}
    expected = {("committee", None), ("general_branch", None), ("committee", "committee")}
    expected |= {("general_branch", "committee")}
    expected |= {(branch, parent) for branch in branches for parent in ("committee", "general_branch")}
    expected |= {("group", branch) for branch in branches}
    assert allowed == expected


@pytest.mark.parametrize(
    ("text", "stored"), [(" l01-y1 ", "L01-Y1"), ("Ｌ０１－Ｙ１", "L01-Y1"), ("L01 - Y1", "L01-Y1"), ("", "")]
)
def test_codes_are_normalised(text, stored):
    assert rules.normalise_code(text) == stored


@given(st.text(max_size=60))
def test_a_normalised_code_or_name_is_stable(text):
    assert rules.normalise_code(rules.normalise_code(text)) == rules.normalise_code(text)
    assert rules.normalise_name(rules.normalise_name(text)) == rules.normalise_name(text)


@pytest.mark.parametrize("code", ["", "-A", "A-", "A--B", "A_B", "甲", "A" * 49, "A/B", "A.B", "A\nB"])
def test_bad_codes(code):
    assert codes(rules.naming(code, "某某支部")) == ["bad_code"]


@pytest.mark.parametrize("code", ["L01", "L01-Y1-Z1-X4", "1", "A" * 48])
def test_good_codes(code):
    assert rules.naming(code, "某某支部") == []


def test_dates_stand_in_order_and_not_in_the_future():
    founded = date(2020, 1, 2)
    assert rules.dates(facts(founded_on=founded, elected_on=founded), today=TODAY) == []
    assert codes(rules.dates(facts(founded_on=founded, elected_on=date(2020, 1, 1)), today=TODAY)) == [
        "before_founding"
    ]
    assert codes(rules.dates(facts(founded_on=date(2026, 11, 23)), today=TODAY)) == ["in_future"]
    assert rules.dates(facts(planned_end_on=date(2030, 1, 1)), today=TODAY) == []


def test_a_plan_reaches_fifty_years_ahead_and_no_day_further():
    assert rules.dates(facts(planned_end_on=date(2076, 11, 22)), today=TODAY) == []
    for day in (date(2076, 11, 23), date.max):
        (found,) = rules.dates(facts(planned_end_on=day), today=TODAY)
        assert (found.code, found.field, found.blocking) == ("too_far", "planned_end_on", True)
        assert found.values["last"] == date(2076, 11, 22)


def test_a_plan_at_the_calendar_s_end_breaks_nothing():
    unit = facts(kind="temporary_branch", founded_on=date(9999, 12, 1), planned_end_on=date.max)
    assert codes(rules.temporary_length(unit, rules.TEXTS("branch.temporary_branch_warn_after", TODAY))) == []
    assert rules.term_end("branch", date.max, today=TODAY)[:2] == (date.max, "ok")


def test_a_temporary_branch_needs_approver_mission_and_end():
    unit = facts(kind="temporary_branch")
    assert codes(rules.temporary(unit)) == [
        "temporary_without_approver", "temporary_without_mission", "temporary_without_end",
    ]  # fmt: skip
    values = {"kind": "temporary_branch", "mission": "防汛", "planned_end_on": TODAY, "approver_kind": "committee"}
    assert rules.temporary(facts(**values, approver_is_above=True)) == []
    assert codes(rules.temporary(facts(**values))) == ["approver_not_above"]


def test_a_joint_branch_of_more_than_five_bodies_is_warned_of_not_refused():
    six = rules.unit_findings(facts(kind="joint_branch", host_body="甲、乙，丙,丁；戊;己"), today=TODAY)
    assert [(finding.code, finding.blocking, finding.values["count"]) for finding in six] == [
        ("too_many_hosts", False, 6)
    ]
    assert rules.unit_findings(facts(kind="joint_branch", host_body="甲、乙、丙、丁、戊"), today=TODAY) == []
    assert codes(rules.unit_findings(facts(kind="joint_branch", host_body="甲"), today=TODAY)) == ["too_few_hosts"]


def test_headcounts_warn_at_the_edges():
    def found(kind="branch", *, full, members):
        return codes(rules.headcount(kind, full=full, members=members, today=TODAY))

    assert found(full=2, members=2) == ["too_few_full_members"]
    assert found(full=3, members=50) == []
    assert found(full=3, members=51) == ["too_many_members"]
    assert found("committee", full=0, members=900) == []
    assert found("group", full=0, members=1) == []


def test_terms_end_and_are_announced_half_a_year_before():
    assert rules.term_end("branch", date(2024, 8, 4), today=TODAY)[:2] == (date(2027, 8, 4), "ok")
    assert rules.term_end("branch", date(2024, 5, 22), today=TODAY)[:2] == (date(2027, 5, 22), "soon")
    assert rules.term_end("branch", date(2024, 5, 23), today=TODAY)[:2] == (date(2027, 5, 23), "ok")
    assert rules.term_end("branch", date(2023, 11, 22), today=TODAY)[:2] == (TODAY, "soon")
    assert rules.term_end("branch", date(2023, 11, 21), today=TODAY)[:2] == (date(2026, 11, 21), "late")
    assert rules.term_end("committee", date(2021, 11, 22), today=TODAY)[:2] == (TODAY, "soon")
    assert rules.term_end("temporary_branch", date(2024, 8, 4), today=TODAY) == (None, "", "")
    assert rules.term_end("branch", None, today=TODAY) == (None, "", "")


@pytest.mark.parametrize(
    ("day", "months", "moved"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 1, 15), -6, date(2026, 7, 15)),
        (date(2026, 12, 31), 0, date(2026, 12, 31)),
    ],
)
def test_months_are_added_clamped_to_the_months_end(day, months, moved):
    assert rules.add_months(day, months) == moved


def test_merging_keeps_memberships_apart_from_attachments():
    assert rules.mergeable(["branch", "joint_branch"])
    assert rules.mergeable(["temporary_branch", "temporary_branch"])
    assert not rules.mergeable(["branch", "temporary_branch"])
    assert not rules.mergeable(["committee", "general_branch"])


def test_every_finding_has_its_sentence():
    for code, text in _SENTENCES.items():
        values = dict.fromkeys(["max", "min", "count", "depth", "kind", "months", "last", "day", "approver"], 1)
        values |= {"what": "founded_on", "founded": TODAY}
        assert sentence(rules.Finding(code, values=values)).endswith("。"), text


def test_every_capability_of_every_role_is_named_in_words():
    """A new capability in roles.toml needs its words: in ``wording`` or by ``wording.add_capability_words``."""
    named = {name for role in _read("roles.toml").values() for name in role["capabilities"]}
    assert named - set(CAPABILITY_WORDS) == set()


DAY = date(2026, 1, 1)


def test_holdings_are_checked_capability_by_capability_and_path_by_path():
    held = [
        Holding(frozenset({"a", "b"}), "0001", DAY, None),
        Holding(frozenset({"c"}), "00010002", DAY, date(2026, 6, 30)),
    ]
    assert missing(held, {"a", "c"}, path="00010002", since=DAY, until=date(2026, 6, 30)) == ()
    assert missing(held, {"a", "c"}, path="00010002", since=DAY, until=date(2026, 7, 1)) == ("c",)
    assert missing(held, {"a", "c"}, path="00010002", since=DAY, until=None) == ("c",)
    assert missing(held, {"a", "c"}, path="0001", since=DAY, until=DAY) == ("c",)
    assert missing(held, {"a"}, path="0002", since=DAY, until=DAY) == ("a",)
    assert missing(held, {"a"}, path="0001", since=date(2025, 12, 31), until=DAY) == ("a",)
    assert held_until(held, ["a", "c"], path="00010002", since=DAY) == (True, date(2026, 6, 30))
    assert held_until(held, ["a"], path="00010002", since=DAY) == (True, None)
    assert held_until(held, ["d"], path="00010002", since=DAY) == (False, None)
