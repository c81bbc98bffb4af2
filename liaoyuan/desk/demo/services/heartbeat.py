"""The demonstration's heart: a few people say every minute where they are, so that the live map lives."""

import random
from datetime import timedelta
from typing import Any

from django.conf import settings

from liaoyuan.desk.demo.services.checkins import near
from liaoyuan.desk.demo.services.loading import loaded
from liaoyuan.kernel.clock import now
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.organisation.whereabouts.models import CheckIn, Presence
from liaoyuan.organisation.whereabouts.services.presence import presence_refresh

PEOPLE = 6
KEEP_DAYS = 40
_WHY = "the demonstration's heartbeat"


def beat() -> int:
    """Let a few people check in near where they are. Does nothing in an instance that is no demonstration. Check-ins
    too old to matter are removed: a demonstration left running must not grow for ever."""
    if not settings.LIAOYUAN.demo or not loaded():
        return 0
    rng = random.Random()  # noqa: S311  data for a demonstration
    rows = Presence.objects.unscoped(_WHY)
    total = rows.count()
    if not total:
        return 0
    chosen: list[tuple[Any, float, float, Any]] = []
    for _number in range(min(PEOPLE, total)):
        start = rng.randrange(total)
        chosen += rows.order_by("person_id").values_list("person_id", "lon", "lat", "site_id")[start : start + 1]
    found = {row[0]: row for row in chosen}
    with unit_of_work():
        CheckIn.objects.bulk_create(near(rng, *row, now()) for row in found.values())
        presence_refresh(list(found))
        CheckIn.objects.filter(at__lt=now() - timedelta(days=KEEP_DAYS)).delete()
    return len(found)
