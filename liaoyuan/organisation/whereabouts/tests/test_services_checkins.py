from datetime import timedelta
from uuid import uuid4

import pytest

from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import DomainError, NotInScope, NotPermitted
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.members.tests.factories import House
from liaoyuan.organisation.units.models import Site
from liaoyuan.organisation.whereabouts.models import CheckIn, Presence
from liaoyuan.organisation.whereabouts.services.checkins import check_in, check_in_at
from liaoyuan.organisation.whereabouts.tests.factories import TODAY, PostingFactory

pytestmark = pytest.mark.django_db


def me(house: House, persona: str = "group_leader") -> Actor:
    """An actor who may check in, whatever the membership role's source says."""
    actor = house.actor(persona)
    person = house.people[persona]
    return Actor(
        user_id=actor.user_id,
        name=actor.name,
        person_id=person.pk,
        grants={"whereabouts.check_in": (person.home_path,)},
    )


def test_choosing_a_place(house: House, camp: Site):
    row = check_in(actor=me(house), site=camp.pk)
    assert (row.lon, row.lat, row.site, row.by_device) == (100.45, 38.93, camp, False)
    place = Presence.objects.get(pk=row.person_id)
    assert (place.kind, place.site, place.seen_at) == ("checkin", camp, row.at)
    entry = AuditEntry.objects.get(action="whereabouts.check_in")
    assert (entry.subject_id, entry.object_label) == (row.person_id, "西北驻训点")


def test_the_exact_position_is_never_kept(house: House):
    row = check_in_at(actor=me(house), lon=91.123456, lat=29.654321)
    assert (row.lon, row.lat, row.site_id, row.by_device) == (91.12, 29.65, None, True)
    entry = AuditEntry.objects.get(action="whereabouts.check_in")
    assert "123" not in str(entry.detail) + entry.object_label


@pytest.mark.parametrize(("lon", "lat"), [(999, 0), (0, -91), (float("nan"), 0), (float("inf"), 0)])
def test_what_is_no_position_is_refused(house: House, lon: float, lat: float):
    with pytest.raises(DomainError):
        check_in_at(actor=me(house), lon=lon, lat=lat)
    assert CheckIn.objects.count() == 0


def test_a_double_press_is_one_check_in(house: House, camp: Site):
    first = check_in(actor=me(house), site=camp.pk)
    assert check_in(actor=me(house), site=camp.pk) == first
    with clock.set_to(clock.now() + timedelta(minutes=3)):
        assert check_in(actor=me(house), site=camp.pk) != first


def test_unknown_and_retired_places(house: House, camp: Site):
    camp.active = False
    camp.save()
    for key in (camp.pk, uuid4()):
        with pytest.raises(DomainError):
            check_in(actor=me(house), site=key)
    assert CheckIn.objects.count() == 0


def test_who_has_no_file_no_right_or_left_cannot(house: House, camp: Site):
    with pytest.raises(NotPermitted):
        check_in(actor=house.actor("system_admin"), site=camp.pk)
    bare = Actor(user_id=None, name="x", person_id=house.people["member"].pk)
    with pytest.raises(NotPermitted):
        check_in(actor=bare, site=camp.pk)
    actor = me(house)
    Person.objects.filter(pk=actor.person_id).update(active=False)
    with pytest.raises(NotInScope):
        check_in(actor=actor, site=camp.pk)
    assert CheckIn.objects.count() == 0


def test_checking_in_where_one_was_posted_confirms_the_arrival(house: House, camp: Site):
    posting = PostingFactory(person=house.people["group_leader"], site=camp)
    check_in_at(actor=me(house), lon=100.46, lat=38.95)
    posting.refresh_from_db()
    assert posting.confirmed_at is not None
    assert [change.verb for change in posting.changes.all()] == ["confirmed"]


def test_checking_in_elsewhere_confirms_nothing(house: House, camp: Site):
    posting = PostingFactory(person=house.people["group_leader"], site=camp, since=TODAY)
    check_in_at(actor=me(house), lon=101.46, lat=38.95)
    posting.refresh_from_db()
    assert posting.confirmed_at is None
