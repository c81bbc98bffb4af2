"""Facts written down, corrected and withdrawn by hand: on evidence, within reach, nothing lost."""

from datetime import date

import pytest
from django.test import Client

from liaoyuan.kernel.errors import DomainError
from liaoyuan.organisation.chronicle import kinds
from liaoyuan.organisation.chronicle.kinds import FactKind
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.chronicle.services import NewFact, fact_note, fact_record
from liaoyuan.organisation.chronicle.tests.factories import GOOD, SYSTEM, TODAY, text, told, url
from liaoyuan.organisation.members.tests.factories import House, PersonFactory

pytestmark = pytest.mark.usefixtures("known_kinds")


def test_a_fact_is_written_down_by_hand_with_its_evidence(client: Client, house: House) -> None:
    house.login(client, "branch_secretary")
    client.post(url("note", "test.met"), {**GOOD, "fact_rounds": "2"})
    fact = Fact.objects.unscoped("t").get(kind="test.met")
    assert fact.payload == {"who": "教导员", "mode": "电话", "rounds": 2, "evidence": "记录本第3页"}
    assert (fact.person, fact.unit) == (house.people["plain_a"], house.branch_a)
    assert (fact.occurred_on, fact.source_app) == (date(2026, 11, 20), "chronicle")
    page = text(client.get(url("fact", fact.pk)))
    assert "对象" in page
    assert "轮数" in page
    assert "记录本第3页" in page


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"person": "B-PLAIN"}, "person", "没有找到这个人"),
        ({"person": "没有的人"}, "person", "没有找到这个人"),
        ({"person": ""}, "person", "这个字段"),
        ({"occurred_on": "2026-11-24"}, "occurred_on", "还没有到"),
        ({"occurred_on": "x"}, "occurred_on", "有效的日期"),
        ({"fact_evidence": " "}, "fact_evidence", "这个字段"),
        ({"fact_who": ""}, "fact_who", "这个字段"),
        ({"fact_mode": "写信"}, "fact_mode", "写信"),
        ({"fact_rounds": "两"}, "fact_rounds", "整数"),
        ({"fact_rounds": "-1"}, "fact_rounds", "0"),
        ({"fact_note": "x" * 401}, "fact_note", "400"),
    ],
)
def test_a_bad_note_is_refused_at_its_field(
    client: Client, house: House, change: dict[str, str], field: str, words: str
) -> None:
    response = house.login(client, "branch_secretary").post(url("note", "test.met"), {**GOOD, **change})
    assert response.status_code == 422
    assert words in "".join(response.context["form"].errors[field])
    assert not Fact.objects.unscoped("t").filter(kind="test.met").exists()


def test_a_day_for_which_nothing_can_be_planned_is_refused_at_its_field(client: Client, house: House) -> None:
    house.login(client, "branch_secretary")
    good = {"person": "A-PLAIN", "occurred_on": "2026-11-20", "fact_evidence": "记录本第3页"}
    for far in ("2076-11-24", "2100-12-31"):
        response = client.post(url("note", "test.until"), {**good, "fact_until": far})
        assert response.status_code == 422
        assert response.context["form"].errors["fact_until"] == [
            f"截止日期 {far} 太远，最迟到 2076-11-23，请核对年份。"
        ]
    assert 'max="2076-11-23"' in text(response)
    assert not Fact.objects.unscoped("t").filter(kind="test.until").exists()
    client.post(url("note", "test.until"), {**good, "fact_until": "2076-11-23"})
    fact = Fact.objects.unscoped("t").get(kind="test.until")
    assert fact.payload["until"] == "2076-11-23"
    mended = {**good, "fact_until": "9999-12-31", "reason": "长期"}
    assert client.post(url("correct", fact.pk), mended).status_code == 422
    assert not Fact.objects.unscoped("t").filter(supersedes=fact).exists()


def test_two_people_of_one_name_are_told_apart_by_number(client: Client, house: House) -> None:
    PersonFactory(name="同名", unit=house.branch_a)
    PersonFactory(name="同名", unit=house.branch_a)
    response = house.login(client, "branch_secretary").post(url("note", "test.met"), {**GOOD, "person": "同名"})
    assert "不止一个人" in "".join(response.context["form"].errors["person"])


def test_the_same_written_twice_is_a_conflict(client: Client, house: House) -> None:
    house.login(client, "branch_secretary")
    assert client.post(url("note", "test.met"), GOOD).status_code == 302
    assert client.post(url("note", "test.met"), GOOD).status_code == 409
    assert client.post(url("note", "test.met"), {**GOOD, "fact_note": "又一次"}).status_code == 302
    assert Fact.objects.unscoped("t").filter(kind="test.met").count() == 2


def test_a_quantity_and_a_unit_are_asked_for_where_the_kind_has_them(client: Client, house: House) -> None:
    house.login(client, "branch_secretary")
    hours = {"person": "A-PLAIN", "occurred_on": "2026-11-20", "fact_evidence": "签到表", "quantity": "1.5"}
    client.post(url("note", "test.hours"), hours)
    fact = Fact.objects.unscoped("t").get(kind="test.hours")
    assert "甲无账号听课1.5学时" in text(client.get(url("fact", fact.pk)))
    assert client.post(url("note", "test.hours"), {**hours, "quantity": "-1"}).status_code == 422
    begun = {"unit": "L-A-Z1", "occurred_on": "2026-11-20", "fact_evidence": "通知"}
    client.post(url("note", "test.found"), begun)
    assert Fact.objects.unscoped("t").get(kind="test.found").unit == house.branch_a
    assert client.post(url("note", "test.found"), {**begun, "unit": "L-B-Z1"}).status_code == 422


def test_what_follows_from_a_source_is_not_written_by_hand(client: Client, house: House) -> None:
    house.login(client, "branch_secretary")
    page = text(client.get(url("record")))
    assert url("note", "test.met") in page
    assert "随动" not in page
    for key in ("test.derived", "standing.full", "no.such"):
        assert client.get(url("note", key)).status_code == 404


def test_the_choice_carries_the_person_or_the_unit_along(client: Client, house: House) -> None:
    house.login(client, "branch_secretary")
    assert f"{url('note', 'test.met')}?person=A-PLAIN" in text(client.get(url("record"), {"person": "A-PLAIN"}))
    page = text(client.get(url("record"), {"unit": "L-A-Z1"}))
    assert f"{url('note', 'test.found')}?unit=L-A-Z1" in page
    assert 'value="A-PLAIN"' in text(client.get(url("note", "test.met"), {"person": "A-PLAIN"}))


def test_what_its_own_app_fills_in_is_written_down_on_that_app_s_page_alone(client: Client, house: House) -> None:
    house.login(client, "branch_secretary")
    assert url("note", "test.filled") not in text(client.get(url("record")))
    assert client.get(url("note", "test.filled")).status_code == 404
    with pytest.raises(DomainError, match="不能补记"):
        fact_note(
            actor=SYSTEM, declared=kinds.kind("test.filled"), unit=house.branch_a, person=None, occurred_on=TODAY,
            payload={"which": "x", "result": "好", "evidence": "册"},
        )  # fmt: skip
    with pytest.raises(ValueError, match="outside its schema"):
        kinds.register(FactKind("test.wrong", "错", "错", filled=frozenset({"which"})))


def test_a_correction_keeps_what_the_app_filled_in(client: Client, house: House) -> None:
    said = {"which": "二月", "result": "好", "evidence": "册"}
    fact = fact_record(
        actor=SYSTEM, fact=NewFact("test.filled", house.branch_a, TODAY, ("chronicle", "f1"), payload=said)
    )
    house.login(client, "branch_secretary")
    assert 'name="fact_which"' not in text(client.get(url("correct", fact.pk)))
    data = {"occurred_on": "2026-11-23", "fact_result": "不好", "fact_evidence": "册", "reason": "记错"}
    client.post(url("correct", fact.pk), {**data, "fact_which": "三月"})
    assert Fact.objects.unscoped("t").get(supersedes=fact).payload == {**said, "result": "不好"}


# —— mending ——


def test_a_correction_keeps_the_first_version(client: Client, house: House) -> None:
    fact = told(house.people["plain_a"])
    house.login(client, "branch_secretary")
    assert 'value="教导员"' in text(client.get(url("correct", fact.pk)))
    data = {
        "occurred_on": "2026-11-11",
        "fact_who": "教导员",
        "fact_mode": "电话",
        "fact_evidence": "记录本",
        "reason": "核对谈话记录",
    }
    response = client.post(url("correct", fact.pk), data)
    new = Fact.objects.unscoped("t").get(supersedes=fact)
    assert response["Location"] == url("fact", new.pk)
    page = text(client.get(url("fact", fact.pk)))  # the old address shows what counts, with all versions
    assert "更正为：甲无账号约见教导员（电话）（2026-11-11）" in page
    assert "记录：甲无账号约见教导员（当面）（2026-11-10）" in page
    assert "理由：核对谈话记录" in page
    assert client.post(url("correct", fact.pk), data).status_code == 422  # nothing to change any more


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"occurred_on": "2027-01-01"}, "occurred_on"),
        ({"fact_evidence": ""}, "fact_evidence"),
        ({}, "reason"),
    ],
)
def test_a_bad_correction_is_refused_and_changes_nothing(
    client: Client, house: House, change: dict[str, str], field: str
) -> None:
    fact = told(house.people["plain_a"])
    same = {
        "occurred_on": "2026-11-10",
        "fact_who": "教导员",
        "fact_mode": "当面",
        "fact_evidence": "记录本",
        "reason": "理由",
    }
    response = house.login(client, "branch_secretary").post(url("correct", fact.pk), {**same, **change})
    assert response.status_code == 422
    assert response.context["form"].errors[field]
    assert Fact.objects.unscoped("t").filter(kind="test.met").count() == 1


def test_a_withdrawn_fact_is_gone_from_the_story_and_kept_on_its_page(client: Client, house: House) -> None:
    fact = told(house.people["plain_a"])
    house.login(client, "branch_secretary")
    assert client.post(url("withdraw", fact.pk), {"reason": ""}).status_code == 422
    client.post(url("withdraw", fact.pk), {"reason": "没有发生"})
    assert "约见教导员" not in text(client.get(url("list")))
    assert "约见教导员" in text(client.get(url("list"), {"show": "mended"}))
    page = text(client.get(url("fact", fact.pk)))
    assert "已撤销" in page
    assert "理由：没有发生" in page
    assert client.get(url("correct", fact.pk)).status_code == 409
    assert client.post(url("withdraw", fact.pk), {"reason": "再来"}).status_code == 409


def test_what_another_app_wrote_is_mended_there(client: Client, house: House) -> None:
    person = house.people["plain_a"]
    assert person.unit is not None
    fact = fact_record(
        actor=SYSTEM, fact=NewFact("test.met", person.unit, TODAY, ("orglife", "1"), person, payload={"who": "甲"})
    )
    house.login(client, "branch_secretary")
    assert "请在那里更正" in text(client.get(url("fact", fact.pk)))
    assert client.get(url("correct", fact.pk)).status_code == 422
    assert client.post(url("withdraw", fact.pk), {"reason": "x"}).status_code == 422
    assert Fact.objects.unscoped("t").filter(source_app="orglife").count() == 1


def test_nobody_writes_or_mends_beyond_his_reach(client: Client, house: House) -> None:
    fact = told(house.people["plain_b"])
    house.login(client, "branch_secretary")
    for name in ("fact", "correct", "withdraw"):
        assert client.get(url(name, fact.pk)).status_code == 404
    assert client.post(url("withdraw", fact.pk), {"reason": "x"}).status_code == 404
    house.login(client, "inspector")
    assert client.get(url("fact", fact.pk)).status_code == 200
    assert client.post(url("withdraw", fact.pk), {"reason": "x"}).status_code == 403
    assert client.post(url("note", "test.met"), GOOD).status_code == 403
    assert Fact.objects.unscoped("t").filter(kind="test.met").count() == 1
