"""Saying oneself where one is."""

from django.db import models

from liaoyuan.kernel.clock import now
from liaoyuan.kernel.db import IdModel
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.units.models import Site


class CheckIn(IdModel):
    """A member said where he is, by choosing a site or, on request, by the device's position rounded as configured.
    Never recorded in the background."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="checkins", db_index=False)
    at = models.DateTimeField("时间", default=now)
    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.PROTECT, related_name="checkins")
    lon = models.FloatField("经度")
    lat = models.FloatField("纬度")
    by_device = models.BooleanField("设备定位", default=False)

    # Exempt from scoping: read only through its person, which is scoped.
    class Meta:
        verbose_name = "打卡"
        indexes = [models.Index(fields=["person", "-at"], name="checkin_person")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(lon__gte=-180, lon__lte=180, lat__gte=-90, lat__lte=90), name="checkin_in_range"
            )
        ]
