from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_api_gives_the_same_answer_as_the_page(clients: Any):
    client = clients("battalion_secretary")
    page = client.get(reverse("insights:data"), {"z": 8}).json()
    api = client.get("/api/v1/map", {"z": 8}).json()
    assert api.pop("as_of")[:15] == page.pop("as_of")[:15]
    assert api == page


@pytest.mark.parametrize(
    "params", [{"z": 2}, {"z": 13}, {"z": "x"}, {"box": "1,2"}, {"on": "nope"}, {"box": "9" * 200}]
)
def test_api_refuses_what_makes_no_sense(clients: Any, params: dict[str, Any]):
    answer = clients("battalion_secretary").get("/api/v1/map", params)
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"z": 2}, "应不小于 3。"),
        ({"z": 13}, "应不大于 12。"),
        ({"z": "x"}, "应为整数。"),
        ({"box": "9" * 200}, "最多 100 个字。"),
    ],
)
def test_api_says_in_chinese_what_is_wrong(clients: Any, params: dict[str, Any], words: str):
    answer = clients("battalion_secretary").get("/api/v1/map", params)
    (problem,) = answer.json()["errors"]
    assert problem["message"] == words
    assert problem["at"].split(".")[-1] in params


def test_api_scope_and_log_in(house: Any, clients: Any):
    assert Client().get("/api/v1/map").status_code == 401
    assert clients("system_admin").get("/api/v1/map").status_code == 403
    answer = clients("battalion_secretary").get("/api/v1/map", {"unit": str(house.branch_b.pk)})
    assert answer.status_code == 404


def test_a_unit_is_named_by_the_code_the_api_lists_it_by(house: Any, clients: Any):
    client = clients("battalion_secretary")
    code, key = house.branch_a.code, str(house.branch_a.pk)
    assert code in {item["code"] for item in client.get("/api/v1/units").json()["items"]}
    by_code, by_id = (client.get("/api/v1/map", {"unit": named}).json() for named in (code.lower(), key))
    assert (by_code["total"], by_code["cells"]) == (by_id["total"], by_id["cells"])
    for named in (house.branch_b.code, "nonsense"):
        assert client.get("/api/v1/map", {"unit": named}).status_code == 404
