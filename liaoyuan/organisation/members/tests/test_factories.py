"""The shared test house is as the services would leave it."""

import pytest

from liaoyuan.organisation.members.models import Membership, Person
from liaoyuan.organisation.members.tests.factories import PERSONAS, two_branches

pytestmark = pytest.mark.django_db


def test_two_branches_builds_parallel_subtrees_with_every_persona() -> None:
    house = two_branches()
    assert set(PERSONAS) <= set(house.users)
    assert house.branch_a.path[:8] != house.branch_b.path[:8]
    assert house.people["member"].home_path == house.group_a.path
    assert Person.objects.unscoped("test").count() == 12
    assert Membership.objects.count() == 12
    assert house.users["security_admin"].admin_kind == "security"
