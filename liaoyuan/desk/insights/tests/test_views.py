import gzip
import json
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.members.tests.factories import House, PersonFactory
from liaoyuan.organisation.units.models import Role
from liaoyuan.organisation.whereabouts.services.presence import presence_refresh

pytestmark = pytest.mark.django_db


def cells(client: Client, **params: Any) -> dict[str, Any]:
    answer = client.get(reverse("insights:data"), params)
    assert answer.status_code == 200, answer.content
    return answer.json()


def looks(action: str) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(action=action).order_by("seq"))


def test_data_has_exactly_the_agreed_keys(clients: Any):
    answer = cells(clients("organisation_clerk"), z=8)
    assert list(answer) == ["as_of", "live", "total", "away", "precise", "names", "cells"]
    assert all(len(cell) == 12 for cell in answer["cells"])
    assert answer["as_of"].startswith("2026-11-22T12:0")
    assert answer["as_of"].endswith("+08:00")


def test_data_is_packed_only_where_the_browser_takes_it(house: House, clients: Any):
    for number in range(60):
        unit = house.branch_a
        PersonFactory(unit=unit, number=f"Q{number}")
    client = clients("organisation_clerk")
    plain = client.get(reverse("insights:data"), {"z": 12})
    packed = client.get(reverse("insights:data"), {"z": 12}, headers={"accept-encoding": "gzip, br"})
    assert plain["Cache-Control"] == "no-store"
    assert not plain.has_header("Content-Encoding")
    if packed.has_header("Content-Encoding"):
        assert json.loads(gzip.decompress(packed.content))["cells"] == plain.json()["cells"]
    assert packed["Vary"] == "Accept-Encoding, Cookie"


def test_data_asks_for_log_in_and_refuses_administrators(clients: Any):
    assert Client().get(reverse("insights:data")).status_code == 302
    for persona in ("system_admin", "security_admin", "audit_admin"):
        answer = clients(persona).get(reverse("insights:data"))
        assert answer.status_code == 403
        assert "三员" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"z": "x"}, 422),
        ({"z": "-1"}, 422),
        ({"z": "９"}, 422),
        ({"z": "8", "box": "1,2,3"}, 422),
        ({"z": "8", "box": "nan,nan,nan,nan"}, 422),
        ({"z": "8", "box": "1e999,0,1e999,1"}, 422),
        ({"on": "2026-02-30"}, 422),
        ({"on": "2099-01-01"}, 422),
        ({"on": "1999-12-31"}, 422),
        ({"standing": "king"}, 422),
        ({"standing": "member"}, 200),
        ({"purpose": "' OR 1=1"}, 422),
        ({"rank": "x" * 13}, 422),
        ({"unit": "not-a-uuid"}, 404),
        ({"unit": "01890000-0000-7000-8000-000000000000"}, 404),
        ({"rank": "'\";--"}, 200),
        ({"z": "99"}, 200),
        ({"on": "2026-11-22"}, 200),
    ],
)
def test_hostile_parameters(clients: Any, params: dict[str, str], status: int):
    assert clients("organisation_clerk").get(reverse("insights:data"), params).status_code == status


def test_a_nul_character_breaks_nothing(clients: Any):
    client = clients("organisation_clerk")
    for name in ("rank", "unit", "purpose", "standing", "on", "z", "box", "key"):
        assert client.get(reverse("insights:data"), {name: "\x00"}).status_code in {200, 404, 422}
    assert client.get(reverse("insights:locate"), {"q": "\x00"}).status_code in {200, 404}


@pytest.mark.parametrize("route", ["insights:data", "insights:map", "insights:text", "insights:wall"])
def test_another_sides_unit_is_404_and_leaks_nothing(house: House, clients: Any, route: str):
    answer = clients("battalion_secretary").get(reverse(route), {"unit": str(house.branch_b.pk)})
    assert answer.status_code == 404
    assert "乙" not in answer.content.decode()


def test_small_crowd_is_looking_each_of_them_up(house: House, clients: Any):
    client = clients("battalion_secretary")
    key = next(cell[11] for cell in cells(client, z=8)["cells"] if cell[10] == "打卡点")
    page = client.get(reverse("insights:people"), {"key": key, "z": 8}, headers={"hx-request": "true"})
    assert "甲战士" in page.content.decode()
    assert "<html" not in page.content.decode()
    (row,) = looks("insights.locate")
    assert (row.subject_id, row.actor_id) == (house.people["member"].pk, house.users["battalion_secretary"].pk)
    assert row.detail["cell"] == key


def test_large_crowd_is_one_row_with_count_and_cell(house: House, clients: Any):
    for _ in range(10):
        PersonFactory(unit=house.branch_a)
    presence_refresh()
    client = clients("battalion_secretary")
    key = next(cell[11] for cell in cells(client, z=8)["cells"] if cell[10] == "甲营区")
    client.get(reverse("insights:people"), {"key": key, "z": 8})
    (row,) = looks("insights.open_crowd")
    assert (row.object_id, row.detail["count"], row.object_label) == (key, 13, "甲营区")
    assert looks("insights.locate") == []


def test_counts_alone_leave_no_names_and_no_rows(house: House, clients: Any):
    Role.objects.filter(code="inspector").update(capabilities=["insights.map"])
    Role.objects.filter(code="member").update(capabilities=["insights.map"])
    client = clients("inspector")
    answer = cells(client, z=8)
    assert not answer["names"]
    key = next(cell[11] for cell in answer["cells"] if cell[10] == "西北驻训点")
    text = client.get(reverse("insights:people"), {"key": key}).content.decode()
    assert "共 2 人" in text
    assert "甲无账号" not in text
    assert "姓名只对" in text
    assert AuditEntry.objects.filter(action__startswith="insights.").count() == 0


def test_locating_somebody_is_recorded_with_him_as_subject(house: House, clients: Any):
    person = house.people["member"]
    page = clients("battalion_secretary").get(reverse("insights:locate"), {"person": str(person.pk)})
    assert "打卡点" in page.content.decode()
    assert "103.83, 36.06" in page.content.decode()
    (row,) = looks("insights.locate")
    assert (row.subject_id, row.allowed) == (person.pk, True)


def test_locating_oneself_is_nobodys_business(house: House, clients: Any):
    person = house.people["battalion_secretary"]
    assert clients("battalion_secretary").get(reverse("insights:locate"), {"person": str(person.pk)}).status_code == 200
    assert looks("insights.locate") == []


def test_coarse_viewer_locates_to_a_tenth(house: House, clients: Any):
    text = (
        clients("inspector")
        .get(reverse("insights:locate"), {"person": str(house.people["member"].pk)})
        .content.decode()
    )
    assert "103.8, 36.1" in text
    assert "103.83" not in text


def test_locating_the_other_side_is_404(house: House, clients: Any):
    answer = clients("battalion_secretary").get(
        reverse("insights:locate"), {"person": str(house.people["member_b"].pk)}
    )
    assert answer.status_code == 404
    assert [row for row in looks("insights.locate") if row.allowed] == []


def test_search_lists_only_names_in_reach_and_places_nobody(house: House, clients: Any):
    text = clients("battalion_secretary").get(reverse("insights:locate"), {"q": "乙"}).content.decode()
    assert "没有找到" in text
    text = clients("battalion_secretary").get(reverse("insights:locate"), {"q": "甲战士"}).content.decode()
    assert "查看位置" in text
    assert "打卡点" not in text
    assert looks("insights.locate") == []


@pytest.mark.parametrize("route", ["insights:map", "insights:wall", "insights:text"])
@pytest.mark.parametrize(
    ("persona", "status"),
    [("battalion_secretary", 200), ("organisation_clerk", 200), ("inspector", 200), ("system_admin", 403)],
)
def test_pages_by_persona(clients: Any, route: str, persona: str, status: int):
    assert clients(persona).get(reverse(route)).status_code == status


@pytest.mark.parametrize(
    "route", ["insights:map", "insights:wall", "insights:text", "insights:people", "insights:locate"]
)
def test_pages_ask_for_log_in(db: None, route: str):
    assert Client().get(reverse(route)).status_code == 302


def test_map_page_hands_the_element_what_it_needs(clients: Any):
    text = clients("battalion_secretary").get(reverse("insights:map")).content.decode()
    assert '<insights-map class="insights-map insights-map-full" mode="full" data-url="/map/data"' in text
    assert 'people-url="/map/people"' in text
    assert 'socket-url="/ws/map/"' in text
    assert 'base-url="/map/base/' in text
    assert "onclick" not in text
    assert "<script>" not in text


def test_text_version_says_the_same_without_javascript(clients: Any):
    text = clients("battalion_secretary").get(reverse("insights:text")).content.decode()
    assert "西北驻训点" in text
    assert "陈旧 1" in text
    assert "共 <strong>5</strong> 人" in text


def test_text_version_moves_through_days_by_its_form(clients: Any):
    client = clients("battalion_secretary")
    text = client.get(reverse("insights:text"), {"on": "2026-09-30"}).content.decode()
    assert "2026-09-30 当天结束时" in text
    assert "西北驻训点" not in text
    assert "on=2026-10-01" in text
    wrong = client.get(reverse("insights:text"), {"on": "2099-01-01"})
    assert wrong.status_code == 200
    assert "请选 2000-01-01 到今天之间的一天" in wrong.content.decode()


def test_people_page_works_without_htmx_and_keeps_the_day(house: House, clients: Any):
    client = clients("battalion_secretary")
    answer = cells(client, z=8, on="2026-11-10")
    key = next(cell[11] for cell in answer["cells"] if cell[10] == "西北驻训点")
    page = client.get(reverse("insights:people"), {"key": key, "on": "2026-11-10"}).content.decode()
    assert "<html" in page
    assert "2026-11-10" in page
    assert "甲战士" in page


def test_people_pages_are_links(house: House, clients: Any):
    for _ in range(60):
        PersonFactory(unit=house.branch_a)
    presence_refresh()
    client = clients("battalion_secretary")
    key = next(cell[11] for cell in cells(client, z=8)["cells"] if cell[10] == "甲营区")
    first = client.get(reverse("insights:people"), {"key": key}).content.decode()
    assert "page=2" in first
    assert (
        client.get(reverse("insights:people"), {"key": key, "page": "2"}).content.decode().count("crowd-person") == 13
    )
    assert client.get(reverse("insights:people"), {"key": key, "page": "x"}).status_code == 200


def test_an_unreadable_cell_is_refused_in_words(clients: Any):
    answer = clients("inspector").get(reverse("insights:people"), {"key": "20.1.1"})
    assert answer.status_code == 422
    assert "地图上没有这个点" in answer.content.decode()


def test_who_left_is_nowhere(house: House, clients: Any):
    person = house.people["member"]
    Person.objects.filter(pk=person.pk).update(active=False, left_on=date(2026, 11, 22))
    presence_refresh()
    assert cells(clients("battalion_secretary"), z=8)["total"] == 4
    answer = clients("battalion_secretary").get(reverse("insights:locate"), {"person": str(person.pk)})
    assert answer.status_code == 404
