"""What a unit's people look like from the unit's side: its page, the initial codes."""

import pytest
from django.test import Client
from django.urls import reverse

from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.organisation.members.tests.factories import House, two_branches

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return two_branches()


@pytest.mark.parametrize(
    ("persona", "status"),
    [("branch_secretary", 200), ("organisation_clerk", 200), ("member", 403), ("branch_secretary_b", 404)],
)
def test_who_hands_out_initial_codes(house: House, client: Client, persona: str, status: int) -> None:
    address = reverse("members:codes", args=[house.branch_a.pk])
    assert house.login(client, persona).get(address).status_code == status
    assert client.post(address).status_code == status


def test_slips_show_the_code_of_a_new_account(house: House, client: Client) -> None:
    house.login(client, "organisation_clerk")
    person = house.people["plain_a"]
    client.post(reverse("members:account", args=[person.pk]), {"username": "dy-slip", "reason": "新编入"})
    text = (
        house.login(client, "branch_secretary")
        .post(reverse("members:codes", args=[house.branch_a.pk]))
        .content.decode()
    )
    assert "dy-slip" in text
    assert AuditEntry.objects.filter(action="accounts.initial_code_issue", object_label="dy-slip").exists()


def test_a_units_page_names_its_people_to_those_who_may_see_them(house: House, client: Client) -> None:
    def of(persona: str, unit: str) -> tuple[int, str]:
        answer = house.login(client, persona).get(
            reverse("units:detail", args=[getattr(house, unit).pk]), {"tab": "people"}
        )
        return answer.status_code, answer.content.decode()

    own, other = house.people["plain_a"].name, house.people["plain_b"].name
    status, page = of("branch_secretary", "branch_a")
    assert (status, own in page, other in page) == (200, True, False)
    status, page = of("branch_secretary", "branch_b")
    assert other not in page
    status, page = of("system_admin", "branch_a")
    assert own not in page
