from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from liaoyuan.foundation.accounts.models import User
from liaoyuan.foundation.inbox.models import Broadcast, Item
from liaoyuan.kernel.errors import NotInScope
from liaoyuan.organisation.members.audiences import people_of, phones
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.members.tests.factories import House, person_paths, two_branches

pytestmark = pytest.mark.django_db
SIDE_A = {"member", "group_leader", "branch_secretary", "battalion_secretary"}


@pytest.fixture
def house() -> House:
    return two_branches()


def personas(house: House, ids: Any) -> set[str]:
    return {persona for persona, user in house.users.items() if user.pk in set(ids)}


def test_a_unit_means_everybody_in_it_and_below_and_nobody_beside_it(house: House):
    clerk = house.actor("organisation_clerk")
    assert personas(house, people_of(clerk, house.branch_a).user_ids) == SIDE_A
    assert personas(house, people_of(clerk, house.group_a).user_ids) == {"member", "group_leader"}
    assert people_of(clerk, house.branch_a).words == "甲营一连党支部及所属"
    everybody = personas(house, people_of(clerk, house.root).user_ids)
    assert everybody >= SIDE_A | {"member_b", "inspector", "organisation_clerk"}


def test_the_attached_are_meant_too_and_the_gone_are_not(house: House):
    clerk = house.actor("organisation_clerk")
    guest = house.people["member_b"]
    guest.attached_unit = house.branch_a
    person_paths(guest)
    guest.save()
    Person.objects.unscoped("test").filter(pk=house.people["group_leader"].pk).update(active=False)
    User.objects.filter(pk=house.users["battalion_secretary"].pk).update(is_active=False)
    found = personas(house, people_of(clerk, house.branch_a).user_ids)
    assert found == {"member", "branch_secretary", "member_b"}


def test_one_query_whatever_the_number(house: House, django_assert_num_queries: Any):
    clerk = house.actor("organisation_clerk")
    with django_assert_num_queries(1):
        people_of(clerk, house.root)


@pytest.mark.parametrize(
    "persona", ["member", "group_leader", "inspector", "branch_secretary_b", "battalion_secretary_b"]
)
def test_who_may_not_write_there_finds_nobody(house: House, persona: str):
    with pytest.raises(NotInScope):
        people_of(house.actor(persona), house.branch_a)


def test_a_secretary_writes_to_his_branch_and_can_choose_no_other(house: House, client: Client):
    house.login(client, "branch_secretary")
    page = client.get(reverse("inbox:compose")).content.decode()
    assert "甲营一连党支部" in page
    assert "乙营一连党支部" not in page
    wrong = client.post(reverse("inbox:compose"), {"choice": str(house.branch_b.pk), "title": "周五党课"})
    assert wrong.status_code == 422
    assert not Broadcast.objects.exists()
    right = client.post(reverse("inbox:compose"), {"choice": str(house.branch_a.pk), "title": "周五党课"})
    assert right.status_code == 302
    assert personas(house, Item.objects.values_list("user_id", flat=True)) == SIDE_A - {"branch_secretary"}


def test_telephone_numbers_by_account(house: House):
    user = house.users["member"]
    assert phones([user.pk]) == {user.pk: house.people["member"].phone}
    assert phones([]) == {}
