"""A count on paper and the roll of its day, without a database."""

from datetime import date

import pytest

from liaoyuan.affairs.admission.rules.deciding import against_roll
from liaoyuan.affairs.admission.rules.findings import Finding, Roll, Setting, Weight
from liaoyuan.affairs.admission.tests.test_rules_checks import codes, tried
from liaoyuan.affairs.admission.tests.texts import NEW, OLD, until

CUSTOM = "《党内会议表决惯例（由用户单位核定）》第1条"
ON = date(2027, 11, 5)
KNOWN = Roll("一连党支部", 9, certain=True, left_out=CUSTOM)
SUPPOSED = Roll("一连党支部", 9, certain=False, left_out=CUSTOM)


def found(entitled: int, roll: Roll) -> list[Finding]:
    return list(against_roll(entitled, ON, roll, NEW))


def test_the_number_of_the_roll_is_right() -> None:
    assert found(9, KNOWN) == found(9, SUPPOSED) == []


def test_one_more_than_the_roll_is_refused_with_the_clause() -> None:
    (one,) = found(10, KNOWN)
    assert (one.code, one.weight, one.field) == ("over_roll", Weight.HARD, "entitled")
    assert one.clause == "《中国共产党发展党员工作细则（2026年）》第19条"
    assert one.message == (
        "“一连党支部” 2027-11-05 有表决权的正式党员 9 人，应到会不能填 10 人。"
        "名册有误的，请先更正有关人员的组织关系或政治面貌。"
    )
    assert next(against_roll(10, ON, KNOWN, OLD)).clause == "《中国共产党发展党员工作细则（2014年）》第20条"


def test_one_fewer_than_the_roll_asks_who_is_left_out_and_by_whose_consent() -> None:
    (one,) = found(8, KNOWN)
    assert (one.code, one.weight, one.clause) == ("under_roll", Weight.REASON, CUSTOM)
    assert "填写的应到会 8 人少 1 人" in one.message


@pytest.mark.parametrize("entitled", [8, 10, 500])
def test_a_roll_from_before_the_records_refuses_nothing_and_asks_for_the_source(entitled: int) -> None:
    (one,) = found(entitled, SUPPOSED)
    assert (one.code, one.weight, one.field) == ("roll_uncertain", Weight.REASON, "entitled")
    assert f"填写的应到会 {entitled} 人" in one.message


@pytest.mark.parametrize(("act", "on", "more"), [
    ("meeting", "2027-11-05", {}),
    ("conversion_meeting", "2028-11-10", {"outcome": "convert"}),
])  # fmt: skip
def test_both_meetings_are_judged_by_it_and_those_of_the_platform_by_their_own(
    act: str, on: str, more: dict[str, str]
) -> None:
    setting = Setting(roll=KNOWN)
    assert codes(tried(act, on, until(act), setting=setting, passed=True, entitled=10, **more)) == ["over_roll"]
    assert codes(tried(act, on, until(act), setting=setting, passed=True, entitled=8, **more)) == ["under_roll"]
    assert tried(act, on, until(act), setting=setting, passed=True, entitled=9, **more) == []
    assert tried(act, on, until(act), setting=Setting(), passed=True, entitled=10, **more) == []
