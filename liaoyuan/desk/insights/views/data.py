"""What the map's element fetches: the cells, the people of a cell, the base."""

import gzip
import json
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from liaoyuan.desk.insights.forms import MapForm, box_of, zoom_of
from liaoyuan.desk.insights.policies import can_see_names
from liaoyuan.desk.insights.selectors.base import base_bytes, base_digest
from liaoyuan.desk.insights.services.looking import crowd_open, map_look
from liaoyuan.kernel.errors import DomainError, NotInScope
from liaoyuan.kernel.http.errors import refused

SMALL = 1024  # bytes: below this, packing costs more than it saves


@login_required
@require_GET
def data(request: HttpRequest) -> HttpResponse:
    """The cells as JSON. Packed here and nowhere else: the answer holds neither a secret nor anything the asker wrote,
    so its length tells nothing (BREACH)."""
    actor = request.actor  # type: ignore[attr-defined]
    try:
        filters = MapForm(actor, request.GET, shown=False).filters()
        answer = map_look(actor=actor, filters=filters, zoom=zoom_of(request.GET), box=box_of(request.GET))
    except DomainError as error:
        refused(request, error)
        return JsonResponse({"detail": error.message}, status=error.status, json_dumps_params={"ensure_ascii": False})
    return packed(request, answer.as_json())


def packed(request: HttpRequest, answer: dict[str, Any]) -> HttpResponse:
    """JSON, gzipped where the browser takes it."""
    body = json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()
    takes = "gzip" in request.headers.get("Accept-Encoding", "")
    if takes and len(body) > SMALL:
        response = HttpResponse(gzip.compress(body, 6, mtime=0), content_type="application/json")
        response["Content-Encoding"] = "gzip"
    else:
        response = HttpResponse(body, content_type="application/json")
    response["Vary"] = "Accept-Encoding, Cookie"
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """The people of one cell: a fragment for the element, a page without JavaScript."""
    actor = request.actor  # type: ignore[attr-defined]
    filters = MapForm(actor, request.GET, shown=False).filters()
    number = request.GET.get("page", "1")
    page = int(number) if number.isascii() and number.isdecimal() and len(number) < 6 else 1
    crowd = crowd_open(actor=actor, filters=filters, key=request.GET.get("key", ""), page=page)
    context = {"crowd": crowd, "filters": filters, "may_names": bool(can_see_names(actor))}
    fragment = bool(getattr(request, "htmx", None)) or request.headers.get("HX-Request") == "true"
    response = render(request, "insights/_people.html" if fragment else "insights/people.html", context)
    response["Vary"] = "HX-Request, Cookie"
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_GET
def base(request: HttpRequest, digest: str) -> HttpResponse:
    """The map base. Its digest is its address, so a browser keeps it for good; an old address leads to the present."""
    try:
        found = base_bytes(digest)
    except NotInScope:
        response = redirect("insights:base", digest=base_digest())
        response["Cache-Control"] = "no-store"
        return response
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        answer = HttpResponse(found.packed, content_type="application/geo+json")
        answer["Content-Encoding"] = "gzip"
    else:
        answer = HttpResponse(found.plain, content_type="application/geo+json")
    answer["Vary"] = "Accept-Encoding"
    answer["Cache-Control"] = "private, max-age=31536000, immutable"
    answer["ETag"] = f'"{digest}"'
    return answer
