"""The API: the same reach, the same errors, problem details."""

from datetime import timedelta

import pytest
from django.test import Client

from liaoyuan.organisation.units.models import Unit
from liaoyuan.organisation.units.tests.factories import UserFactory, brigade, hold
from liaoyuan.organisation.units.tests.test_views import login

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    return brigade()


def codes(response):
    return [item["code"] for item in response.json()["items"]]


def test_units_come_in_tree_order_within_reach(tree):
    response = login(hold(tree.a1, "branch_secretary")).get("/api/v1/units")
    assert codes(response) == ["L1-A-1", "L1-A-1-X1", "L1-A-1-X2"]
    assert response.json()["next"] is None


def test_pages_follow_the_cursor_without_gap_or_repeat(tree):
    client = login(hold(tree.top, "inspector"))
    whole, found, after = codes(client.get("/api/v1/units?limit=500")), [], ""
    for _ in range(20):
        answer = client.get("/api/v1/units", {"limit": 4, "after": after}).json()
        found += [item["code"] for item in answer["items"]]
        if answer["next"] is None:
            break
        after = answer["next"]
    assert found == whole
    assert len(whole) == 15


def test_filters_narrow(tree):
    client = login(hold(tree.top, "inspector"))
    assert codes(client.get("/api/v1/units?kind=branch")) == ["L1-A-1", "L1-A-2", "L1-B-1", "L1-B-2"]
    assert codes(client.get("/api/v1/units?parent=l1-b")) == ["L1-B-1", "L1-B-2"]
    assert codes(client.get("/api/v1/units", {"q": "hceyyl", "kind": "branch"})) == ["L1-B-1"]
    later = (Unit.objects.get(code="L1").updated_at + timedelta(days=1)).isoformat()
    assert codes(client.get("/api/v1/units", {"updated_since": later})) == []


def test_one_unit_by_code(tree):
    client = login(hold(tree.a, "inspector"))
    body = client.get("/api/v1/units/L1-A-1").json()
    assert (body["name"], body["parent"], body["depth"], body["above"]) == (
        "合成一营一连党支部", "L1-A", 3, ["旅党委", "合成一营党委"],
    )  # fmt: skip


@pytest.mark.parametrize("code", ["L1-B-1", "L1", "L2", "nonsense", "%00", "..", "'"])
def test_out_of_reach_and_unknown_look_the_same(tree, code):
    response = login(hold(tree.a, "inspector")).get(f"/api/v1/units/{code}")
    assert response.status_code == 404


@pytest.mark.parametrize(
    "query",
    ["kind=cell", "limit=0", "limit=501", "limit=x", "parent=a/b", "updated_since=x", "after=L1-B", "q=" + "a" * 61],
)
def test_wrong_parameters_are_problem_details(tree, query):
    response = login(hold(tree.a, "inspector")).get("/api/v1/units?" + query)
    assert response.status_code == 422
    assert response.headers["Content-Type"] == "application/problem+json"


def test_strangers_and_people_without_a_unit_are_refused(tree):
    assert Client().get("/api/v1/units").status_code == 401
    assert login(UserFactory()).get("/api/v1/units").status_code == 403


def test_a_page_costs_the_same_however_long(tree, django_assert_max_num_queries):
    client = login(hold(tree.top, "inspector"))
    client.get("/api/v1/units")
    with django_assert_max_num_queries(8):
        client.get("/api/v1/units?limit=500")
