"""The derived present place of each person."""

import secrets
from typing import ClassVar

from django.db import models

from liaoyuan.kernel.clock import now
from liaoyuan.kernel.db import PathField
from liaoyuan.kernel.scoping import Scope, ScopedManager
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.units.models import Site


class PresenceKind(models.TextChoices):
    """How we know: said by the person, from a posting, or the home base."""

    CHECKIN = "checkin", "本人打卡"
    POSTING = "posting", "派驻地点"
    HOME = "home", "所在驻地"


class Presence(models.Model):
    """Where one person is now, how we know, and since when we know it. Derived by ``whereabouts.rules``; rebuildable.
    ``purpose`` is set while the person is posted away, whatever the kind. The paths, the standing and the rank repeat
    the person's, so that the map groups one table. People who left or belong to no unit have no row."""

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.CASCADE, related_name="presence")
    kind = models.CharField(max_length=8, choices=PresenceKind.choices)
    site = models.ForeignKey(Site, null=True, on_delete=models.PROTECT, related_name="+")
    lon = models.FloatField()
    lat = models.FloatField()
    # The position in whole cells of 0.1 degrees, counted from -180 and -90: what the map groups by.
    gx = models.PositiveSmallIntegerField(default=0)
    gy = models.PositiveSmallIntegerField(default=0)
    seen_at = models.DateTimeField("得知时间")
    purpose = models.ForeignKey("whereabouts.Purpose", null=True, on_delete=models.PROTECT, related_name="+")
    home_path = PathField()
    attached_path = PathField(null=True)
    standing = models.CharField(max_length=16)
    rank = models.CharField(max_length=12, blank=True)

    scope: ClassVar[Scope] = Scope(
        paths=("home_path", "attached_path"), own="person_id", own_capabilities=frozenset({"insights.map"})
    )
    objects = ScopedManager()

    class Meta:
        indexes = [
            models.Index(fields=["home_path", "lon", "lat"], name="presence_home_path"),
            models.Index(fields=["attached_path"], name="presence_attached_path"),
            # In the order of the map's two GROUP BYs (home; away or checked in) and holding all they read: both
            # databases answer for a whole brigade from it without a sort.
            models.Index(
                fields=[
                    "kind",
                    "site",
                    "lon",
                    "lat",
                    "seen_at",
                    "purpose",
                    "home_path",
                    "attached_path",
                    "standing",
                    "rank",
                ],
                name="presence_places",
            ),
            models.Index(fields=["gx", "gy"], name="presence_grid"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind}"


def _token() -> int:
    return secrets.randbits(62)


class PresenceTick(models.Model):
    """Something in Presence changed: one row a change, so that nobody waits for anybody. Answers computed from the
    whole table are kept, and brought up to date by what the rows since say (``selectors.epoch``); old rows are pruned
    by the hour. ``moves`` is a list of [1 or -1, kind, site, lon, lat, seen_at, away] for the rows of Presence that
    came and went; null where they are too many or unknown: then all must be looked at again. ``token`` tells a tick
    from another one with the same key in a database that was put back to an older state."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(default=now, db_index=True)
    token = models.BigIntegerField(default=_token)
    moves = models.JSONField(null=True)

    # Exempt from scoping: it tells nothing about anybody.
    class Meta:
        verbose_name = "位置变动"

    def __str__(self) -> str:
        return str(self.pk)
