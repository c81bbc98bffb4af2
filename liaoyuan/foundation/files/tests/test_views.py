"""Downloads and uploads over HTTP."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client, RequestFactory
from django.urls import reverse

from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.foundation.files import gates
from liaoyuan.foundation.files.rules import FileKind
from liaoyuan.foundation.files.services import file_store, file_store_bytes
from liaoyuan.foundation.files.tests.factories import GATE, PDF, PNG, actor, key, open_gate, upload, xlsx
from liaoyuan.foundation.files.uploads import BoundedUploadHandler

pytestmark = pytest.mark.django_db
ALL = set(FileKind)


@pytest.fixture(autouse=True)
def gate(monkeypatch):
    monkeypatch.setattr(gates, "_gates", dict(gates._gates))
    open_gate({"甲", "乙"})


def client_of(name: str) -> Client:
    user = get_user_model().objects.create(
        username=f"u-{name}", display_name=name, password="!", must_change_password=False
    )
    client = Client()
    client.force_login(user, backend="liaoyuan.foundation.accounts.backends.AccountBackend")
    return client


def stored(data: bytes, name: str, **fields):
    return file_store(actor=actor(), upload=upload(data, name), gate=GATE, allowed=ALL, **{"gate_key": "1", **fields})


def address(file, query: str = "") -> str:
    return reverse("files:download", args=[file.id]) + query


def test_a_file_comes_as_an_attachment_in_a_sandbox():
    file = stored(xlsx(), "旅 名册.xlsx")
    response = client_of("甲").get(address(file, "?inline=1"))
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == xlsx()
    assert response["Content-Type"] == FileKind.XLSX.content_type
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''%E6%97%85%20%E5%90%8D%E5%86%8C.xlsx"
    assert response["Content-Length"] == str(len(xlsx()))
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
    assert response["Cache-Control"] == "no-store"
    entry = AuditEntry.objects.get(action="files.download")
    assert (entry.actor_name, entry.object_id) == ("甲", str(file.id))


def test_only_pictures_are_shown_in_place_and_only_when_asked():
    picture, paper = stored(PNG, "a.png"), stored(PDF, "a.pdf")
    text = file_store_bytes(actor=actor(), name="a.txt", data=b"<script>", gate=GATE, gate_key="1")
    client = client_of("甲")

    def how(file, query: str = "?inline=1") -> str:
        response = client.get(address(file, query))
        response.getvalue()
        return response["Content-Disposition"].partition(";")[0]

    assert [how(picture), how(picture, ""), how(paper), how(text)] == ["inline", *["attachment"] * 3]


def test_the_gate_decides_and_refusals_are_recorded():
    file, hidden = stored(PNG, "a.png"), stored(PNG, "a.png", gate_key="hidden")
    response = client_of("乙").get(address(file))
    response.getvalue()
    assert response.status_code == 200
    stranger = client_of("丙")
    assert stranger.get(address(file)).status_code == 403
    assert stranger.get(address(hidden)).status_code == 404
    assert stranger.get(reverse("files:download", args=[key()])).status_code == 404
    refused = AuditEntry.objects.filter(action="web.refused", allowed=False, actor_name="丙")
    assert [row.detail["status"] for row in refused.order_by("seq")] == [403, 404, 404]


def test_without_a_log_in_there_is_no_file():
    response = Client().get(address(stored(PNG, "a.png")))
    assert response.status_code == 302
    assert not AuditEntry.objects.filter(action="files.download").exists()


def test_a_file_is_only_read_never_written_to():
    assert client_of("甲").post(address(stored(PNG, "a.png"))).status_code == 405


def test_a_blob_that_is_gone_is_a_sentence_and_no_crash():
    file = stored(PNG, "a.png")
    file.blob.storage.delete(file.blob.name)
    response = client_of("甲").get(address(file))
    assert response.status_code == 404
    assert "内容已不在存储中" in response.content.decode()


@pytest.fixture
def received(settings):
    """What arrives of an upload where the instance takes 1 MB."""
    settings.LIAOYUAN = settings.LIAOYUAN.model_copy(update={"upload_max_mb": 1})
    requests = []

    def receive(data: bytes):
        request = RequestFactory().post("/", {"file": upload(data, "big.xlsx")})
        request.upload_handlers = [BoundedUploadHandler(request)]
        requests.append(request)
        return request.FILES["file"]

    yield receive
    for request in requests:
        request.close()


def test_an_upload_past_the_limit_stops_being_written(received):
    file = received(b"x" * (3 * 1024 * 1024))
    assert file.too_big
    assert len(file.file.read()) <= 1024 * 1024


def test_an_upload_within_the_limit_arrives_whole(received):
    file = received(b"x" * 1024 * 1024)
    assert not file.too_big
    assert len(file.file.read()) == 1024 * 1024
