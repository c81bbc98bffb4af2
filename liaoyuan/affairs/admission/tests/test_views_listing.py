"""Every case as a list: the open ones, those that ended, those that wait for their person."""

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from liaoyuan.affairs.admission.tests.test_services_leaving import leave
from liaoyuan.affairs.admission.tests.walk import Walk, outsider
from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.organisation.members.tests.factories import House

pytestmark = pytest.mark.django_db
QUERIES = 7
ON = "2026-12-02"


def test_a_suspended_case_is_found(walk: Walk, visitor: Any) -> None:
    walk.to("review")
    leave(walk)
    client = visitor("branch_secretary")
    assert "申明" not in client.page("list", on=ON)
    for state in ("ended", "left", "all"):
        text = client.page("list", on=ON, state=state)
        assert "申明" in text, state
        assert "本人离队，案卷中止" in text
        assert "退出现役" in text
        assert "2026-12-01" in text
    assert "申明" not in client.page("list", on=ON, state="stopped")
    assert str(walk.case.pk) in client.page("list", on=ON, state="left")


def test_open_cases_say_where_they_stand(walk: Walk, visitor: Any) -> None:
    text = visitor("branch_secretary").page("list")
    for words in ("申明", "申请入党", "党组织派人谈话", "还有 11 天", "2026-07-01", "2026-06-01"):
        assert words in text, words
    assert "逾期 2 天" in visitor("branch_secretary").page("list", on="2026-07-03")


@pytest.mark.parametrize(("q", "found"), [("申明", True), ("shen", True), ("sm", True), ("王", False)])
def test_it_is_searched_as_people_are(walk: Walk, visitor: Any, q: str, found: bool) -> None:
    walk.person.pinyin, walk.person.initials = "shenming", "sm"
    walk.person.save(update_fields=["pinyin", "initials"])
    assert ("申明" in visitor("branch_secretary").page("list", q=q)) is found


def test_nobody_sees_the_neighbours(walk: Walk, visitor: Any) -> None:
    other = Walk(walk.house, outsider(walk.house, "b"), side="b")
    text = visitor("branch_secretary").page("list", state="all")
    assert "申明" in text
    assert other.person.name not in text
    assert walk.house.branch_b.name not in text
    everybody = visitor("organisation_clerk")
    assert other.person.name in everybody.page("list")
    only = everybody.page("list", unit=str(walk.house.branch_a.pk))
    assert "申明" in only
    assert other.person.name not in only
    assert visitor("member").get("list").status_code == 403


def test_a_filter_that_makes_no_sense_shows_nothing(walk: Walk, visitor: Any) -> None:
    text = visitor("branch_secretary").page("list", state="nonsense", unit="x")
    assert "申明" not in text


def test_the_spreadsheet_leaves_a_trace(walk: Walk, visitor: Any) -> None:
    answer = visitor("branch_secretary").get("list", export="xlsx")
    rows = list(load_workbook(BytesIO(b"".join(answer.streaming_content))).active.values)
    found = dict(zip(rows[0], rows[1], strict=True))
    assert found["姓名"] == "申明"
    assert found["状态"] == "还有 11 天"
    entry = AuditEntry.objects.get(action="admission.list_export")
    assert entry.detail["rows"] == 1


def test_it_costs_the_same_for_many(walk: Walk, house: House, visitor: Any, django_assert_num_queries: Any) -> None:
    client = visitor("organisation_clerk")
    client.page("list", state="all")
    with django_assert_num_queries(QUERIES):
        client.page("list", state="all")
    for number in range(12):
        Walk(house, outsider(house, "b", name=f"申亮{number}"), side="b")
    with django_assert_num_queries(QUERIES):
        client.page("list", state="all")
