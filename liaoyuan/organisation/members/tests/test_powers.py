"""Nobody comes by another's powers through his account: tying it, making it anew, or printing its code."""

import pytest
from django.test import Client
from django.urls import reverse

from liaoyuan.foundation.accounts.models import User
from liaoyuan.foundation.accounts.services.passwords import initial_marker
from liaoyuan.kernel.errors import NotPermitted
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.members.services import (
    person_account_create,
    person_account_link,
    person_account_unlink,
)
from liaoyuan.organisation.members.tests.factories import House, two_branches
from liaoyuan.organisation.units.models import Grant

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return two_branches()


def grants(user: User) -> int:
    return Grant.objects.unscoped("test").filter(user=user, ended_at__isnull=True).count()


def test_a_branch_secretary_cannot_untie_his_superiors_account(house: House) -> None:
    superior = house.people["battalion_secretary"]  # belongs to branch a, acts for the battalion
    with pytest.raises(NotPermitted, match="授予"):
        person_account_unlink(actor=house.actor("branch_secretary"), person=superior, reason="更换账号")
    superior.refresh_from_db()
    assert superior.user_id == house.users["battalion_secretary"].pk
    assert grants(house.users["battalion_secretary"]) == 1


def test_a_branch_secretary_cannot_make_or_tie_an_account_that_carries_a_superiors_post(house: House) -> None:
    superior, secretary = house.people["battalion_secretary"], house.actor("branch_secretary")
    Person.objects.unscoped("test").filter(pk=superior.pk).update(user=None)
    stray = User.objects.create(username="stray", display_name="无主", password="!")
    with pytest.raises(NotPermitted):
        person_account_create(actor=secretary, person=superior, username="dy-his")
    with pytest.raises(NotPermitted):
        person_account_link(actor=secretary, person=superior, username="stray", reason="关联账号")
    assert not User.objects.filter(username="dy-his").exists()
    assert grants(stray) == 0
    person_account_create(actor=house.actor("organisation_clerk"), person=superior, username="dy-his")
    assert grants(User.objects.get(username="dy-his")) == 1


def test_slips_leave_out_accounts_that_may_do_more_than_who_prints_them(house: House, client: Client) -> None:
    for persona in ("battalion_secretary", "group_leader", "member"):
        User.objects.filter(pk=house.users[persona].pk).update(password=initial_marker())
    address = reverse("members:codes", args=[house.branch_a.pk])
    names = {persona: house.users[persona].username for persona in ("battalion_secretary", "group_leader", "member")}
    text = house.login(client, "branch_secretary").post(address).content.decode()
    assert [persona for persona, name in names.items() if name in text] == ["group_leader", "member"]
    text = house.login(client, "organisation_clerk").post(address).content.decode()
    assert [persona for persona, name in names.items() if name in text] == list(names)
