"""The API: the pages' scope and masking, cursor paging, problems."""

import json

import pytest
from django.test import Client

from liaoyuan.foundation.accounts.services.tokens import token_create
from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.kernel.scoping import actor_for
from liaoyuan.organisation.members.tests.factories import PERSONAS, House, PersonFactory, two_branches

pytestmark = pytest.mark.django_db
LIST = "/api/v1/members"


@pytest.fixture
def house() -> House:
    return two_branches()


def numbers(client: Client, query: str = "") -> list[str]:
    return [item["number"] for item in client.get(f"{LIST}?{query}").json()["items"]]


STATUS = {
    "member": 403,
    "member_b": 404,
    "group_leader": 403,
    "branch_secretary": 200,
    "battalion_secretary": 200,
    "organisation_clerk": 200,
    "inspector": 200,
    "system_admin": 404,
    "security_admin": 404,
    "audit_admin": 404,
}


@pytest.mark.parametrize("persona", PERSONAS)
def test_who_reads_a_file(house: House, client: Client, persona: str) -> None:
    answer = house.login(client, persona).get(f"{LIST}/{house.people['plain_a'].number}")
    assert answer.status_code == STATUS[persona]
    if answer.status_code != 200:
        assert answer["Content-Type"] == "application/problem+json"


def test_anonymous_is_refused(client: Client) -> None:
    for address in (LIST, f"{LIST}/P1", "/api/v1/me"):
        assert client.get(address).status_code == 401


def test_a_file_is_masked_and_the_look_recorded(house: House, client: Client) -> None:
    person = house.people["plain_a"]
    answer = house.login(client, "branch_secretary").get(f"{LIST}/{person.number.lower()}")
    text = json.dumps(answer.json())
    assert person.id_number not in text
    assert person.phone not in text
    assert answer.json()["id_number_masked"].count("*") == 13
    assert answer.json()["memberships"][0]["unit"] == "L-A-Z1"
    entry = AuditEntry.objects.get(action="members.view_file")
    assert (entry.subject_id, entry.via) == (person.pk, "api")


def test_the_list_is_ones_reach(house: House, client: Client) -> None:
    assert "B-PLAIN" not in numbers(house.login(client, "member"))
    assert "A-PLAIN" in numbers(client)
    assert numbers(house.login(client, "branch_secretary_b"), "q=jia") == []
    assert numbers(house.login(client, "organisation_clerk"), "unit=L-A&q=jiawuzhanghao") == ["A-PLAIN"]
    assert house.login(client, "audit_admin").get(LIST).status_code == 403


def test_a_token_without_the_capability_says_so(house: House, client: Client) -> None:
    """Its owner sees people; the refusal must not tell him that his role does not."""
    user = house.people["branch_secretary"].user
    assert user is not None
    actor = actor_for(user, via="web")
    plain = token_create(actor=actor, user=user, name="对接", capabilities=["units.view"], days=7)[1]
    answer = client.get(LIST, headers={"Authorization": f"Bearer {plain}"})
    assert answer.status_code == 403
    assert "另建一个勾选了它的令牌" in answer.json()["detail"]


def test_paging_gives_everybody_once_in_order(house: House, client: Client) -> None:
    PersonFactory.create_batch(7, unit=house.branch_a)
    house.login(client, "organisation_clerk")
    whole = numbers(client, "limit=200")
    seen: list[str] = []
    cursor = ""
    while True:
        page = client.get(LIST, {"limit": 4, "after": cursor}).json()
        seen += [item["number"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = page["next"]
    assert seen == whole
    assert len(seen) == 19


@pytest.mark.parametrize(
    "query",
    [
        "after=x",
        "after=eHg=",
        "after=MDAwMHx4fHk=",
        "limit=0",
        "limit=201",
        "standing=king",
        "unit=%3B",
        "q=" + "x" * 41,
    ],
)
def test_bad_parameters_are_problems(house: House, client: Client, query: str) -> None:
    answer = house.login(client, "organisation_clerk").get(f"{LIST}?{query}")
    assert answer.status_code == 422
    assert answer.json()["status"] == 422


def test_me_tells_who_asks(house: House, client: Client) -> None:
    me = house.login(client, "member").get("/api/v1/me").json()
    assert me["member"]["number"] == "A-MEMBER"
    assert "members.view" in me["capabilities"]
    admin = house.login(client, "system_admin").get("/api/v1/me").json()
    assert admin["member"] is None
    assert admin["capabilities"] == [] or all(not name.startswith("members") for name in admin["capabilities"])


def test_the_list_costs_a_constant_number_of_queries(
    house: House, client: Client, django_assert_max_num_queries: object
) -> None:
    house.login(client, "organisation_clerk")
    client.get(LIST)
    PersonFactory.create_batch(20, unit=house.branch_a, group=house.group_a)
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        assert len(client.get(LIST).json()["items"]) == 32
