from datetime import date, timedelta
from typing import Any

import pytest

from liaoyuan.desk.insights.selectors.cells import map_answer
from liaoyuan.desk.insights.selectors.past import end_of
from liaoyuan.desk.insights.selectors.people import crowd
from liaoyuan.desk.insights.selectors.reach import Filters, reach_of
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import DomainError, NotInScope, NotPermitted
from liaoyuan.organisation.members.models import Membership, Person
from liaoyuan.organisation.members.tests.factories import House, PersonFactory, SiteFactory, UnitFactory
from liaoyuan.organisation.whereabouts.models import Posting, Presence
from liaoyuan.organisation.whereabouts.services.presence import presence_refresh
from liaoyuan.organisation.whereabouts.tests.factories import CheckInFactory, PostingFactory

pytestmark = pytest.mark.django_db


def by_label(answer: Any) -> dict[str, list[Any]]:
    return {row[10]: row[2:10] for row in answer.cells}


def test_whole_brigade_by_kind_and_freshness(house: House):
    answer = map_answer(house.actor("organisation_clerk"), Filters(), zoom=8)
    assert by_label(answer) == {
        "甲营区": [3, 0, 0, 0, 0, 0, 0, 3],
        "乙营区": [6, 0, 0, 0, 0, 0, 0, 6],
        "打卡点": [1, 1, 0, 0, 0, 0, 0, 0],
        "西北驻训点": [2, 0, 0, 0, 1, 0, 1, 0],
    }
    assert (answer.total, answer.away, answer.live, answer.precise, answer.names) == (12, 3, True, True, True)


def test_battalion_secretary_sees_none_of_the_other_side(house: House):
    a = map_answer(house.actor("battalion_secretary"), Filters(), zoom=8)
    b = map_answer(house.actor("battalion_secretary_b"), Filters(), zoom=8)
    assert by_label(a) == {
        "甲营区": [3, 0, 0, 0, 0, 0, 0, 3],
        "打卡点": [1, 1, 0, 0, 0, 0, 0, 0],
        "西北驻训点": [1, 0, 0, 0, 0, 0, 1, 0],
    }
    assert by_label(b) == {"乙营区": [6, 0, 0, 0, 0, 0, 0, 6], "西北驻训点": [1, 0, 0, 0, 1, 0, 0, 0]}


def test_the_branch_one_is_attached_to_sees_him_too(house: House):
    person = house.people["plain_a"]
    Person.objects.filter(pk=person.pk).update(attached_unit=house.branch_b, attached_path=house.branch_b.path)
    presence_refresh()
    answer = map_answer(house.actor("battalion_secretary_b"), Filters(), zoom=8)
    assert by_label(answer)["西北驻训点"][0] == 2


def test_large_cells_are_named_after_the_place_with_most_people(house: House):
    near = SiteFactory(name="近处", lon=101.2, lat=38.5)
    CheckInFactory(person=house.people["group_leader"], site=near)
    presence_refresh()
    answer = map_answer(house.actor("organisation_clerk"), Filters(), zoom=3)
    (row,) = [row for row in answer.cells if row[10] == "西北驻训点 等 2 处"]
    assert row[:3] == [pytest.approx((100.45 * 2 + 101.2) / 3), pytest.approx((38.93 * 2 + 38.5) / 3, abs=1e-4), 3]
    assert sum(row[2] for row in answer.cells) == 12


def test_coarse_viewer_gets_tenths_at_any_zoom_and_no_finer_cells(house: House):
    actor = house.actor("inspector")  # sees the brigade with names, without precise positions
    fine = map_answer(actor, Filters(), zoom=12)
    assert not fine.precise
    assert all(round(row[0], 1) == row[0] and round(row[1], 1) == row[1] for row in fine.cells)
    assert fine.cells == map_answer(actor, Filters(), zoom=8).cells
    assert all(row[11].startswith("1000.") for row in fine.cells)


def test_coarse_viewer_cannot_bisect_with_boxes(house: House):
    actor = house.actor("inspector")
    whole = map_answer(actor, Filters(), zoom=8, box="100.4,38.9,100.49,38.99")
    for box in ("100.41,38.91,100.42,38.92", "100.48,38.98,100.49,38.99"):  # the camp lies at 100.45, 38.93
        assert map_answer(actor, Filters(), zoom=12, box=box).cells == whole.cells


def test_precise_viewer_boxes_in_exactly_whole_cells(house: House):
    actor = house.actor("organisation_clerk")
    answer = map_answer(actor, Filters(), zoom=12, box="100.4,38.9,100.5,39")
    assert by_label(answer) == {"西北驻训点": [2, 0, 0, 0, 1, 0, 1, 0]}
    assert answer.cells[0][:2] == [100.45, 38.93]
    assert map_answer(actor, Filters(), zoom=12, box="80,20,81,21").cells == []


def test_precise_follows_what_is_shown(house: House):
    actor = house.actor("battalion_secretary")
    assert reach_of(actor, Filters()).precise
    assert not reach_of(house.actor("group_leader"), Filters()).precise


@pytest.mark.parametrize(
    ("filters", "total"),
    [
        ({"standing": "full"}, 12),
        ({"standing": "member"}, 12),
        ({"standing": "probationary"}, 0),
        ({"rank": "中士"}, 12),
        ({"rank": "上士"}, 0),
        ({"purpose": "any"}, 3),
    ],
)
def test_filters(house: House, filters: dict[str, str], total: int):
    assert map_answer(house.actor("organisation_clerk"), Filters(**filters), zoom=8).total == total


def test_filter_by_unit_and_purpose(house: House):
    actor = house.actor("organisation_clerk")
    purpose = str(Posting.objects.first().purpose_id)
    assert map_answer(actor, Filters(unit=house.battalion_a.pk), zoom=8).total == 5
    assert map_answer(actor, Filters(unit=house.battalion_a.pk, purpose=purpose), zoom=8).total == 2


def test_another_sides_unit_is_unknown(house: House):
    with pytest.raises(NotInScope):
        map_answer(house.actor("battalion_secretary"), Filters(unit=house.branch_b.pk), zoom=8)


@pytest.mark.parametrize("persona", ["system_admin", "security_admin", "audit_admin"])
def test_administrators_see_no_map(house: House, persona: str):
    with pytest.raises(NotPermitted):
        map_answer(house.actor(persona), Filters(), zoom=8)


def key_of(answer: Any, label: str) -> str:
    return next(row[11] for row in answer.cells if row[10] == label)


@pytest.mark.parametrize("zoom", [3, 5, 8, 9, 12])
def test_every_cell_opens_to_exactly_the_people_it_counts(house: House, zoom: int):
    actor = house.actor("organisation_clerk")
    answer = map_answer(actor, Filters(), zoom=zoom)
    for row in answer.cells:
        found = crowd(actor, Filters(), key=row[11])
        assert (found.count, found.named, len(found.people)) == (row[2], row[2], row[2])


def test_crowd_says_place_kind_and_age(house: House):
    actor = house.actor("battalion_secretary")
    found = crowd(actor, Filters(), key=key_of(map_answer(actor, Filters(), zoom=8), "打卡点"))
    (seen,) = found.people
    assert (seen.person.name, seen.place, seen.kind_label, seen.age, seen.freshness, seen.purpose) == (
        "甲战士", "打卡点", "本人打卡", "2 天前", "新近", "驻训",
    )  # fmt: skip


def test_names_only_as_far_as_the_capability(house: House):
    actor = house.actor("organisation_clerk")
    grants = dict(actor.grants) | {"insights.names": (house.battalion_a.path,)}
    narrow = type(actor)(user_id=actor.user_id, name=actor.name, person_id=actor.person_id, grants=grants)
    answer = map_answer(narrow, Filters(), zoom=8)
    assert not answer.names
    found = crowd(narrow, Filters(), key=key_of(answer, "西北驻训点"))
    assert (found.count, found.named, found.hidden) == (2, 1, 1)
    assert [seen.person.name for seen in found.people] == ["甲无账号"]
    assert found.why


def test_people_pages_of_fifty(house: House):
    for _ in range(60):
        PersonFactory(unit=house.branch_a)
    presence_refresh()
    actor = house.actor("battalion_secretary")
    key = key_of(map_answer(actor, Filters(), zoom=8), "甲营区")
    first, second = crowd(actor, Filters(), key=key), crowd(actor, Filters(), key=key, page=2)
    assert (first.count, len(first.people), first.pages, len(second.people)) == (63, 50, 2, 13)
    assert crowd(actor, Filters(), key=key, page=99).page == 2


def test_a_crowd_costs_the_same_queries_whatever_its_size(house: House, django_assert_max_num_queries: Any):
    actor = house.actor("battalion_secretary")
    key = key_of(map_answer(actor, Filters(), zoom=8), "甲营区")
    for _ in range(40):
        PersonFactory(unit=house.branch_a)
    presence_refresh()
    with django_assert_max_num_queries(8):
        crowd(actor, Filters(), key=key)
    with django_assert_max_num_queries(4):
        map_answer(actor, Filters(), zoom=8)


def test_a_foreign_or_broken_key_is_refused(house: House):
    with pytest.raises(DomainError):
        crowd(house.actor("inspector"), Filters(), key="20.140000.64000")


# The past: 12 people; on each day by hand.
@pytest.mark.parametrize(
    ("day", "expected", "away"),
    [
        # 30 September: nobody is away.
        (date(2026, 9, 30), {"甲营区": [5, 0, 0, 0, 0, 0, 0, 5], "乙营区": [7, 0, 0, 0, 0, 0, 0, 7]}, 0),
        # 1 October: the plain one has just left; known for less than 72 hours.
        (
            date(2026, 10, 1),
            {
                "甲营区": [4, 0, 0, 0, 0, 0, 0, 4],
                "乙营区": [7, 0, 0, 0, 0, 0, 0, 7],
                "西北驻训点": [1, 0, 0, 0, 1, 0, 0, 0],
            },
            1,
        ),
        # 10 November: the member went on the 1st (9 days: recent), the plain one 40 days ago (stale).
        (
            date(2026, 11, 10),
            {
                "甲营区": [3, 0, 0, 0, 0, 0, 0, 3],
                "乙营区": [7, 0, 0, 0, 0, 0, 0, 7],
                "西北驻训点": [2, 0, 0, 0, 0, 1, 1, 0],
            },
            2,
        ),
        # 20 November: the member checked in at noon of that day; side b's member left that day.
        (
            date(2026, 11, 20),
            {
                "甲营区": [3, 0, 0, 0, 0, 0, 0, 3],
                "乙营区": [6, 0, 0, 0, 0, 0, 0, 6],
                "打卡点": [1, 1, 0, 0, 0, 0, 0, 0],
                "西北驻训点": [2, 0, 0, 0, 1, 0, 1, 0],
            },
            3,
        ),
    ],
)
def test_past_days_against_days_counted_by_hand(house: House, day: date, expected: dict[str, Any], away: int):
    answer = map_answer(house.actor("organisation_clerk"), Filters(on=day), zoom=8)
    assert by_label(answer) == expected
    assert (answer.total, answer.away, answer.live) == (12, away, False)


def test_past_cells_open_to_the_people_they_count(house: House):
    actor = house.actor("organisation_clerk")
    for day in (date(2026, 9, 30), date(2026, 11, 20)):
        answer = map_answer(actor, Filters(on=day), zoom=8)
        for row in answer.cells:
            found = crowd(actor, Filters(on=day), key=row[11])
            assert (found.count, len(found.people)) == (row[2], row[2])


def test_on_the_day_of_return_he_is_back_in_the_past_as_well(house: House):
    person = house.people["group_leader"]
    PostingFactory(person=person, since=date(2026, 8, 1), planned_end=None, ended_on=date(2026, 8, 10))
    actor = house.actor("battalion_secretary")
    away = {day: map_answer(actor, Filters(on=date(2026, 8, day)), zoom=8).away for day in (1, 9, 10)}
    assert away == {1: 1, 9: 1, 10: 0}


def test_past_shows_who_belonged_then_and_only_to_whom_it_was_then(house: House):
    person = house.people["plain_a"]
    Posting.objects.filter(person=person).delete()
    Membership.objects.filter(person=person).update(until=date(2026, 11, 5))
    Membership.objects.create(person=person, kind="home", unit=house.branch_b, since=date(2026, 11, 5))
    a, b = house.actor("battalion_secretary"), house.actor("battalion_secretary_b")
    assert map_answer(a, Filters(on=date(2026, 11, 4)), zoom=8).total == 5
    assert map_answer(a, Filters(on=date(2026, 11, 5)), zoom=8).total == 4
    assert map_answer(b, Filters(on=date(2026, 11, 4)), zoom=8).total == 7
    assert map_answer(b, Filters(on=date(2026, 11, 5)), zoom=8).total == 8


def test_past_filters(house: House):
    actor = house.actor("organisation_clerk")
    day = date(2026, 11, 10)
    assert map_answer(actor, Filters(on=day, purpose="any"), zoom=8).total == 2
    assert map_answer(actor, Filters(on=day, unit=house.branch_b.pk), zoom=8).total == 7
    assert map_answer(actor, Filters(on=day, standing="full"), zoom=8).total == 12
    assert map_answer(actor, Filters(on=day, standing="member"), zoom=8).total == 12
    assert map_answer(actor, Filters(on=day, standing="activist"), zoom=8).total == 0
    assert map_answer(actor, Filters(on=day), zoom=8, box="100.4,38.9,100.5,39").total == 2


def test_yesterday_equals_what_the_live_map_said_at_its_end(house: House):
    CheckInFactory(person=house.people["group_leader"], at=clock.now() - timedelta(days=31))
    actor = house.actor("organisation_clerk")
    with clock.set_to(end_of(date(2026, 11, 21))):
        presence_refresh()
        live = map_answer(actor, Filters(), zoom=8).cells
    assert map_answer(actor, Filters(on=date(2026, 11, 21)), zoom=8).cells == live


def test_past_costs_a_constant_number_of_queries(house: House, django_assert_max_num_queries: Any):
    for _ in range(30):
        PostingFactory(person=PersonFactory(unit=house.branch_a))
    with django_assert_max_num_queries(8):
        map_answer(house.actor("organisation_clerk"), Filters(on=date(2026, 11, 1)), zoom=8)


def test_device_positions_are_labelled_as_such(house: House):
    person = house.people["group_leader"]
    CheckInFactory(person=person, site=None, lon=91.13, lat=29.65, by_device=True)
    presence_refresh()
    assert by_label(map_answer(house.actor("organisation_clerk"), Filters(), zoom=8))["设备定位"][:2] == [1, 1]


def test_people_without_any_home_base_are_not_on_the_map(house: House):
    lost = UnitFactory(code="Q")
    PersonFactory(unit=lost)
    assert presence_refresh() == 0
    assert Presence.objects.count() == 12


def test_the_whole_trees_places_are_remembered_until_something_changes(
    house: House, django_assert_max_num_queries: Any
):
    actor = house.actor("organisation_clerk")
    before = map_answer(actor, Filters(), zoom=8)
    with django_assert_max_num_queries(3):  # roots, epoch, names of places
        assert map_answer(actor, Filters(), zoom=8).cells == before.cells
    CheckInFactory(person=house.people["group_leader"])
    presence_refresh([house.people["group_leader"].pk])
    assert by_label(map_answer(actor, Filters(), zoom=8))["打卡点"] == [2, 2, 0, 0, 0, 0, 0, 0]


def test_remembered_places_grow_old_by_the_minute(house: House):
    actor = house.actor("organisation_clerk")
    assert by_label(map_answer(actor, Filters(), zoom=8))["打卡点"][1:3] == [1, 0]
    with clock.set_to(clock.now() + timedelta(hours=25)):
        assert by_label(map_answer(actor, Filters(), zoom=8))["打卡点"][1:3] == [0, 1]


def test_what_the_whole_tree_remembers_is_not_shown_to_a_part(house: House):
    map_answer(house.actor("organisation_clerk"), Filters(), zoom=8)
    assert map_answer(house.actor("battalion_secretary"), Filters(), zoom=8).total == 5
    assert map_answer(house.actor("organisation_clerk"), Filters(purpose="any"), zoom=8).total == 3
    assert map_answer(house.actor("organisation_clerk"), Filters(unit=house.battalion_a.pk), zoom=8).total == 5


def test_device_positions_do_not_blur_a_places_name(house: House):
    CheckInFactory(person=house.people["group_leader"], site=None, lon=117.39, lat=32.92, by_device=True)
    presence_refresh()
    actor = house.actor("organisation_clerk")
    answer = map_answer(actor, Filters(), zoom=8)
    assert by_label(answer)["甲营区"] == [3, 1, 0, 0, 0, 0, 0, 2]
    assert crowd(actor, Filters(), key=key_of(answer, "甲营区")).label == "甲营区"
