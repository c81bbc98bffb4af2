"""Approved map bases that replace the shipped one."""

from django.db import models

from liaoyuan.foundation.files.models import StoredFile
from liaoyuan.kernel.clock import now
from liaoyuan.kernel.db import IdModel


class MapBase(IdModel):
    """One approved GeoJSON base, from its upload on. The newest row with ``ended_at`` empty is in use; where there is
    none, the shipped base is. ``review_number`` is the map's 审图号."""

    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField("摘要", max_length=64)
    review_number = models.CharField("审图号", max_length=40)
    features = models.PositiveIntegerField("要素数")
    uploaded_by = models.CharField("上传人", max_length=80)
    uploaded_at = models.DateTimeField("启用时间", default=now)
    ended_at = models.DateTimeField("停用时间", null=True, blank=True)

    # Exempt from scoping: a public drawing, the same for everybody.
    class Meta:
        verbose_name = "地图底图"
        constraints = [
            models.UniqueConstraint(
                fields=["digest"], condition=models.Q(ended_at__isnull=True), name="map_base_one_open_per_digest"
            )
        ]

    def __str__(self) -> str:
        return self.review_number
