"""Saying oneself where one is: by a named place, or on request by the device's position, rounded before it is kept."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from liaoyuan.foundation.audit import services as audit
from liaoyuan.kernel import bus, clock
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import DomainError, NotInScope
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.units.models import Site
from liaoyuan.organisation.whereabouts import rules
from liaoyuan.organisation.whereabouts.events import CheckedIn
from liaoyuan.organisation.whereabouts.models import CheckIn, Posting, PostingChange
from liaoyuan.organisation.whereabouts.policies import can_check_in
from liaoyuan.organisation.whereabouts.selectors.when import active_on
from liaoyuan.organisation.whereabouts.services.presence import presence_refresh

SAME_WITHIN = timedelta(minutes=2)  # a second press of the button says nothing new
NEAR_DEGREES = 0.1


def check_in(*, actor: Actor, site: UUID) -> CheckIn:
    """The actor says he is at ``site``. Raises NotPermitted without a file or the capability, DomainError for a place
    that is unknown or no longer used."""
    with unit_of_work():
        person = _myself(actor)
        place = Site.objects.filter(pk=site, active=True).first()
        if place is None:
            raise DomainError(_("这个点位不存在或已停用，请重新选择。"), field="site")
        return _record(actor, person, rules.Spot(place.lon, place.lat, place.pk), by_device=False, label=place.name)


def check_in_at(*, actor: Actor, lon: float, lat: float) -> CheckIn:
    """The actor says he is at this position; only the position rounded to ``checkin_precision_degrees`` is kept, in the
    row and in the audit trail. Raises as ``check_in`` does, and DomainError for what is no position."""
    with unit_of_work():
        person = _myself(actor)
        try:
            lon, lat = rules.round_position(lon, lat, settings.LIAOYUAN.checkin_precision_degrees)
        except ValueError as error:
            raise DomainError(_("设备给出的位置不对，请改用点位打卡。"), field="position") from error
        return _record(actor, person, rules.Spot(lon, lat), by_device=True, label=_("设备定位"))


def _myself(actor: Actor) -> Person:
    can_check_in(actor).require()
    person = (
        Person.objects.unscoped("one's own file")
        .select_for_update(no_key=True)
        .filter(pk=actor.person_id, active=True)
        .first()
    )
    if person is None:
        raise NotInScope()
    return person


def _record(actor: Actor, person: Person, spot: rules.Spot, *, by_device: bool, label: str) -> CheckIn:
    now = clock.now()
    last = CheckIn.objects.filter(person=person, at__gt=now - SAME_WITHIN).order_by("-at").first()
    if last is not None and (last.lon, last.lat, last.site_id) == (spot.lon, spot.lat, spot.site):
        return last
    row = CheckIn.objects.create(
        person=person, at=now, site_id=spot.site, lon=spot.lon, lat=spot.lat, by_device=by_device
    )
    _confirm_arrival(actor, person, spot)
    presence_refresh([person.pk])
    audit.record(
        actor,
        "whereabouts.check_in",
        object_type="whereabouts.checkin",
        object_id=row.pk,
        object_label=label,
        subject_id=person.pk,
        detail={"by_device": by_device},
    )
    bus.publish(CheckedIn(person.pk))
    return row


def _confirm_arrival(actor: Actor, person: Person, spot: rules.Spot) -> None:
    """Whoever says he is where he was posted to has arrived: nobody need confirm it again."""
    today = clock.today()
    rows = Posting.objects.unscoped("one's own postings").filter(active_on(today), person=person, confirmed_at=None)
    for posting in rows.select_related("site"):
        near = max(abs(posting.site.lon - spot.lon), abs(posting.site.lat - spot.lat)) <= NEAR_DEGREES
        if posting.site_id == spot.site or near:
            posting.confirmed_at = clock.now()
            posting.save(update_fields=["confirmed_at"])
            PostingChange.objects.create(
                posting=posting, person=person, verb="confirmed", by_name=actor.name[:80], reason=_("本人在该地打卡")
            )
