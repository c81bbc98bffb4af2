"""Reading an uploaded map base: is it a drawable map of the right part of the earth? Pure; refuses in words."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

MAX_BYTES = 20 * 1024 * 1024
MAX_FEATURES = 5_000
MAX_POINTS = 1_000_000
MAX_NAME = 60
AREAL = {"Polygon": 2, "MultiPolygon": 3}
LINEAR = {"LineString": 1, "MultiLineString": 2}


class UnfitBaseError(ValueError):
    """Not a base; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class BaseReport:
    """What a good base holds."""

    features: int
    polygons: int
    lines: int
    points: int
    bounds: tuple[float, float, float, float]  # west, south, east, north of the polygons, degrees


def read_base(data: bytes) -> tuple[BaseReport, bytes]:
    """Check ``data`` and return what it holds and the cleaned file: only geometry, names and centres are kept, with
    three decimals (a hundred metres). Raises UnfitBaseError."""
    if len(data) > MAX_BYTES:
        raise UnfitBaseError("底图不能超过 20 MB。请先简化边界再上传。")
    try:
        raw = json.loads(data.decode("utf-8-sig"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise UnfitBaseError("这不是可读的 GeoJSON 文件（须为 UTF-8 编码的 JSON）。") from error
    if not isinstance(raw, dict) or raw.get("type") != "FeatureCollection" or not isinstance(raw.get("features"), list):
        raise UnfitBaseError("文件最外层应是 FeatureCollection，里面有 features 列表。")
    items = raw["features"]
    if not 1 <= len(items) <= MAX_FEATURES:
        raise UnfitBaseError(f"要素数应在 1 到 {MAX_FEATURES} 之间，实为 {len(items)}。")
    features, polygons, lines, points = [], 0, 0, 0
    corners: list[list[float]] = []
    for number, item in enumerate(items, start=1):
        feature, kind, count = _feature(item, number)
        features.append(feature)
        polygons += kind in AREAL
        lines += kind in LINEAR
        points += count
        if kind in AREAL:
            corners.extend(_points(feature["geometry"]["coordinates"], AREAL[kind]))
        if points > MAX_POINTS:
            raise UnfitBaseError(f"坐标点超过 {MAX_POINTS} 个，手持终端画不动。请先简化边界再上传。")
    if not polygons:
        raise UnfitBaseError("文件里没有一个面（Polygon 或 MultiPolygon），画不出省界。")
    cleaned = {"type": "FeatureCollection", "features": features}
    text = json.dumps(cleaned, ensure_ascii=False, separators=(",", ":"))
    across, up = [corner[0] for corner in corners], [corner[1] for corner in corners]
    bounds = (min(across), min(up), max(across), max(up))
    return BaseReport(len(features), polygons, lines, points, bounds), text.encode()


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no coordinate")


def _feature(item: Any, number: int) -> tuple[dict[str, Any], str, int]:
    where = f"第 {number} 个要素"
    if not isinstance(item, dict) or item.get("type") != "Feature" or not isinstance(item.get("geometry"), dict):
        raise UnfitBaseError(f"{where}不是带 geometry 的 Feature。")
    geometry = item["geometry"]
    kind = geometry.get("type")
    depth = {**AREAL, **LINEAR}.get(kind) if isinstance(kind, str) else None
    if depth is None:
        raise UnfitBaseError(
            f"{where}的类型是 {kind!r:.30}；底图只收面和线（Polygon、MultiPolygon、LineString、MultiLineString）。"
        )
    given = item.get("properties")
    properties: dict[str, Any] = given if isinstance(given, dict) else {}
    name = properties.get("name", "")
    if not isinstance(name, str) or len(name) > MAX_NAME or any(ord(letter) < 32 for letter in name):
        raise UnfitBaseError(f"{where}的 name 应是不超过 {MAX_NAME} 个字的文字。")
    if kind in AREAL and not name.strip():
        raise UnfitBaseError(f"{where}是面，但没有 name。请补上名称。")
    coordinates = _clean(geometry.get("coordinates"), depth, where, ring=kind in AREAL)
    kept: dict[str, Any] = {"name": name.strip()}
    center = properties.get("center") or properties.get("centroid")
    if isinstance(center, list) and len(center) == 2:
        kept["center"] = _point(center, where)
    if properties.get("kind") == "maritime":
        kept["kind"] = "maritime"
    count = sum(1 for _ in _points(coordinates, depth))
    return (
        {"type": "Feature", "properties": kept, "geometry": {"type": kind, "coordinates": coordinates}},
        str(kind),
        count,
    )


def _clean(node: Any, depth: int, where: str, *, ring: bool) -> list[Any]:
    """The same coordinates, checked and rounded. ``depth`` levels of lists lie above a point."""
    if not isinstance(node, list) or not node:
        raise UnfitBaseError(f"{where}的坐标不完整。")
    if depth > 1:
        return [_clean(part, depth - 1, where, ring=ring) for part in node]
    found = [_point(part, where) for part in node]
    if len(found) < (4 if ring else 2):
        raise UnfitBaseError(f"{where}有一圈边界少于 {4 if ring else 2} 个点。")
    if ring and found[0] != found[-1]:
        raise UnfitBaseError(f"{where}有一圈边界没有闭合（首尾两点应相同）。")
    return found


def _point(node: Any, where: str) -> list[float]:
    good = isinstance(node, list) and 2 <= len(node) <= 3 and all(
        isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) for value in node
    )  # fmt: skip
    if not good or not (-180 <= node[0] <= 180 and -90 <= node[1] <= 90):
        raise UnfitBaseError(f"{where}有不是经纬度的坐标（应为 [经度, 纬度]，单位是度）。")
    return [round(node[0], 3), round(node[1], 3)]


def _points(node: list[Any], depth: int) -> Iterator[list[float]]:
    if depth == 1:
        yield from node
    else:
        for part in node:
            yield from _points(part, depth - 1)
