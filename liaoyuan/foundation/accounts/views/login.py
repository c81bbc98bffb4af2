"""Log-in, log-out, the locked page."""

from typing import Any

from allauth.account.forms import LoginForm
from allauth.account.views import LoginView as AllauthLoginView
from allauth.account.views import LogoutView as AllauthLogoutView
from allauth.account.views import ReauthenticateView as AllauthReauthenticateView
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liaoyuan.foundation.accounts import browser_session
from liaoyuan.foundation.accounts.backends import lockout_name
from liaoyuan.foundation.accounts.rules import minutes_left
from liaoyuan.foundation.accounts.selectors import locked_out_until
from liaoyuan.foundation.accounts.services.demo import demo_logins
from liaoyuan.kernel import clock
from liaoyuan.kernel.db import unit_of_work

# Why somebody finds himself on the log-in page; anything else in ?why= shows nothing.
_WHY = {
    "idle": gettext_lazy("长时间没有操作，已自动退出。请重新登录。"),
    "left": gettext_lazy("您已安全退出。"),
}
# On a shared handheld nothing of one user may wait for the next. Browsers obey over HTTPS and on the loopback and
# ignore it elsewhere; the session ends on the server in any case.
CLEAR = '"cache", "storage", "cookies"'


class LoginView(AllauthLoginView):
    """Account and password; works without JavaScript."""

    template_name = "accounts/login.html"

    def form_valid(self, form: LoginForm) -> HttpResponse:
        """One transaction for all that a log-in writes; the hash was worked out before it began."""
        with unit_of_work():
            response = super().form_valid(form)
            if not self.request.user.is_authenticated:
                browser_session.password_proven(self.request.session, form.user)
            self.request.session.save()
            return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The reason one is here and, in a demonstration only, the personas' log-ins."""
        context = super().get_context_data(**kwargs)
        return {**context, "why": _WHY.get(self.request.GET.get("why", ""), ""), "demo_logins": demo_logins()}


class LogoutView(AllauthLogoutView):
    """GET asks, POST leaves."""

    template_name = "accounts/logout.html"

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """End the session and have the browser forget what it kept."""
        response = super().post(*args, **kwargs)
        response["Clear-Site-Data"] = CLEAR
        return response

    def get_redirect_url(self) -> str:
        """The log-in page, which says that one has left."""
        return f"{super().get_redirect_url()}?why=left"

    def get_next_url(self) -> None:
        """Nowhere else: after leaving there is only the log-in."""
        return


class ProveView(AllauthReauthenticateView):
    """The password once more before a sensitive page."""

    template_name = "accounts/prove.html"


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """Too many failures: say how long to wait, and nothing about whether the account exists."""
    now = clock.now()
    until = locked_out_until(lockout_name(request, credentials)) or now
    minutes = minutes_left(until, now)
    if "text/html" not in request.headers.get("Accept", "text/html"):
        answer: HttpResponse = JsonResponse(
            {"type": "about:blank", "title": _("已锁定"), "status": 429, "detail": _wait(minutes)},
            status=429,
            content_type="application/problem+json",
            json_dumps_params={"ensure_ascii": False},
        )
    else:
        answer = render(request, "accounts/locked.html", {"minutes": minutes, "until": until}, status=429)
    answer["Retry-After"] = str(minutes * 60)
    return answer


def _wait(minutes: int) -> str:
    return _("连续失败次数过多，请 %(minutes)s 分钟后再试。") % {"minutes": minutes}
