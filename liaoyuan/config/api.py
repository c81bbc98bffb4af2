"""The API at /api/v1/: one NinjaAPI, a router per app, problem details for every error (RFC 9457)."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from liaoyuan import __version__
from liaoyuan.desk.insights.api import router as insights
from liaoyuan.foundation.accounts.api_auth import api_auth
from liaoyuan.kernel.errors import DomainError, NotInScope, NotPermitted
from liaoyuan.kernel.http.errors import refused
from liaoyuan.kernel.http.parameter_words import parameter_words
from liaoyuan.organisation.members.api import router as members
from liaoyuan.organisation.units.api import router as units
from liaoyuan.organisation.whereabouts.api import router as whereabouts

_PROBLEM = {
    "title": "Problem",
    "description": "RFC 9457：为什么没有做成。field 是有误的参数，clause 是所依据的条款，errors 逐项列出参数错误。",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "field": {"type": "string"},
        "clause": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["at", "message"],
                "properties": {"at": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}
_ANSWER = {
    "description": "没有做成：未登录、没有权限、没有找到、参数有误。",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}

_NARROWED = "令牌的权限只限建立时勾选的；若您本人有此权限，请另建一个勾选了它的令牌。"


class DescribedAPI(NinjaAPI):
    """Says in its description what every operation answers when it refuses, and refuses another method in the same
    form (Ninja answers it in plain English)."""

    def get_openapi_schema(self, **options: Any) -> Any:
        """Ninja's description with the problem as every operation's default answer."""
        schema = super().get_openapi_schema(**options)
        schema.setdefault("components", {}).setdefault("schemas", {})["Problem"] = _PROBLEM
        for operations in schema["paths"].values():
            for operation in operations.values():
                answers = {str(code): answer for code, answer in operation["responses"].items()}
                operation["responses"] = {**answers, "default": _ANSWER}
        return schema


api = DescribedAPI(
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
    narrowed = isinstance(error, NotPermitted) and "Authorization" in request.headers
    return problem(error.status, error.title, error.message + (_NARROWED if narrowed else ""), **more)


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
    errors = [
        {"at": ".".join(map(str, item["loc"])), "message": parameter_words(item["type"], item.get("ctx", {}))}
        for item in error.errors
    ]
    return problem(422, "参数有误", "有参数不符合要求，没有做任何改动。", errors=errors)


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code, "请求有误", str(error))
