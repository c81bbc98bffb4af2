"""A place that is renamed or set right: who is there moves with it at once, and open maps hear of it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from liaoyuan.kernel import bus, clock
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.tests.factories import House, PersonFactory, SiteFactory
from liaoyuan.organisation.units.models import Site
from liaoyuan.organisation.units.services import site_update
from liaoyuan.organisation.whereabouts import handlers
from liaoyuan.organisation.whereabouts.events import PresenceChanged
from liaoyuan.organisation.whereabouts.models import Presence
from liaoyuan.organisation.whereabouts.services.presence import presence_differences, presence_refresh
from liaoyuan.organisation.whereabouts.tests.factories import CheckInFactory, PostingFactory

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("测试")


@pytest.fixture
def heard() -> Iterator[list[PresenceChanged]]:
    found: list[PresenceChanged] = []
    bus.on(PresenceChanged, found.append)
    yield found
    bus._after[PresenceChanged].remove(found.append)


@pytest.fixture
def camp(house: House) -> Site:
    """Three of side a are there in the three ways one can be; side b is elsewhere."""
    camp = SiteFactory(name="驻训点丙", lon=100.45, lat=38.93)
    house.branch_a.site = camp
    house.branch_a.save()
    PostingFactory(person=house.people["member"], site=camp, since=clock.today() - timedelta(9))
    CheckInFactory(
        person=house.people["plain_a"], site=camp, lon=camp.lon, lat=camp.lat, at=clock.now() - timedelta(hours=1)
    )
    presence_refresh()
    return camp


def there(site: Site) -> dict[UUID, tuple[str, float, float, int, int]]:
    rows = Presence.objects.unscoped("test").filter(site=site)
    return {row.pk: (row.kind, row.lon, row.lat, row.gx, row.gy) for row in rows}


def change(site: Site, capture: Any, **values: Any) -> None:
    with capture(execute=True):
        site_update(actor=SYSTEM, site=site, **{"name": site.name, "lon": site.lon, "lat": site.lat, **values})


def test_who_is_at_a_place_moves_with_it(
    house: House, camp: Site, heard: list[PresenceChanged], django_capture_on_commit_callbacks: Any
):
    elsewhere = list(Presence.objects.unscoped("test").exclude(site=camp).order_by("pk").values())
    before = there(camp)
    assert {row[0] for row in before.values()} == {"checkin", "posting", "home"}
    change(camp, django_capture_on_commit_callbacks, lon=101.5, lat=37.25)
    assert there(camp) == {key: (row[0], 101.5, 37.25, 2815, 1272) for key, row in before.items()}
    assert list(Presence.objects.unscoped("test").exclude(site=camp).order_by("pk").values()) == elsewhere
    assert presence_differences()[1] == 0
    (event,) = heard
    assert set(event.person_ids) == set(before)
    assert all(path.startswith(house.battalion_a.path) for path in event.paths)


def test_a_new_name_reaches_open_maps_and_moves_nobody(
    house: House, camp: Site, heard: list[PresenceChanged], django_capture_on_commit_callbacks: Any
):
    before = there(camp)
    change(camp, django_capture_on_commit_callbacks, name="驻训点丁")
    assert there(camp) == before
    (event,) = heard
    assert all(path.startswith(house.battalion_a.path) for path in event.paths)
    assert event.paths


def test_a_place_without_anybody_concerns_no_map(
    camp: Site, heard: list[PresenceChanged], django_capture_on_commit_callbacks: Any
):
    change(SiteFactory(name="空点位"), django_capture_on_commit_callbacks, name="空着", lon=90.0)
    change(camp, django_capture_on_commit_callbacks)
    assert heard == []


def test_a_place_of_many_is_left_to_the_worker(
    house: House, camp: Site, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
):
    for _ in range(3):
        PersonFactory(unit=house.branch_a)
    presence_refresh()
    queued: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(handlers, "AT_ONCE", 3)
    monkeypatch.setattr(handlers, "enqueue", lambda name, **more: queued.append((name, more)))
    change(camp, django_capture_on_commit_callbacks, lon=101.5)
    assert queued == [("whereabouts.refresh", {"site": str(camp.pk)})]
    handlers_tasks(queued[0][1])
    assert {row[1] for row in there(camp).values()} == {101.5}


def handlers_tasks(arguments: dict[str, Any]) -> None:
    from liaoyuan.organisation.whereabouts.tasks import refresh

    refresh.func(**arguments)
