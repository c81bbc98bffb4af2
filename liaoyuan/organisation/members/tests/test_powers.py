"""Nobody comes by another's powers through his account: tying it, making it anew, or printing its code. Nobody reads or
takes out in a list what he may not see in the file."""

from datetime import date
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from liaoyuan.foundation.accounts.models import User
from liaoyuan.foundation.accounts.services.passwords import initial_marker
from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import DomainError, NotPermitted
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.members.selectors import branch_codes
from liaoyuan.organisation.members.services import (
    person_account_create,
    person_account_link,
    person_account_unlink,
    person_leave,
    person_reveal,
)
from liaoyuan.organisation.members.tests.factories import House, PersonFactory, two_branches
from liaoyuan.organisation.units.models import Grant
from liaoyuan.organisation.units.selectors import accounts_beyond

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return two_branches()


def grants(user: User) -> int:
    return Grant.objects.unscoped("test").current(clock.today()).filter(user=user).count()


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


def test_the_page_before_the_slips_says_how_many_and_why_not_the_others(house: House, client: Client) -> None:
    address = reverse("members:codes", args=[house.branch_a.pk])
    house.login(client, "branch_secretary")
    found = branch_codes(house.actor("branch_secretary"), house.branch_a)
    assert found.waiting == ()
    assert found.used > 0
    beyond = found.beyond
    assert beyond > 0
    text = client.get(address).content.decode()
    assert f"这里的 {found.used} 个账号都已自己设置口令" in text
    assert f"还有 {beyond} 个账号所任职务的权限超出您的权限" in text
    assert "生成口令条" not in text

    User.objects.filter(pk=house.users["member"].pk).update(password=initial_marker())
    text = client.get(address).content.decode()
    assert f"将打印 1 张口令条：这些账号还没有登录过。另有 {found.used - 1} 个账号已自己设置口令" in text
    assert f"还有 {beyond} 个账号" in text

    own = [user.pk for user in User.objects.all() if user.pk not in accounts_beyond(
        house.actor("branch_secretary"), User.objects.values_list("pk", flat=True))]  # fmt: skip
    Person.objects.unscoped("test").filter(user__in=own).exclude(pk=house.people["branch_secretary"].pk).update(
        user=None
    )
    Person.objects.unscoped("test").filter(pk=house.people["branch_secretary"].pk).update(active=False)
    text = client.get(address).content.decode()
    assert "口令条由上级发放" in text
    assert f"这里的 {beyond} 个账号" in text
    Person.objects.unscoped("test").update(user=None)
    assert "这里还没有账号" in house.login(Client(), "organisation_clerk").get(address).content.decode()


def test_leaving_does_not_end_a_post_that_is_not_the_actors_to_end(house: House) -> None:
    superior = house.people["battalion_secretary"]
    with pytest.raises(NotPermitted, match="您无权免去"):
        person_leave(actor=house.actor("branch_secretary"), person=superior, on=clock.today(), reason="调离本单位")
    superior.refresh_from_db()
    assert (superior.active, superior.tenures.get().until) == (True, None)
    assert grants(house.users["battalion_secretary"]) == 1
    person_leave(actor=house.actor("organisation_clerk"), person=superior, on=clock.today(), reason="调离本单位")
    assert grants(house.users["battalion_secretary"]) == 0


@pytest.mark.parametrize("reason", ["\u200b\u200b", "..", "——", "\u2060查", "　 　"])
def test_nothing_is_shown_for_a_reason_that_says_nothing(house: House, reason: str) -> None:
    with pytest.raises(DomainError, match="请写明理由"):
        person_reveal(
            actor=house.actor("branch_secretary"), person=house.people["plain_a"], field="phone", reason=reason
        )
    assert not AuditEntry.objects.filter(action="members.reveal", allowed=True).exists()


@pytest.mark.parametrize(("persona", "shown"), [("member", False), ("group_leader", False), ("branch_secretary", True)])
def test_the_list_shows_data_of_the_file_only_to_who_may_open_it(
    house: House, client: Client, persona: str, shown: bool
) -> None:
    PersonFactory(name="生于冬", number="A-OLD", unit=house.branch_a, birth_date=date(1961, 12, 24), id_number="",
                  native_place="漠河北极")  # fmt: skip
    house.login(client, persona)
    address = reverse("members:list")
    text = client.get(f"{address}?cols=name,number,birth,age,native,education,ethnicity,sex").content.decode()
    assert "A-OLD" in text
    assert ("1961-12-24" in text, "漠河北极" in text, "汉族" in text) == (shown, shown, shown)
    assert ("A-PLAIN" not in client.get(f"{address}?cols=number&age_from=60").content.decode()) == shown
    assert ("age_from" in text) == shown


def test_a_secretary_attached_elsewhere_reads_and_takes_out_only_his_own_branchs_data(
    house: House, client: Client
) -> None:
    person = house.people["branch_secretary"]
    person.attached_unit, person.attached_path = house.branch_b, house.branch_b.path
    person.save(update_fields=["attached_unit", "attached_path"])
    person.memberships.create(kind="attached", unit=house.branch_b, since=date(2026, 1, 1))
    PersonFactory(name="乙老", number="B-OLD", unit=house.branch_b, birth_date=date(1961, 12, 24), id_number="")
    PersonFactory(name="甲老", number="A-OLD", unit=house.branch_a, birth_date=date(1962, 1, 2), id_number="")
    house.login(client, "branch_secretary")
    address = reverse("members:list") + "?cols=number,birth&per=200"
    text = client.get(address).content.decode()
    assert ("B-OLD" in text, "A-OLD" in text, "1961-12-24" in text, "1962-01-02" in text) == (True, True, False, True)
    old = client.get(address + "&age_from=60").content.decode()
    assert ("B-OLD" in old, "A-OLD" in old) == (False, True)
    answer = client.get(address + "&export=xlsx")
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))
    numbers = {row[0] for row in book.active.iter_rows(values_only=True)}
    assert "A-OLD" in numbers
    assert not any(str(number).startswith("B-") for number in numbers)
