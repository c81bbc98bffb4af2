import gzip
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from liaoyuan.desk.insights import geojson
from liaoyuan.desk.insights.models import MapBase
from liaoyuan.desk.insights.selectors.base import base_digest
from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.foundation.files.models import StoredFile

RING = [[70, 10], [140, 10], [140, 55], [70, 55], [70, 10]]


def collection(**more: Any) -> dict[str, Any]:
    feature = {
        "type": "Feature",
        "properties": {"name": "甲省", "adcode": 1, "center": [100.5, 30.5], "secret": "x"},
        "geometry": {"type": "Polygon", "coordinates": [RING]},
    }
    return {"type": "FeatureCollection", "features": [feature], **more}


def read(value: Any) -> Any:
    return geojson.read_base(value if isinstance(value, bytes) else json.dumps(value).encode())


def test_only_geometry_names_and_centres_are_kept():
    report, data = read(collection(crs={"x": 1}))
    assert report == geojson.BaseReport(1, 1, 0, 5, (70, 10, 140, 55))
    (feature,) = json.loads(data)["features"]
    assert feature["properties"] == {"name": "甲省", "center": [100.5, 30.5]}


def with_geometry(kind: str, coordinates: Any) -> dict[str, Any]:
    found = collection()
    found["features"][0]["geometry"] = {"type": kind, "coordinates": coordinates}
    return found


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (b"", "不是可读的 GeoJSON"),
        (b"\xff\xfe", "不是可读的 GeoJSON"),
        (b"[" * 100_000, "不是可读的 GeoJSON"),
        (b'{"type":"FeatureCollection","features":[NaN]}', "不是可读的 GeoJSON"),
        ([], "FeatureCollection"),
        ({"type": "Feature"}, "FeatureCollection"),
        ({"type": "FeatureCollection", "features": []}, "要素数"),
        ({"type": "FeatureCollection", "features": [1]}, "第 1 个要素"),
        ({"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": None}]}, "第 1 个要素"),
        (with_geometry("Point", [1, 2]), "只收面和线"),
        (with_geometry("LineString", [[1, 2], [3, 4]]), "没有一个面"),
        (with_geometry("Polygon", []), "坐标不完整"),
        (with_geometry("Polygon", [RING[:3]]), "少于 4 个点"),
        (with_geometry("Polygon", [[*RING[:3], [5, 5]]]), "没有闭合"),
        (with_geometry("Polygon", [[[181, 0], [1, 1], [2, 2], [181, 0]]]), "不是经纬度"),
        (with_geometry("Polygon", [[[12_000_000, 4_000_000]] * 4]), "不是经纬度"),
        (with_geometry("Polygon", [[["a", "b"]] * 4]), "不是经纬度"),
        (with_geometry("Polygon", [[[True, False]] * 4]), "不是经纬度"),
        (with_geometry("Polygon", [[[1e400, 0]] * 4]), "不是"),
        (with_geometry("MultiPolygon", [RING]), "不是经纬度"),
        ({**collection(), "features": [{**collection()["features"][0], "properties": {}}]}, "没有 name"),
        ({**collection(), "features": [{**collection()["features"][0], "properties": {"name": "x" * 61}}]}, "name"),
        ({**collection(), "features": [{**collection()["features"][0], "properties": {"name": 5}}]}, "name"),
    ],
)
def test_what_is_no_base_is_refused_in_words(value: Any, words: str):
    with pytest.raises(geojson.UnfitBaseError, match=words):
        read(value)


def upload(value: Any = None, name: str = "base.geojson") -> SimpleUploadedFile:
    data = value if isinstance(value, bytes) else json.dumps(value or collection()).encode()
    return SimpleUploadedFile(name, data, content_type="application/json")


@pytest.fixture
def admin(clients: Any) -> Client:
    return clients("system_admin")


def test_approved_base_replaces_the_shipped_one_and_can_be_taken_back(admin: Client, clients: Any):
    shipped = base_digest()
    answer = admin.post(reverse("insights:base_manage"), {"file": upload(), "review_number": "GS(2024)0650号"})
    assert answer.status_code == 302
    row = MapBase.objects.get()
    assert base_digest() == row.digest != shipped
    served = clients("battalion_secretary").get(reverse("insights:base", args=[row.digest]))
    assert served["Cache-Control"] == "private, max-age=31536000, immutable"
    assert served.json()["features"][0]["properties"]["name"] == "甲省"
    packed = clients("battalion_secretary").get(
        reverse("insights:base", args=[row.digest]), headers={"accept-encoding": "gzip"}
    )
    assert json.loads(gzip.decompress(packed.content)) == served.json()
    assert admin.post(reverse("insights:base_revert")).status_code == 302
    assert base_digest() == shipped
    actions = list(AuditEntry.objects.filter(action__startswith="insights.base").values_list("action", flat=True))
    assert actions == ["insights.base_replace", "insights.base_revert"]


def test_a_base_of_another_part_of_the_earth_is_refused(admin: Client, house: Any):
    elsewhere = with_geometry("Polygon", [[[-100, 30], [-90, 30], [-90, 40], [-100, 30]]])
    data = {"file": upload(elsewhere), "review_number": "GS"}
    answer = admin.post(reverse("insights:base_manage"), data)
    words = answer.content.decode()
    assert "不在图上" in words
    assert "经度 -100 至 -90" in words
    assert not MapBase.objects.exists()


def test_an_old_address_leads_to_the_base_in_use(clients: Any, house: Any):
    answer = clients("member").get("/map/base/0123.json")
    assert answer.status_code == 302
    assert answer["Location"] == reverse("insights:base", args=[base_digest()])
    assert answer["Cache-Control"] == "no-store"


def test_the_same_base_twice_changes_nothing(admin: Client):
    for _ in range(2):
        answer = admin.post(reverse("insights:base_manage"), {"file": upload(), "review_number": "GS"})
    assert answer.status_code == 200
    assert "正在使用" in answer.content.decode()
    assert MapBase.objects.count() == 1


@pytest.mark.parametrize(
    ("file", "number", "words"),
    [
        (upload(b"{}"), "GS", "FeatureCollection"),
        (upload(b"PK\x03\x04"), "GS", "不是可读的"),
        (upload(), "", "这个字段是必填项"),
        (upload(), "   ", "这个字段是必填项"),
        (None, "GS", "这个字段是必填项"),
    ],
)
def test_a_wrong_upload_says_so_at_its_field_and_changes_nothing(admin: Client, file: Any, number: str, words: str):
    data = {"review_number": number, **({"file": file} if file else {})}
    answer = admin.post(reverse("insights:base_manage"), data)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert MapBase.objects.count() == 0
    assert StoredFile.objects.count() == 0


@pytest.mark.parametrize("persona", ["organisation_clerk", "battalion_secretary", "security_admin", "audit_admin"])
def test_only_the_system_administrator_replaces_it(clients: Any, persona: str):
    client = clients(persona)
    assert client.get(reverse("insights:base_manage")).status_code == 403
    answer = client.post(reverse("insights:base_manage"), {"file": upload(), "review_number": "GS"})
    assert answer.status_code == 403
    assert client.post(reverse("insights:base_revert")).status_code == 403
    assert MapBase.objects.count() == 0


def test_reverting_what_is_shipped_is_a_conflict(admin: Client):
    assert admin.post(reverse("insights:base_revert")).status_code == 409
