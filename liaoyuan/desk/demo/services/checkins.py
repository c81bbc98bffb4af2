"""Check-ins of the last days, of every age, so that the map shows fresh, ageing and posting sparks."""

import random
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from liaoyuan.kernel.clock import now
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.organisation.whereabouts.models import CheckIn, Presence
from liaoyuan.organisation.whereabouts.rules import round_position
from liaoyuan.organisation.whereabouts.services.presence import presence_refresh

SHARE = 0.6
_AGES = ((0.35, 0.1, 8), (0.3, 8, 48), (0.2, 48, 200), (0.15, 200, 700))  # weight, youngest and oldest, in hours
_WHY = "check-ins of the demonstration"


def scatter(*, seed: int = 20261122) -> int:
    """Let some six in ten people have said where they are, at the place where they are anyway: some at the named site,
    some by their device nearby. Returns how many."""
    rng = random.Random(seed)  # noqa: S311  data for a demonstration
    moment = now()
    places = Presence.objects.unscoped(_WHY).order_by("person_id")
    rows = []
    for person, lon, lat, site, since in places.values_list("person_id", "lon", "lat", "site_id", "seen_at"):
        if rng.random() >= SHARE:
            continue
        _weight, low, high = rng.choices(_AGES, [age[0] for age in _AGES])[0]
        at = moment - timedelta(hours=rng.uniform(low, high))
        if at > since:
            rows.append(near(rng, person, lon, lat, site, at))
    with unit_of_work():
        CheckIn.objects.bulk_create(rows, batch_size=1000)
        presence_refresh([row.person_id for row in rows])
    return len(rows)


def near(rng: random.Random, person: UUID, lon: float, lat: float, site: UUID | None, at: datetime) -> CheckIn:
    """A check-in at the site, or (two in five) by the device within some ten kilometres, rounded as configured."""
    if site is not None and rng.random() < 0.6:
        return CheckIn(person_id=person, at=at, site_id=site, lon=lon, lat=lat, by_device=False)
    step = settings.LIAOYUAN.checkin_precision_degrees
    east = max(-179.0, min(179.0, lon + rng.gauss(0, 0.06)))
    north = max(-89.0, min(89.0, lat + rng.gauss(0, 0.05)))
    lon, lat = round_position(east, north, step)
    return CheckIn(person_id=person, at=at, lon=lon, lat=lat, by_device=True)
