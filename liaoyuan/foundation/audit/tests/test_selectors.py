"""Who reads what of the trail."""

from datetime import datetime

import pytest
from django.utils import timezone

from liaoyuan.foundation.audit.selectors import Search, last_proof, looks_a_day, lookups_of, narrow, trail, trail_size
from liaoyuan.foundation.audit.services import chain_verify, read, record
from liaoyuan.foundation.audit.tests.factories import actor, auditor, person
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import NotInScope, NotPermitted
from liaoyuan.kernel.ids import new_id

pytestmark = pytest.mark.django_db


def labels(**search) -> list[str]:
    return [row.object_label for row in narrow(trail(auditor()), Search(**search))]


@pytest.mark.parametrize("who", [actor("system.manage"), actor("members.view_file"), actor()])
def test_nobody_but_the_audit_administrator_reads_the_trail(who):
    record(actor(), "a.b")
    for look in (lambda: trail(who), lambda: trail_size(who), lambda: last_proof(who)):
        with pytest.raises(NotPermitted):
            look()


def test_the_trail_is_searched_by_every_column():
    li, zhang = actor(name="李干事"), actor(name="张书记")
    about = new_id()
    record(li, "units.rename", object_label="一连党支部", reason="更名")
    record(li, "members.view_file", object_label="王大力", subject_id=about)
    record(zhang, "members.view_file", object_label="赵小兵", allowed=False, reason="不在范围")
    assert labels() == ["赵小兵", "王大力", "一连党支部"]
    assert labels(actor_name="李") == ["王大力", "一连党支部"]
    assert labels(actor_ids=(zhang.user_id,)) == ["赵小兵"]
    assert labels(actor_ids=()) == []
    assert labels(subject_ids=(about,)) == ["王大力"]
    assert labels(action="units.rename") == ["一连党支部"]
    assert labels(allowed=False) == ["赵小兵"]
    assert labels(allowed=True, action="members.view_file") == ["王大力"]
    assert labels(text="范围") == ["赵小兵"]
    assert labels(text="大力") == ["王大力"]
    assert labels(text="100%") == []


def test_days_are_the_instances_own_and_both_included():
    zone = timezone.get_default_timezone()
    for moment, label in (
        (datetime(2026, 11, 21, 23, 59, tzinfo=zone), "前夜"),
        (datetime(2026, 11, 22, 0, 0, 1, tzinfo=zone), "清晨"),
        (datetime(2026, 11, 22, 23, 59, tzinfo=zone), "深夜"),
        (datetime(2026, 11, 23, 0, 0, 1, tzinfo=zone), "次日"),
    ):
        with clock.set_to(moment):
            record(actor(), "a.b", object_label=label)
    day = datetime(2026, 11, 22, tzinfo=zone).date()
    assert labels(since=day, until=day) == ["深夜", "清晨"]
    assert labels(until=day) == ["深夜", "清晨", "前夜"]


def test_text_without_a_first_day_looks_back_ninety_days():
    zone = timezone.get_default_timezone()
    for moment, label in (
        (datetime(2026, 8, 1, tzinfo=zone), "很久以前"),
        (datetime(2026, 11, 1, tzinfo=zone), "不久前"),
    ):
        with clock.set_to(moment):
            record(actor(name="李干事"), "a.b", object_label=label)
    with clock.set_to(datetime(2026, 11, 22, tzinfo=zone)):
        assert labels(text="前") == ["不久前"]
        assert labels(actor_name="李") == ["不久前"]
        assert labels() == ["不久前", "很久以前"]
        assert labels(text="前", since=datetime(2026, 1, 1, tzinfo=zone).date()) == ["不久前", "很久以前"]


def test_the_size_and_the_last_proof_cost_one_query_each(django_assert_num_queries):
    record(actor(), "a.b")
    chain_verify(actor=auditor())
    with django_assert_num_queries(1):
        assert trail_size(auditor()) == 2
    with django_assert_num_queries(1):
        assert last_proof(auditor()).detail["checked"] == 1


def test_a_person_sees_who_looked_at_him_and_not_himself():
    me, other = person("王大力"), person("赵小兵")
    mine = actor(name="王大力", person_id=me.id)
    clerk = actor(name="李干事")
    read(clerk, "members.view_file", me)
    read(clerk, "members.view_file", other)
    read(mine, "members.view_file", me)
    record(clerk, "members.view_file", subject_id=me.id, object_label="被拒", allowed=False)
    assert [(row.actor_name, row.allowed) for row in lookups_of(mine, me.id)] == [("李干事", False), ("李干事", True)]


def test_nobody_sees_the_look_ups_of_another():
    me, other = person(), person()
    read(actor(), "members.view_file", other)
    for who in (actor(person_id=me.id), auditor(), actor("members.view_file")):
        with pytest.raises(NotInScope):
            lookups_of(who, other.id)
    with pytest.raises(NotInScope):
        lookups_of(actor(), None)


def test_looks_are_counted_by_local_day(django_assert_num_queries):
    me, zone = person(), timezone.get_default_timezone()
    mine = actor(name="我", person_id=me.id)
    for moment in (
        datetime(2026, 11, 19, 23, 59, tzinfo=zone),  # before the three days
        datetime(2026, 11, 20, 0, 1, tzinfo=zone),
        datetime(2026, 11, 22, 0, 1, tzinfo=zone),  # the 21st in UTC
        datetime(2026, 11, 22, 11, 0, tzinfo=zone),
    ):
        with clock.set_to(moment):
            read(actor(), "members.view_file", me)
            read(mine, "members.view_file", me)
            read(actor(), "members.view_file", person())
    with clock.set_to(datetime(2026, 11, 22, 12, 0, tzinfo=zone)):
        with django_assert_num_queries(1):
            assert looks_a_day(mine, days=3) == (1, 0, 2)
        assert looks_a_day(actor(), days=3) == (0, 0, 0)
