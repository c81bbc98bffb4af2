"""What is kept and brought up to date is always what counting afresh would say."""

import random
from datetime import datetime, timedelta
from typing import Any

import pytest

from liaoyuan.desk.insights.selectors import cells
from liaoyuan.desk.insights.selectors.live import LivePlaces
from liaoyuan.kernel import clock
from liaoyuan.organisation.members.tests.factories import House, SiteFactory
from liaoyuan.organisation.whereabouts.models import CheckIn, Presence, PresenceTick
from liaoyuan.organisation.whereabouts.selectors.epoch import presence_epoch, ticks_now, ticks_since
from liaoyuan.organisation.whereabouts.services import presence
from liaoyuan.organisation.whereabouts.services.presence import presence_refresh, presence_tell
from liaoyuan.organisation.whereabouts.tests.factories import CheckInFactory, PostingFactory

pytestmark = pytest.mark.django_db


class Counting:
    """Counts as the map does, and how often."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, now: datetime) -> list[Any]:
        self.times += 1
        return cells._counted(Presence.objects.unscoped("counted in a test"), now)


@pytest.fixture
def counting() -> Counting:
    return Counting()


@pytest.fixture
def live(counting: Counting, house: House) -> LivePlaces:
    found = LivePlaces(counting)
    found.places(clock.now())
    assert counting.times == 1
    return found


def same(live: LivePlaces) -> None:
    """Places and tenths are what a new count says."""
    afresh = LivePlaces(Counting())
    assert sorted(live.places(clock.now()), key=repr) == sorted(afresh.places(clock.now()), key=repr)

    def rounded(rows: list[Any]) -> list[Any]:
        return sorted(((*row[:8], round(row[8], 6), round(row[9], 6)) for row in rows), key=repr)

    assert rounded(live.tenths(clock.now())) == rounded(afresh.tenths(clock.now()))


def test_whatever_happens_within_the_hour_the_sums_are_those_of_a_new_count(
    house: House, live: LivePlaces, counting: Counting
):
    chance = random.Random(7)  # noqa: S311  the same dice every time
    people = list(house.people.values())
    sites = [SiteFactory(name=f"点{number}", lon=100 + number / 30, lat=30 + number / 30) for number in range(6)]
    ages = [0.1, 71.4, 71.9, 72.1, 719.2, 719.9]  # hours: around both bounds
    start = clock.now()
    for moment in (start + timedelta(minutes=number) for number in range(1, 59, 2)):
        with clock.set_to(moment):
            for person in chance.sample(people, 3):
                if chance.random() < 0.2:
                    PostingFactory(person=person, since=moment.date() - timedelta(days=chance.choice([1, 3, 30])))
                elif chance.random() < 0.2:
                    CheckIn.objects.filter(person=person).delete()
                else:
                    at = moment - timedelta(hours=chance.choice(ages))
                    CheckInFactory(person=person, site=chance.choice(sites), at=at)
                presence_refresh([person.pk])
            same(live)
    assert counting.times == 1


def test_ages_move_on_by_themselves(house: House, live: LivePlaces, counting: Counting):
    CheckInFactory(person=house.people["group_leader"], at=clock.now() - timedelta(hours=71, minutes=50))
    presence_refresh([house.people["group_leader"].pk])
    for later in (5, 9, 10, 11, 30):
        with clock.set_to(clock.now() + timedelta(minutes=later)):
            same(live)
    assert counting.times == 1


def test_after_an_hour_and_for_a_time_that_has_passed_all_is_counted(live: LivePlaces, counting: Counting):
    with clock.set_to(clock.now() + timedelta(minutes=61)):
        live.places(clock.now())
        assert counting.times == 2
    live.places(clock.now())
    assert counting.times == 3


def test_too_many_moves_to_tell_are_counted(house: House, live: LivePlaces, counting: Counting, monkeypatch: Any):
    monkeypatch.setattr(presence, "MAX_MOVES", 1)
    for name in ("group_leader", "plain_b"):
        CheckInFactory(person=house.people[name])
    presence_refresh([house.people["group_leader"].pk, house.people["plain_b"].pk])
    assert PresenceTick.objects.latest("pk").moves is None
    same(live)
    assert counting.times == 2


def test_an_import_is_counted_and_a_moved_unit_is_not(live: LivePlaces, counting: Counting):
    presence_tell(["0001"], same_places=True)
    live.places(clock.now())
    assert counting.times == 1
    presence_tell(["0001"])
    live.places(clock.now())
    assert counting.times == 2


def test_a_change_committed_late_is_not_missed(house: House, live: LivePlaces, counting: Counting):
    """PostgreSQL may commit a lower key after a higher one."""
    last = PresenceTick.objects.latest("pk").pk
    moved = [[1, "checkin", None, 110.0, 30.0, clock.now().isoformat(), False]]
    PresenceTick.objects.create(pk=last + 2, moves=[])
    live.places(clock.now())
    PresenceTick.objects.create(pk=last + 1, moves=moved)
    assert ("checkin", None, 110.0, 30.0, 1, 1, 0, 0) in live.places(clock.now())
    assert ("checkin", None, 110.0, 30.0, 1, 1, 0, 0) in live.places(clock.now())  # once, not twice
    assert counting.times == 1


def test_a_change_begun_before_the_count_and_committed_after_it_is_not_missed(house: House, counting: Counting):
    last = PresenceTick.objects.latest("pk").pk
    PresenceTick.objects.create(pk=last + 2, moves=[])
    live = LivePlaces(counting)
    live.places(clock.now())
    PresenceTick.objects.create(pk=last + 1, moves=[[1, "checkin", None, 110.0, 30.0, clock.now().isoformat(), False]])
    assert ("checkin", None, 110.0, 30.0, 1, 1, 0, 0) in live.places(clock.now())
    assert counting.times == 1


def test_a_change_committed_while_counting_is_counted_again(house: House):
    times: list[int] = []

    def count(now: datetime) -> list[Any]:
        times.append(1)
        if len(times) == 1:
            PresenceTick.objects.create(moves=[])
        return cells._counted(Presence.objects.unscoped("counted in a test"), now)

    live = LivePlaces(count)
    live.places(clock.now())
    live.places(clock.now())
    assert len(times) == 2


def test_where_it_never_stops_the_answer_is_given_and_nothing_is_kept(house: House):
    times: list[int] = []

    def count(now: datetime) -> list[Any]:
        times.append(1)
        PresenceTick.objects.create(moves=[])
        return cells._counted(Presence.objects.unscoped("counted in a test"), now)

    live = LivePlaces(count)
    assert sum(place[4] for place in live.places(clock.now())) == 12
    assert len(times) == 3
    live.places(clock.now())
    assert len(times) == 6


def test_a_database_put_back_to_an_older_state_is_counted(live: LivePlaces, counting: Counting):
    last = PresenceTick.objects.latest("pk")
    PresenceTick.objects.filter(pk=last.pk).update(token=last.token + 1)
    live.places(clock.now())
    assert counting.times == 2
    PresenceTick.objects.all().delete()
    live.places(clock.now())
    assert counting.times == 3


def test_who_leaves_a_place_where_nobody_was_counted_has_all_counted(live: LivePlaces, counting: Counting):
    PresenceTick.objects.create(moves=[[-1, "checkin", None, 1.0, 1.0, clock.now().isoformat(), False]])
    same(live)
    assert counting.times == 2


def test_other_bounds_of_age_are_counted(live: LivePlaces, counting: Counting, settings: Any):
    settings.LIAOYUAN = settings.LIAOYUAN.model_copy(update={"fresh_hours": 1})
    same(live)
    assert counting.times == 2


def test_what_a_tick_tells(house: House):
    seen = ticks_now()
    assert seen is not None
    before, person = presence_epoch(), house.people["group_leader"]
    row = CheckInFactory(person=person)
    presence_refresh([person.pk])
    found = ticks_since(seen)
    assert found is not None
    state, moved = found
    assert [(one.number, one.kind, one.site, one.away) for one in moved or ()] == [
        (-1, "home", house.battalion_a.site_id, False),
        (1, "checkin", row.site_id, False),
    ]
    assert ticks_since(state) == (state, [])
    assert presence_epoch() != before
