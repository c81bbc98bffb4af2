"""谁看过我的档案."""

from datetime import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from liaoyuan.foundation.audit.services import read, record, record_many, register_labels
from liaoyuan.kernel import clock

pytestmark = pytest.mark.django_db
ADDRESS = reverse("oversight:my_lookups")


def test_looks_are_told_by_day_with_name_unit_and_words(house, browser):
    register_labels({"members.view_file": "查看档案"})  # as members does
    me, zone = house.people["member"], timezone.get_default_timezone()
    with clock.set_to(datetime(2026, 11, 21, 9, 0, tzinfo=zone)):
        read(house.actor("branch_secretary"), "members.view_file", me, reason="谈话前了解情况")
    with clock.set_to(datetime(2026, 11, 22, 8, 30, tzinfo=zone)):
        record_many(house.actor("organisation_clerk"), "tests.unnamed", [me, house.people["member_b"]])
        record(house.actor("group_leader_b"), "web.refused", subject_id=me.pk, allowed=False, reason="没有权限")
    response = browser("member").get(ADDRESS)
    days = [(f"{day}", [(look.who, look.unit, look.what) for look in looks]) for day, looks in response.context["days"]]
    assert days == [
        (
            "2026-11-22",
            [("乙班长", "乙营一连党支部", "访问页面"), ("旅组织干事", "乙营一连党支部", "tests.unnamed")],
        ),
        ("2026-11-21", [("甲指导员", "甲营一连党支部", "查看档案")]),
    ]
    text = response.content.decode()
    assert "11月21日" in text
    assert "谈话前了解情况" in text
    assert "被拒绝" in text
    assert "10.0.0" not in text  # addresses are the audit administrator's


def test_others_look_ups_and_my_own_acts_are_not_shown(house, browser):
    read(house.actor("branch_secretary_b"), "members.view_file", house.people["member_b"])
    read(house.actor("member"), "members.view_file", house.people["member"])
    response = browser("member").get(ADDRESS)
    assert response.context["days"] == []
    assert "还没有人看过您的档案" in response.content.decode()


@pytest.mark.parametrize("persona", ["system_admin", "security_admin", "audit_admin"])
def test_who_has_no_file_gets_404_and_no_menu_entry(browser, persona):
    client = browser(persona)
    assert client.get(ADDRESS).status_code == 404
    assert ADDRESS not in client.get(reverse("home:index")).content.decode()


def test_everybody_with_a_file_has_the_entry(browser):
    assert ADDRESS in browser("member").get(reverse("home:index")).content.decode()


def test_many_looks_cost_as_much_as_few(house, browser, django_assert_max_num_queries):
    client, me = browser("member"), house.people["member"]
    counts = []
    for personas in (["branch_secretary"], ["inspector", "organisation_clerk", "battalion_secretary"]):
        for persona in personas:
            read(house.actor(persona), "members.view_file", me)
        client.get(ADDRESS)
        with django_assert_max_num_queries(20) as found:
            client.get(ADDRESS)
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_pages_turn(house, browser):
    clerk = house.actor("organisation_clerk")
    record_many(clerk, "members.view_file", [house.people["member"]] * 60)
    client = browser("member")
    assert [sum(len(looks) for _day, looks in client.get(ADDRESS, {"page": n}).context["days"]) for n in (1, 2)] == [
        50,
        10,
    ]
