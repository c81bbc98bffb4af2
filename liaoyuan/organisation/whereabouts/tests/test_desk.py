from datetime import date
from typing import Any

import pytest

from liaoyuan.kernel import registry
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.members.tests.factories import House, PersonFactory, UnitFactory
from liaoyuan.organisation.units.models import Site
from liaoyuan.organisation.whereabouts import desk
from liaoyuan.organisation.whereabouts.models import Presence, Purpose
from liaoyuan.organisation.whereabouts.selectors.postings import trend
from liaoyuan.organisation.whereabouts.services.presence import presence_refresh
from liaoyuan.organisation.whereabouts.services.reference import purposes_load
from liaoyuan.organisation.whereabouts.tests.factories import PostingFactory

pytestmark = pytest.mark.django_db


def test_todos_of_who_registers_postings(house: House):
    PostingFactory(person=house.people["member"], planned_end=date(2026, 11, 10))
    PostingFactory(person=house.people["member_b"], planned_end=date(2026, 11, 10))
    late, waiting = desk.todos(house.actor("branch_secretary"))
    assert late.title == "逾期未归：甲战士（驻训 · 西北驻训点）"
    assert (late.severity, late.due, late.count) == (3, date(2026, 11, 10), 1)
    assert waiting.title.startswith("外出未确认到位：甲战士")


def test_todos_of_many_are_one_line_with_names_and_number(house: House):
    for number in range(5):
        PostingFactory(person=PersonFactory(unit=house.branch_a, name=f"测试{number}"), planned_end=date(2026, 11, 10))
    late, _ = desk.todos(house.actor("branch_secretary"))
    assert late.count == 5
    assert late.title.endswith("等 5 人")


def test_ones_own_arrival_is_ones_own_todo(house: House):
    PostingFactory(person=house.people["member"])
    (todo,) = desk.todos(house.actor("member"))
    assert (todo.title, todo.action) == ("确认到位：驻训 · 西北驻训点", "打卡")


def test_todos_cost_a_constant_number_of_queries(house: House, django_assert_max_num_queries: Any):
    for _ in range(20):
        PostingFactory(person=PersonFactory(unit=house.branch_a), planned_end=date(2026, 11, 10))
    actor = house.actor("branch_secretary")
    with django_assert_max_num_queries(3):
        list(desk.todos(actor))


def test_trend_is_computed_from_facts_day_by_day(house: House):
    PostingFactory(person=house.people["member"], since=date(2026, 11, 18), planned_end=date(2026, 11, 20))
    PostingFactory(
        person=house.people["plain_a"], since=date(2026, 11, 10), planned_end=None, ended_on=date(2026, 11, 19)
    )
    PostingFactory(person=house.people["member_b"], since=date(2026, 11, 1))
    found = trend(house.actor("battalion_secretary"), days=6)  # 17 … 22 November
    assert found == {
        "away": (1, 2, 1, 1, 1, 1),
        "overdue": (0, 0, 0, 0, 1, 1),
        "back": (0, 0, 1, 0, 0, 0),
    }


def test_tiles_say_nothing_to_who_may_not_know(house: House):
    PostingFactory(person=house.people["member"], planned_end=date(2026, 11, 10))
    tile = desk.tile_overdue(house.actor("battalion_secretary"))
    assert tile is not None
    assert (tile.value, tile.unit, len(tile.trend)) == (1, "人", 14)
    assert desk.tile_away(house.actor("system_admin")) is None


def test_tab_of_the_file_for_who_sees_postings_and_oneself(house: House):
    person = house.people["member"]
    PostingFactory(person=person)
    presence_refresh()
    shown = desk.tab(house.actor("battalion_secretary"), person)
    assert shown is not None
    assert (shown["where"].place, shown["total_days"], shown["may_post"]) == ("西北驻训点", 53, True)
    own = desk.tab(house.actor("member"), person)
    assert own is not None
    assert own["may_post"] is False
    assert desk.tab(house.actor("battalion_secretary_b"), person) is None
    assert [item["title"] for item in desk.timeline(house.actor("member"), person)] == ["外出：驻训 · 西北驻训点"]


def test_data_problems_of_ones_own_side(house: House):
    person, other = house.people["member"], house.people["member_b"]
    for who in (person, other):
        PostingFactory(person=who, since=date(2026, 10, 1))
        PostingFactory(person=who, since=date(2026, 11, 1))
    PostingFactory(person=house.people["plain_a"], attached_unit=house.branch_b)
    titles = [problem.title for problem in desk.data_problems(house.actor("battalion_secretary"))]
    assert titles == [
        "甲战士 有两次外出日期重叠",
        "甲无账号 外出登记写了挂靠“乙营一连党支部”，但没有挂靠上",
    ]


def test_branches_without_a_base_are_a_data_problem(house: House):
    Site.objects.all()
    for unit in (house.root, house.battalion_a, house.branch_a):
        unit.site = None
        unit.save()
    titles = [problem.title for problem in desk.data_problems(house.actor("battalion_secretary"))]
    assert titles == ["“甲营一连党支部”及上级都没有驻地，人员不能显示在地图上"]


def test_return_and_departure_on_one_day_are_no_problem(house: House):
    person = house.people["member"]
    PostingFactory(person=person, since=date(2026, 10, 1), planned_end=None, ended_on=date(2026, 10, 20))
    PostingFactory(person=person, since=date(2026, 10, 20))
    assert list(desk.data_problems(house.actor("battalion_secretary"))) == []


def test_proof_names_how_many_places_are_wrong(house: House):
    presence_refresh()
    assert desk.presence_proof().ok
    Presence.objects.filter(pk=house.people["member"].pk).update(lon=0)
    Presence.objects.filter(pk=house.people["plain_a"].pk).delete()
    proof = desk.presence_proof()
    assert (proof.ok, proof.checked) == (False, len(house.people))
    assert "2 人" in proof.sentence


def test_everything_is_registered():
    assert "whereabouts" in {check.key for check in registry.data_checks()}
    assert "whereabouts.presence" in {proof.key for proof in registry.proofs()}
    assert "whereabouts" in {tab.key for tab in registry.profile_tabs()}


def test_purposes_are_loaded_once_and_keep_what_a_roster_brought():
    Purpose.objects.all().delete()
    Purpose.objects.create(name="试验事由")
    assert purposes_load() == 16
    assert purposes_load() == 0
    assert next(iter(Purpose.objects.all())).name == "驻训"
    assert Purpose.objects.filter(name="试验事由").exists()


def test_unplaced_people_are_counted_nowhere(house: House):
    PersonFactory(unit=UnitFactory(code="QQ"))
    presence_refresh()
    assert Person.objects.count() == Presence.objects.count() + 1
