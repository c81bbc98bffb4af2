from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from liaoyuan.kernel import bus, clock
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.members.tests.factories import House, PersonFactory, SiteFactory, UnitFactory
from liaoyuan.organisation.units.models import UnitKind
from liaoyuan.organisation.units.services.paths import subtrees_move
from liaoyuan.organisation.whereabouts.events import PresenceChanged
from liaoyuan.organisation.whereabouts.models import Presence
from liaoyuan.organisation.whereabouts.selectors.bases import home_bases, home_bases_at
from liaoyuan.organisation.whereabouts.services import presence
from liaoyuan.organisation.whereabouts.services.presence import (
    presence_differences,
    presence_refresh,
    presence_refresh_under,
)
from liaoyuan.organisation.whereabouts.tests.factories import CheckInFactory, PostingFactory

pytestmark = pytest.mark.django_db


def place(person: Person) -> tuple[Any, ...]:
    row = Presence.objects.get(pk=person.pk)
    return row.kind, row.site.name if row.site else None, row.purpose.name if row.purpose else None


def test_everybody_gets_a_place_and_running_again_changes_nothing(house: House):
    assert presence_refresh() == len(house.people)
    assert place(house.people["member"]) == ("home", "甲营区", None)
    assert presence_refresh() == 0
    assert presence_differences() == (len(house.people), 0)


def test_home_base_comes_from_the_nearest_ancestor_with_a_site(house: House):
    far = SiteFactory(name="分驻点", lon=98.5, lat=39.7)
    outpost = UnitFactory(parent=house.branch_a, kind=UnitKind.GROUP, site=far, code="X2")
    bare = UnitFactory(parent=house.battalion_b, code="Z9")  # no site of its own
    here = PersonFactory(unit=house.branch_a, group=outpost)
    there = PersonFactory(unit=bare)
    presence_refresh()
    assert place(here)[1] == "分驻点"
    assert place(there)[1] == "乙营区"


def test_active_posting_then_check_in_then_back_home(house: House):
    person = house.people["member"]
    posting = PostingFactory(person=person, since=date(2026, 11, 1))
    presence_refresh([person.pk])
    assert place(person) == ("posting", "西北驻训点", "驻训")
    CheckInFactory(person=person, at=clock.now() - timedelta(days=2))
    presence_refresh([person.pk])
    assert place(person) == ("checkin", "打卡点", "驻训")
    posting.ended_on = date(2026, 11, 22)
    posting.save()
    person.checkins.all().delete()
    presence_refresh([person.pk])
    row = Presence.objects.get(pk=person.pk)
    assert place(person) == ("home", "甲营区", None)
    assert timezone.localtime(row.seen_at).date() == date(2026, 11, 22)  # known since he came back


@pytest.mark.parametrize("since", [date.min, date(26, 11, 24), date(1990, 1, 1)])
def test_one_mistyped_day_does_not_stop_the_map_of_all(house: House, since: date):
    person = house.people["member"]
    person.memberships.update(since=since)
    assert presence_refresh() == len(house.people)
    assert place(person) == ("home", "甲营区", None)
    assert presence_refresh() == 0


def test_only_the_latest_check_in_before_now_counts(house: House):
    person, first = house.people["member"], SiteFactory(name="先", lon=110, lat=30)
    CheckInFactory(person=person, site=first, at=clock.now() - timedelta(days=9))
    CheckInFactory(person=person, at=clock.now() - timedelta(days=1))
    CheckInFactory(person=person, site=first, at=clock.now() + timedelta(days=1))
    presence_refresh()
    assert place(person)[1] == "打卡点"


def test_planned_and_past_postings_do_not_place_anybody(house: House):
    person = house.people["member"]
    PostingFactory(person=person, since=date(2026, 11, 23))
    PostingFactory(person=person, since=date(2026, 1, 1), planned_end=None, ended_on=date(2026, 2, 1))
    presence_refresh()
    assert place(person)[0] == "home"


def test_a_date_that_passes_moves_people_without_any_change(house: House):
    person = house.people["member"]
    PostingFactory(person=person, since=date(2026, 11, 23))
    presence_refresh()
    with clock.set_to(date(2026, 11, 23)):
        assert presence_refresh() == 1
        assert place(person)[0] == "posting"


def test_who_left_has_no_place(house: House):
    person = house.people["member"]
    presence_refresh()
    Person.objects.filter(pk=person.pk).update(active=False)
    assert presence_refresh([person.pk]) == 1
    assert not Presence.objects.filter(pk=person.pk).exists()


def test_standing_rank_and_attached_path_are_repeated(house: House):
    person = house.people["member"]
    Person.objects.filter(pk=person.pk).update(standing="probationary", rank="上士", attached_path=house.branch_b.path)
    presence_refresh()
    row = Presence.objects.get(pk=person.pk)
    assert (row.standing, row.rank, row.attached_path) == ("probationary", "上士", house.branch_b.path)
    assert row.home_path == house.group_a.path


def test_change_is_told_once_with_old_and_new_paths(house: House, django_capture_on_commit_callbacks: Any):
    presence_refresh()
    heard: list[PresenceChanged] = []
    bus.on(PresenceChanged, heard.append)
    person = house.people["member"]
    CheckInFactory(person=person)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            presence_refresh()
    finally:
        bus._after[PresenceChanged].remove(heard.append)
    assert heard == [PresenceChanged((person.pk,), (house.group_a.path,))]


def test_paths_follow_the_tree_in_the_same_transaction(house: House):
    presence_refresh()
    a, b = house.branch_a.path, house.branch_b.path
    subtrees_move(((a, b[:8] + "0007"),))
    row = Presence.objects.get(pk=house.people["member"].pk)
    assert row.home_path == b[:8] + "0007" + "0000"
    assert not Presence.objects.filter(home_path__startswith=a).exists()


def test_refresh_of_a_subtree_leaves_the_other_side_alone(house: House):
    presence_refresh_under(house.battalion_a.path)
    assert {row.home_path[:8] for row in Presence.objects.all()} == {house.battalion_a.path}


def test_refresh_costs_the_same_queries_for_many_as_for_few(house: House, django_assert_max_num_queries: Any):
    for _ in range(30):
        PersonFactory(unit=house.branch_a)
    with django_assert_max_num_queries(25):
        assert presence_refresh() == len(house.people) + 30


def test_midnight_is_the_instances_own(house: House):
    person = house.people["member"]
    PostingFactory(person=person, since=date(2026, 11, 22))
    CheckInFactory(person=person, at=timezone.make_aware(datetime(2026, 11, 21, 23, 59)))
    presence_refresh()
    assert place(person)[0] == "posting"


def test_a_few_people_do_not_cost_a_look_at_the_whole_tree(house: House):
    presence_refresh()
    for number in range(40):
        UnitFactory(code=f"X{number}", parent=house.battalion_b)
    CheckInFactory(person=house.people["member"])
    with CaptureQueriesContext(connection) as captured:
        presence_refresh([house.people["member"].pk])
    assert [query for query in captured if "units_unit" in query["sql"] and '"path" IN' not in query["sql"]] == []


def test_the_bases_of_a_few_units_are_those_of_the_whole_tree(house: House):
    everywhere = home_bases()
    for branch in (house.branch_a, house.branch_b):
        assert home_bases_at([branch.path])[branch.pk] == everywhere[branch.pk]
    lost = UnitFactory(code="Q")
    assert home_bases_at([lost.path]) == {lost.pk: None}
    assert lost.pk not in everywhere


def test_where_the_tree_moved_in_between_the_whole_of_it_is_read(house: House, monkeypatch: Any):
    monkeypatch.setattr(presence, "home_bases_at", lambda paths: {})
    assert presence_refresh([house.people["member"].pk]) == 1
    assert Presence.objects.get(person=house.people["member"]).site_id is not None
