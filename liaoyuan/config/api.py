"""The API at /api/v1/: one NinjaAPI, a router per app, problem details for every error (RFC 9457)."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from liaoyuan import __version__
from liaoyuan.desk.insights.api import router as insights
from liaoyuan.foundation.accounts.api_auth import api_auth
from liaoyuan.kernel.errors import DomainError, NotInScope
from liaoyuan.kernel.http.errors import refused
from liaoyuan.organisation.members.api import router as members
from liaoyuan.organisation.units.api import router as units
from liaoyuan.organisation.whereabouts.api import router as whereabouts

api = NinjaAPI(
    title="燎原",
    version=__version__,
    urls_namespace="api",
    docs_url=None,
    openapi_url="openapi.json",
    auth=api_auth(),
)
api.add_router("", insights)
api.add_router("", members)
api.add_router("", units)
api.add_router("", whereabouts)


def problem(status: int, title: str, detail: str, **more: Any) -> HttpResponse:
    """An RFC 9457 problem."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    return JsonResponse(
        body, status=status, content_type="application/problem+json", json_dumps_params={"ensure_ascii": False}
    )


@api.exception_handler(DomainError)
def _domain(request: HttpRequest, error: DomainError) -> HttpResponse:
    refused(request, error)
    more = {key: value for key, value in (("field", error.field), ("clause", error.clause)) if value}
    return problem(error.status, error.title, error.message, **more)


@api.exception_handler(Http404)
def _missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return _domain(request, NotInScope())


@api.exception_handler(AuthenticationError)
def _anonymous(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    response = problem(401, "未登录", "请先登录，或携带有效的令牌。")
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [{"at": ".".join(str(part) for part in item["loc"]), "message": item["msg"]} for item in error.errors]
    return problem(422, "参数有误", "有参数不符合要求，没有做任何改动。", errors=errors)


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code, "请求有误", str(error))
