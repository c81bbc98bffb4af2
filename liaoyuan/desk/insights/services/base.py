"""Replacing the map's ground by an approved one, and going back to the shipped one."""

import hashlib
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from liaoyuan.desk.insights.geojson import MAX_BYTES, BaseReport, UnfitBaseError, read_base
from liaoyuan.desk.insights.models import MapBase
from liaoyuan.desk.insights.policies import can_replace_base
from liaoyuan.foundation.audit import services as audit
from liaoyuan.foundation.files.services import file_store_bytes
from liaoyuan.kernel import clock
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import Conflict, DomainError
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.units.models import Site

GATE = "insights.map_base"


def base_replace(*, actor: Actor, upload: Any, review_number: str) -> MapBase:
    """Put an approved GeoJSON base into use; what was in use before ends. Only what a map needs is kept of the file.

    Raises NotPermitted for anybody but the system administrator, DomainError with what is wrong in the file, Conflict
    where it is in use already."""
    with unit_of_work():
        can_replace_base(actor).require()
        number = " ".join(review_number.split())
        if not number:
            raise DomainError(_("请填写审图号：公开使用的地图须经审核。"), field="review_number")
        if upload.size > MAX_BYTES:
            raise DomainError(_("底图不能超过 20 MB。请先简化边界再上传。"), field="file")
        try:
            report, data = read_base(upload.read())
        except UnfitBaseError as error:
            raise DomainError(str(error), field="file") from error
        _check_covers(report)
        digest = hashlib.sha256(data).hexdigest()[:32]
        open_rows = MapBase.objects.select_for_update().filter(ended_at__isnull=True)
        if open_rows.filter(digest=digest).exists():
            raise Conflict(_("这份底图正在使用，没有改动。"))
        open_rows.update(ended_at=clock.now())
        stored = file_store_bytes(actor=actor, name="base.geojson", data=data, gate=GATE, gate_key=digest)
        row = MapBase.objects.create(
            file=stored, digest=digest, review_number=number[:40], features=report.features, uploaded_by=actor.name[:80]
        )
        audit.record(
            actor, "insights.base_replace", object_type="insights.mapbase", object_id=row.pk, object_label=number,
            detail={"digest": digest, "features": report.features, "points": report.points},
        )  # fmt: skip
        return row


def _check_covers(report: BaseReport) -> None:
    """Every place must lie on the base: one of another part of the earth would leave the sparks in the void."""
    west, south, east, north = report.bounds
    outside = Q(lon__lt=west) | Q(lon__gt=east) | Q(lat__lt=south) | Q(lat__gt=north)
    names = list(Site.objects.filter(outside, active=True).order_by("name").values_list("name", flat=True))
    if names:
        raise DomainError(
            _("这份底图的范围是经度 %(west)g 至 %(east)g、纬度 %(south)g 至 %(north)g，"
              "有 %(count)d 个点位不在图上（如%(name)s）。请上传包括全部点位的底图，通常是全国图。")
            % {
                "west": west, "east": east, "south": south, "north": north, "count": len(names), "name": names[0],
            },
            field="file",
        )  # fmt: skip


def base_revert(*, actor: Actor) -> None:
    """Go back to the shipped base. Raises Conflict where it is in use already."""
    with unit_of_work():
        can_replace_base(actor).require()
        ended = MapBase.objects.filter(ended_at__isnull=True).update(ended_at=clock.now())
        if not ended:
            raise Conflict(_("现在用的就是自带底图，没有改动。"))
        audit.record(actor, "insights.base_revert", object_type="insights.mapbase")
