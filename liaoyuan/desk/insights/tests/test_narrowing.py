"""Filtering the map until a handful is left is looking each of them up."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse

from liaoyuan.desk.insights.services import looking
from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.kernel import clock
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.members.tests.factories import House, PersonFactory
from liaoyuan.organisation.units.models import Role
from liaoyuan.organisation.whereabouts.models import Posting
from liaoyuan.organisation.whereabouts.services.presence import presence_refresh

pytestmark = pytest.mark.django_db

CAMP = "100.4,38.9,100.5,39"
NOWHERE = "80,20,81,21"


def told() -> list[UUID]:
    """Whom the trail names as looked up by narrowing the map."""
    return sorted(AuditEntry.objects.filter(action="insights.narrow").values_list("subject_id", flat=True))


def keys(house: House, *personas: str) -> list[UUID]:
    return sorted(house.people[persona].pk for persona in personas)


ADDRESSES = {"data": "insights:data", "text": "insights:text", "wall": "insights:wall", "api": ""}


def ask(client: Any, way: str, **params: Any) -> Any:
    answer = client.get(reverse(ADDRESSES[way]) if ADDRESSES[way] else "/api/v1/map", params)
    assert answer.status_code == 200, answer.content
    return answer


@pytest.mark.parametrize("way", ADDRESSES)
def test_narrowing_to_a_handful_tells_each_of_them(house: House, clients: Any, way: str):
    ask(clients("organisation_clerk"), way, purpose="any")
    assert told() == keys(house, "member", "plain_a", "member_b")
    row = AuditEntry.objects.filter(action="insights.narrow").first()
    assert row.actor_id == house.users["organisation_clerk"].pk
    assert (row.object_type, row.allowed) == ("members.person", True)
    assert row.detail == {"count": 3, "unit": "", "standing": "", "rank": "", "purpose": "any", "on": ""}


@pytest.mark.parametrize("field", ["unit", "standing", "rank", "purpose"])
def test_every_filter_counts(house: House, clients: Any, field: str):
    alone = house.people["plain_a"]
    Person.objects.filter(pk=alone.pk).update(rank="大校", standing="probationary")
    presence_refresh()
    purpose = Posting.objects.unscoped("test").get(person=alone).purpose_id
    values = {"unit": house.branch_a.pk, "standing": "probationary", "rank": "大校", "purpose": purpose}
    ask(clients("battalion_secretary"), "data", **{field: str(values[field])})
    assert alone.pk in told()
    others = {house.people[name].pk for name in house.people if name.endswith("_b")}
    assert not others & set(told())


def test_the_whole_reach_tells_nobody_however_small(house: House, clients: Any):
    for way in ADDRESSES:
        assert "5" in ask(clients("battalion_secretary"), way).content.decode()
    assert told() == []


def test_more_than_a_handful_tells_nobody(house: House, clients: Any):
    ask(clients("organisation_clerk"), "data", rank="中士")
    assert told() == []


def test_oneself_is_nobodys_business(house: House, clients: Any):
    ask(clients("battalion_secretary"), "data", unit=str(house.battalion_a.pk))
    own = house.people["battalion_secretary"].pk
    assert own not in told()
    assert len(told()) == 4


def test_without_names_a_handful_is_told_all_the_same(house: House, clients: Any):
    """Whoever knows who is a senior colonel needs no names."""
    Role.objects.filter(code="inspector").update(capabilities=["insights.map"])
    Role.objects.filter(code="member").update(capabilities=["insights.map"])
    client = clients("inspector")
    assert not ask(client, "data", purpose="any").json()["names"]
    assert told() == keys(house, "member", "plain_a", "member_b")


def test_opening_a_cell_of_a_narrowed_map_tells_them_too(house: House, clients: Any):
    Role.objects.filter(code="inspector").update(capabilities=["insights.map"])
    Role.objects.filter(code="member").update(capabilities=["insights.map"])
    client = clients("inspector")
    key = next(cell[11] for cell in ask(client, "data", z=8).json()["cells"] if cell[10] == "西北驻训点")
    assert client.get(reverse("insights:people"), {"key": key, "purpose": "any"}).status_code == 200
    assert told() == keys(house, "member", "plain_a", "member_b")


@pytest.mark.parametrize("box", [CAMP, NOWHERE])
def test_a_box_hides_nobody_from_the_trail(house: House, clients: Any, box: str):
    """Where somebody is not also says where he is: halving the map must leave its trace from the first half on."""
    ask(clients("organisation_clerk"), "data", z=8, purpose="any", box=box)
    assert told() == keys(house, "member", "plain_a", "member_b")


def test_a_box_does_not_make_a_crowd_a_handful(house: House, clients: Any):
    assert ask(clients("organisation_clerk"), "data", z=8, rank="中士", box=CAMP).json()["total"] == 2
    assert told() == []


def test_a_past_day_tells_those_of_that_day(house: House, clients: Any):
    client = clients("organisation_clerk")
    ask(client, "data", purpose="any", on="2026-11-10")
    assert told() == keys(house, "member", "plain_a")
    ask(client, "data", unit=str(house.battalion_a.pk), on="2026-11-10", box=NOWHERE, z=8)
    assert len(told()) == 2 + 5


def test_the_same_question_again_is_one_look_for_a_while(house: House, clients: Any):
    client = clients("organisation_clerk")
    for _ in range(3):
        ask(client, "data", purpose="any")  # an open map asks again at every change
    assert len(told()) == 3
    ask(client, "data", purpose="any", unit=str(house.battalion_a.pk))  # another question
    assert len(told()) == 5
    ask(clients("battalion_secretary"), "data", purpose="any")  # another viewer
    assert len(told()) == 7
    with clock.set_to(clock.now() + looking.ONE_LOOK + timedelta(seconds=1)):
        ask(clients("organisation_clerk"), "data", purpose="any")
    assert len(told()) == 10


def test_who_joins_a_handful_later_is_told_as_well(house: House, clients: Any):
    client = clients("organisation_clerk")
    ask(client, "data", rank="大校")
    assert told() == []
    late = PersonFactory(unit=house.branch_b, rank="大校")
    presence_refresh()
    ask(client, "data", rank="大校")
    assert told() == [late.pk]


def test_those_concerned_read_it_under_who_looked_at_my_file(house: House, clients: Any):
    ask(clients("organisation_clerk"), "data", purpose="any")
    page = clients("member").get(reverse("oversight:my_lookups")).content.decode()
    assert "在地图上筛选到少数几人" in page
    assert house.users["organisation_clerk"].display_name in page
    other = clients("battalion_secretary_b").get(reverse("oversight:my_lookups")).content.decode()
    assert "在地图上筛选" not in other


def test_a_map_that_tells_nobody_writes_nothing(house: House, clients: Any, django_assert_max_num_queries: Any):
    client = clients("organisation_clerk")
    ask(client, "data", rank="中士")
    with django_assert_max_num_queries(11) as captured:
        ask(client, "data", rank="中士")
    assert not [one for one in captured.captured_queries if one["sql"].startswith(("INSERT", "UPDATE"))]
