"""Domain errors become pages: 404 out of scope, 403 with the reason, 409 and 422 with what to do."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from liaoyuan.kernel.errors import DomainError, NotInScope, NotPermitted

Refusal = Callable[[HttpRequest, DomainError], None]
_refusals: list[Refusal] = []
_log = logging.getLogger(__name__)


def on_refusal(hook: Refusal) -> None:
    """Register what is told when somebody was refused (403) or asked for what is not his (404), on a page or the API:
    the audit trail. It is called after the verb's transaction has been rolled back."""
    if hook not in _refusals:
        _refusals.append(hook)


def refused(request: HttpRequest, error: DomainError) -> None:
    """Tell the hooks of ``error`` if it is a refusal. A hook that fails is logged; the visitor still gets his page."""
    if not isinstance(error, NotPermitted | NotInScope):
        return
    for hook in _refusals:
        try:
            hook(request, error)
        except Exception:
            _log.exception("记录拒绝访问时出错")


class DomainErrorMiddleware:
    """Turns a DomainError that no form caught into its page (a fragment for htmx)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on; ``process_exception`` does the work. A method that an address does not know is refused here: Django
        answers it with an empty page, Ninja in English."""
        response = self.get_response(request)
        methods = response.get("Allow", "")
        return not_allowed(request, methods) if response.status_code == 405 and methods else response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page of a DomainError; None lets Django handle the rest."""
        if isinstance(exception, DomainError):
            refused(request, exception)
            return error_page(request, exception)
        return None


def error_page(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The page that says what is wrong, where, and what to do."""
    return render(request, "ui/error.html", {"error": error}, status=error.status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form is too old or came from elsewhere."""
    return error_page(request, _Expired("这个页面打开太久，或者登录状态变了，没有保存。请返回上一页刷新后再提交。"))


class _Expired(DomainError):
    status = 403
    title = "页面已过期"


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404 for an address that does not exist: the same page, or below /api/ the same problem details (RFC 9457), as
    for what lies out of scope."""
    return _anywhere(request, NotInScope())


def not_allowed(request: HttpRequest, methods: str) -> HttpResponse:
    """405: the address exists, and wants to be asked otherwise."""
    response = _anywhere(request, _WrongMethod(f"这个地址不接受 {request.method}，只接受 {methods}；没有做任何改动。"))
    response["Allow"] = methods
    return response


class _WrongMethod(DomainError):
    status = 405
    title = "请求方式有误"


def _anywhere(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The page, or below /api/ the problem."""
    if not request.path.startswith("/api/"):
        return error_page(request, error)
    body = {"type": "about:blank", "title": error.title, "status": error.status, "detail": error.message}
    words = {"ensure_ascii": False}
    return JsonResponse(body, status=error.status, content_type="application/problem+json", json_dumps_params=words)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request itself cannot be read."""
    return render(request, "ui/error.html", {"error": _Malformed("这个请求无法识别，没有做任何改动。")}, status=400)


class _Malformed(DomainError):
    status = 400
    title = "请求有误"


def server_error(request: HttpRequest) -> HttpResponse:
    """500 without touching the database or the actor: both may be what failed."""
    return HttpResponse(render_to_string("ui/500.html"), status=500)
