"""Named places."""

from django.db import models

from liaoyuan.kernel.db import IdModel


class Site(IdModel):
    """A named place with coordinates (点位). Longitude and latitude in degrees, WGS-84 as far as the roster says."""

    # Exempt from scoping: places are shared by all units; who is there is scoped.
    name = models.CharField("点位名称", max_length=80, unique=True)
    lon = models.FloatField("经度")
    lat = models.FloatField("纬度")
    active = models.BooleanField("在用", default=True)

    class Meta:
        verbose_name = "点位"
        constraints = [
            models.CheckConstraint(condition=models.Q(lon__gte=-180, lon__lte=180), name="site_lon_in_range"),
            models.CheckConstraint(condition=models.Q(lat__gte=-90, lat__lte=90), name="site_lat_in_range"),
        ]

    def __str__(self) -> str:
        return self.name
