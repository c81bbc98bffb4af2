"""What was put off is quiet for whoever is responsible, and climbs all the same."""

from datetime import date, timedelta

import pytest

from liaoyuan.foundation.inbox.models import Item
from liaoyuan.kernel import clock
from liaoyuan.organisation.duties.models import Duty, Reminder
from liaoyuan.organisation.duties.services import duties_evaluate, duty_snooze, reminders_send
from liaoyuan.organisation.duties.tests.conftest import APPLIED, apply_on
from liaoyuan.organisation.members.tests.factories import House, PersonFactory, account_for, appoint, two_branches

DUE = date(2026, 11, 25)  # a month after APPLIED


@pytest.fixture
def house(db: None) -> House:
    """As ever, with a secretary at the top; evaluated and told on the last day."""
    with clock.set_to(DUE):
        found = two_branches()
        top = PersonFactory(unit=found.branch_b, name="旅政委", number="L-TOP")
        found.people["top"], found.users["top"] = top, account_for(top, "l-top")
        appoint(top, found.root, "secretary", "committee_secretary")
        apply_on(found.branch_a, "甲申请", APPLIED)
        apply_on(found.branch_b, "乙申请", APPLIED)
    tell(DUE)
    return found


def tell(on: date) -> int:
    with clock.set_to(on):
        duties_evaluate()
        return reminders_send()


def duty(name: str = "甲申请") -> Duty:
    return Duty.objects.unscoped("test").get(person__name=name, rule="DM-03")


def lists(name: str = "甲申请") -> set[str]:
    """On whose list it stands."""
    rows = Item.objects.filter(key=f"duty:{duty(name).pk}", done_at__isnull=True)
    return set(rows.values_list("user__person__name", flat=True))


def snooze(house: House, on: date, days: int, persona: str = "branch_secretary") -> None:
    with clock.set_to(on):
        until = on + timedelta(days=days)
        duty_snooze(actor=house.actor(persona), duty=duty(), until=until, reason="本人在外执行任务")


def test_the_ladder_goes_on_while_the_secretary_has_put_it_off(house: House) -> None:
    assert lists() == {"甲指导员"}
    snooze(house, DUE, 60)
    assert lists() == set()
    tell(DUE + timedelta(days=6))
    assert lists() == set()
    tell(DUE + timedelta(days=7))
    assert lists() == {"甲教导员"}
    tell(DUE + timedelta(days=30))
    assert lists() == {"甲教导员", "旅政委", "旅组织干事"}
    assert tell(DUE + timedelta(days=30)) == 0
    told = Reminder.objects.filter(duty=duty(), on__gt=DUE)
    points = {("甲教导员", "l0"), ("旅政委", "l1"), ("旅组织干事", "l2")}
    assert set(told.values_list("user__person__name", "point")) == points
    assert lists("乙申请") == {"乙指导员", "乙教导员", "旅政委", "旅组织干事"}  # nobody has put off the other side's


def test_putting_it_off_again_takes_it_off_nobody_s_list_but_his(house: House) -> None:
    tell(DUE + timedelta(days=7))
    assert lists() == {"甲指导员", "甲教导员"}
    for day in (7, 8, 60):
        snooze(house, DUE + timedelta(days=day), 60)
        assert "甲教导员" in lists()
        tell(DUE + timedelta(days=day))
        assert "甲指导员" not in lists()
    assert lists() == {"甲教导员", "旅政委", "旅组织干事"}


def test_it_is_back_on_his_list_once_the_time_is_over(house: House) -> None:
    snooze(house, DUE, 12)
    tell(DUE + timedelta(days=11))
    assert lists() == {"甲教导员"}
    tell(DUE + timedelta(days=12))  # no new point: the same rung, and he has not been told of it
    assert lists() == {"甲指导员", "甲教导员"}
    assert tell(DUE + timedelta(days=12)) == 0


def test_before_its_day_nobody_hears_of_what_was_put_off(house: House) -> None:
    snooze(house, DUE, 3)
    tell(DUE + timedelta(days=2))
    assert lists() == set()
    tell(DUE + timedelta(days=3))
    assert lists() == {"甲指导员"}
