"""What goes out compressed, and what must not."""

import gzip
from io import BytesIO

import pytest
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory

from liaoyuan.kernel.http.compress import CompressMiddleware

PAGE = "林知远 <td>一营二支部</td>" * 200


def answer(rf: RequestFactory, response: HttpResponseBase, accept: str = "gzip") -> HttpResponseBase:
    request = rf.get("/", headers={"accept-encoding": accept})
    return CompressMiddleware(lambda _request: response)(request)  # type: ignore[arg-type,return-value]


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "application/json", "application/problem+json"])
def test_words_go_out_compressed(rf: RequestFactory, kind: str) -> None:
    response = answer(rf, HttpResponse(PAGE, content_type=kind))
    assert response["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in response["Vary"]
    assert gzip.decompress(response.content).decode() == PAGE  # type: ignore[attr-defined]
    assert len(response.content) < 1000  # type: ignore[attr-defined]


def test_a_browser_that_cannot_gets_it_plain(rf: RequestFactory) -> None:
    assert not answer(rf, HttpResponse(PAGE), accept="").has_header("Content-Encoding")


def test_pictures_and_downloads_keep_their_bytes_and_length(rf: RequestFactory) -> None:
    assert not answer(rf, HttpResponse(b"\x89PNG" * 200, content_type="image/png")).has_header("Content-Encoding")
    download = FileResponse(BytesIO(b"PK" * 500), as_attachment=True, filename="名册.xlsx")
    response = answer(rf, download)
    assert not response.has_header("Content-Encoding")
    assert response["Content-Length"] == "1000"
    response.close()
