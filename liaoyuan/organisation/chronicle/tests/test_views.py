"""Stories on screen: as known on a day, paged, taken along; never sideways."""

from datetime import date, datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.kernel import clock
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.chronicle.services import fact_correct
from liaoyuan.organisation.chronicle.tests.factories import SYSTEM, text, told, url
from liaoyuan.organisation.members.models import Membership
from liaoyuan.organisation.members.tests.factories import House, PersonFactory

pytestmark = pytest.mark.usefixtures("known_kinds")


def test_a_story_shows_ones_own_side_and_hides_what_asks_for_more(client: Client, house: House) -> None:
    told(house.people["plain_a"])
    told(house.people["plain_b"])
    told(house.people["member"], "test.secret")
    secretary = text(house.login(client, "branch_secretary").get(url("list")))
    assert "甲无账号约见教导员（当面）" in secretary
    assert "甲战士有密事" in secretary
    assert "乙无账号" not in secretary
    assert "甲无账号" not in text(house.login(client, "branch_secretary_b").get(url("list")))
    own = text(house.login(client, "member").get(url("list")))
    assert "甲战士有密事" in own
    assert "甲无账号" not in own
    assert house.login(client, "security_admin").get(url("list")).status_code == 403


def test_as_known_on_a_day_before_the_correction(client: Client, house: House) -> None:
    shanghai = ZoneInfo("Asia/Shanghai")
    with clock.set_to(datetime(2026, 11, 12, 23, 58, tzinfo=shanghai)):
        first = told(house.people["plain_a"])
    with clock.set_to(datetime(2026, 11, 13, 0, 1, tzinfo=shanghai)):
        fact_correct(actor=SYSTEM, fact=first, reason="记错方式", payload={**first.payload, "mode": "电话"})
    house.login(client, "branch_secretary")
    where = url("unit", house.branch_a.pk)
    assert "（电话）" in text(client.get(where))
    assert "（当面）" not in text(client.get(where))
    before = text(client.get(where, {"known": "2026-11-12"}))
    assert "按 2026-11-12 当天所知" in before
    assert "（当面）" in before
    assert "（电话）" not in before
    assert "约见教导员" not in text(client.get(where, {"known": "2026-11-11"}))
    both = text(client.get(where, {"show": "all"}))
    assert "（当面）" in both
    assert "（电话）" in both
    assert both.count("已被更正") == 1
    mended = text(client.get(where, {"show": "mended"}))
    assert "（当面）" in mended
    assert "（电话）" not in mended


def test_what_happened_in_an_earlier_branch_stays_in_the_file(client: Client, house: House) -> None:
    person = PersonFactory(name="调来的", unit=house.branch_b)
    fact = told(person)
    Membership.objects.filter(person=person).delete()
    person.unit, person.home_path = house.branch_a, house.branch_a.path
    person.save(update_fields=["unit", "home_path"])
    page = text(house.login(client, "branch_secretary").get(url("person", person.pk)))
    assert "调来的约见教导员（当面）" in page
    assert "乙营一连党支部" in page
    shown = text(client.get(url("fact", fact.pk)))
    assert "调来的约见教导员（当面）" in shown
    assert reverse("units:detail", args=[house.branch_b.pk]) not in shown  # it would lead nowhere
    assert client.post(url("withdraw", fact.pk), {"reason": "x"}).status_code == 403  # theirs to mend, not ours
    house.login(client, "branch_secretary_b")
    assert client.get(url("person", person.pk)).status_code == 404
    old = text(client.get(url("fact", fact.pk)))  # what happened with us stays ours to read
    assert reverse("members:file", args=[person.pk]) not in old


def test_looking_at_somebodys_story_is_on_the_trail_and_ones_own_is_not(client: Client, house: House) -> None:
    person = house.people["member"]
    house.login(client, "branch_secretary").get(url("person", person.pk))
    seen = AuditEntry.objects.filter(action="chronicle.view_story", subject_id=person.pk)
    assert seen.count() == 1
    assert house.login(client, "member").get(url("person", person.pk)).status_code == 200
    assert seen.count() == 1


def test_the_tabs_of_the_file_and_the_unit_show_it(client: Client, house: House) -> None:
    person = house.people["plain_a"]
    told(person)
    house.login(client, "branch_secretary")
    file = text(client.get(reverse("members:tab", args=[person.pk, "story"])))
    assert "甲无账号约见教导员（当面）" in file
    assert f"{url('record')}?person=A-PLAIN" in file
    unit = text(client.get(reverse("units:detail", args=[house.branch_a.pk]), {"tab": "story"}))
    assert "甲无账号约见教导员（当面）" in unit
    member = text(house.login(client, "member").get(reverse("units:detail", args=[house.branch_a.pk])))
    assert "tab=story" not in member


def test_the_story_costs_a_constant_number_of_queries(
    client: Client, house: House, django_assert_max_num_queries
) -> None:  # type: ignore[no-untyped-def]
    house.login(client, "branch_secretary")
    client.get(url("list"))
    for day in range(1, 21):
        told(house.people["plain_a"], on=date(2026, 10, day))
    with django_assert_max_num_queries(12):
        client.get(url("list"))


@pytest.mark.parametrize(
    "query",
    [
        {"known": "昨天"},
        {"since": "x"},
        {"kind": "none"},
        {"show": "x"},
        {"known": "9999-12-31"},
        {"until": "0001-01-01"},
        {"known": "\x00"},
        {"q": "%\x00"},
    ],
)
def test_odd_questions_break_nothing(client: Client, house: House, query: dict[str, str]) -> None:
    assert house.login(client, "branch_secretary").get(url("list"), query).status_code == 200


def test_the_export_holds_what_is_shown_and_is_on_the_trail(client: Client, house: House) -> None:
    told(house.people["plain_a"])
    told(house.people["plain_b"])
    house.login(client, "branch_secretary")
    response = client.get(url("list"), {"export": "xlsx", "kind": "test.met"})
    sheet = load_workbook(BytesIO(b"".join(response.streaming_content))).active
    assert [row[0].value for row in sheet.iter_rows()] == ["事项", "甲无账号约见教导员（当面）"]
    assert AuditEntry.objects.filter(action="chronicle.export").count() == 1
    house.login(client, "inspector")
    assert client.get(url("list"), {"export": "xlsx"})["Content-Type"].startswith("text/html")


def test_a_story_is_taken_as_pdf_and_is_on_the_trail(client: Client, house: House) -> None:
    person = house.people["plain_a"]
    told(person)
    house.login(client, "branch_secretary")
    response = client.get(url("person", person.pk), {"export": "pdf"})
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")
    entry = AuditEntry.objects.get(action="chronicle.export")
    assert (entry.subject_id, entry.detail["rows"]) == (person.pk, 1)


def test_ones_own_story_is_ones_own_to_take(client: Client, house: House) -> None:
    own = house.people["member"]
    told(own)
    house.login(client, "member")
    assert client.get(url("person", own.pk), {"export": "pdf"})["Content-Type"] == "application/pdf"
    assert AuditEntry.objects.get(action="chronicle.export").subject_id is None


def test_two_thousand_facts_come_in_pages(client: Client, house: House, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    person = house.people["plain_a"]
    Fact.objects.bulk_create(
        Fact(
            kind="test.derived",
            person=person,
            unit=house.branch_a,
            path=house.branch_a.path,
            occurred_on=date(2020, 1, 1) + timedelta(number),
            source_app="test",
            source_id=str(number),
        )
        for number in range(2000)
    )
    house.login(client, "branch_secretary")
    client.get(url("person", person.pk))
    with django_assert_max_num_queries(14):
        first = text(client.get(url("person", person.pk)))
    assert first.count("甲无账号随动") == 50
    assert "2025-06-22" in first
    assert "2020-01-01" in text(client.get(url("person", person.pk), {"page": "40"}))
    with django_assert_max_num_queries(16):
        tab = text(client.get(reverse("members:tab", args=[person.pk, "story"])))
    assert tab.count("甲无账号随动") == 40


def test_an_empty_story_says_what_will_stand_there(client: Client, house: House) -> None:
    house.login(client, "branch_secretary")
    person = PersonFactory(name="新来的", unit=house.branch_a)
    assert "一登记，就会出现在这里" in text(client.get(url("person", person.pk)))
    assert "一登记，就会出现在这里" in text(client.get(reverse("members:tab", args=[person.pk, "story"])))
    assert "没有符合条件的内容" in text(client.get(url("list"), {"q": "没有的人"}))
