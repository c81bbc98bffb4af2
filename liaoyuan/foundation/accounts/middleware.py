"""What stands between a session and every page: logged in, not idle, own password, second factor."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from liaoyuan.foundation.accounts import browser_session
from liaoyuan.foundation.accounts.models import User
from liaoyuan.foundation.accounts.services import log_in
from liaoyuan.foundation.accounts.services.second_factor import totp_on
from liaoyuan.kernel import clock

# A page that asks for news by itself says so with this header: that is no activity of the user.
BACKGROUND = "X-Background"
_ALWAYS = frozenset({"account_logout"})
_FOR_PASSWORD = _ALWAYS | {"accounts:password"}
_FOR_TOTP = _FOR_PASSWORD | {"mfa_activate_totp", "account_reauthenticate"}


class AccountGuardMiddleware:
    """Every view needs a log-in unless it is marked ``login_not_required``; the API checks for itself (it takes tokens
    too). An initial or expired password must be changed, and a mandatory second factor set up, before anything else.
    A session unused for ``session_idle_minutes`` ends; its use is noted at most once a minute."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """End an idle session, note the use of any other, go on."""
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            if browser_session.over(request.session):
                return self._ended(request)
            if not request.headers.get(BACKGROUND) and browser_session.touch(request.session):
                UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=clock.now())
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """The answer instead of the page, or None to go on."""
        if not getattr(view, "login_required", True):
            return None
        api = request.path.startswith("/api/")
        if api and _bears_token(request):
            return None
        if not request.user.is_authenticated:
            return None if api else to_login(request)
        match = request.resolver_match
        return self._before_anything_else(request, match.view_name if match else "")

    def _before_anything_else(self, request: HttpRequest, name: str) -> HttpResponse | None:
        user = request.user
        assert isinstance(user, User)  # noqa: S101  for the type checker: authenticated above
        if user.password_due:
            if name in _FOR_PASSWORD:
                return None
            return _turn(request, "accounts:password", _("请先修改口令，再办理其他事项。"), 403)
        if user.needs_second_factor and not request.session.get(browser_session.TOTP):
            if totp_on(user):
                request.session[browser_session.TOTP] = True
            elif name not in _FOR_TOTP:
                return _turn(request, "mfa_activate_totp", _("您的岗位必须使用动态码，请先启用。"), 403)
        return None

    def _ended(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        UserSession.objects.filter(session_key=request.session.session_key).delete()
        logout(request)
        if isinstance(user, User):
            address = getattr(request, "client_address", "")
            log_in.left(user, address=address, why="长时间无操作，自动退出")
        return to_login(request, why="idle")


def _bears_token(request: HttpRequest) -> bool:
    """Whether ``TokenAuth`` will decide. Any other Authorization (Basic, a typing error) leaves the session to decide,
    so the guard must have looked at that session."""
    return request.headers.get("Authorization", "").split(" ")[0].lower() == "bearer"


def to_login(request: HttpRequest, *, why: str = "") -> HttpResponse:
    """The log-in page, coming back afterwards; 401 for a program, a full redirect for htmx."""
    return _turn(request, "account_login", _("请先登录。"), 401, why=why)


def _turn(request: HttpRequest, route: str, words: str, status: int, *, why: str = "") -> HttpResponse:
    query = {key: value for key, value in (("why", why), ("next", _coming_back(request))) if value}
    url = reverse(route) + (f"?{urlencode(query)}" if query else "")
    if request.headers.get("HX-Request"):
        return HttpResponse(words, status=status, headers={"HX-Redirect": url})
    if _is_program(request):
        return JsonResponse(
            {"type": "about:blank", "title": words, "status": status, "detail": words},
            status=status,
            content_type="application/problem+json",
            json_dumps_params={"ensure_ascii": False},
        )
    return HttpResponseRedirect(url)


def _is_program(request: HttpRequest) -> bool:
    accept = request.headers.get("Accept", "")
    return request.path.startswith("/api/") or ("json" in accept and "text/html" not in accept)


def _coming_back(request: HttpRequest) -> str:
    """Where to go afterwards: this page, or for a form or a fragment the page it was on; "" where there is none."""
    if request.headers.get("HX-Request"):
        page = request.headers.get("HX-Current-URL", "")
    elif request.method == "GET":
        page = request.get_full_path()
    else:
        page = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, allowed_hosts={request.get_host()}):
        return ""
    parts = urlsplit(page)
    back = parts.path + (f"?{parts.query}" if parts.query else "")
    return "" if back.startswith(reverse("account_login")) or back in {"/", reverse("account_logout")} else back
