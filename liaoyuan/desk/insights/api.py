"""The map in the API: the same cells, scope and precision as the page."""

from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from liaoyuan.desk.insights.forms import MapForm, box_of, zoom_of
from liaoyuan.desk.insights.selectors.choices import unit_id
from liaoyuan.desk.insights.services.looking import map_look

router = Router(tags=["地图"])


class MapQuery(Schema):
    """What to show."""

    z: int = Field(3, ge=3, le=12, description="缩放级别：3 为全国，12 最细；无精确位置权限时不细于 0.1 度。")
    box: str = Field("", max_length=100, description="范围“西,南,东,北”，经纬度；自动放大到整格。")
    unit: str = Field(
        "", max_length=48, pattern=r"^[A-Za-z0-9-]*$", description="组织编码（如 /units 所列）；id 也可以。"
    )
    standing: str = Field("", max_length=16, description="政治面貌代码；member 为党员（正式、预备）。")
    rank: str = Field("", max_length=12, description="军衔名称。")
    purpose: str = Field("", max_length=36, description="外出事由的 id；any 为全部在外。")
    on: str = Field("", max_length=10, description="过去的一天 YYYY-MM-DD；留空为现在。")


class MapOut(Schema):
    """People counted by cell. Each cell: longitude, latitude, people, check-ins fresh/recent/stale, postings
    fresh/recent/stale, at home base, label, key."""

    as_of: str
    live: bool
    total: int
    away: int
    precise: bool
    names: bool
    cells: list[tuple[float, float, int, int, int, int, int, int, int, int, str, str]]


@router.get("/map", response=MapOut, summary="党员地图", operation_id="map")
def read_map(request: HttpRequest, query: Query[MapQuery]) -> dict[str, Any]:
    """Where the people of one's own scope are, counted by cell. Names are on the page only: looking is recorded, and so
    is narrowing the map until a handful is left."""
    actor = request.actor  # type: ignore[attr-defined]
    params = request.GET.copy()
    if query.unit:
        params["unit"] = unit_id(actor, query.unit)
    filters = MapForm(actor, params, shown=False).filters()
    return map_look(actor=actor, filters=filters, zoom=zoom_of(request.GET), box=box_of(request.GET)).as_json()
