"""The frame's own addresses: the theme switch."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from liaoyuan.kernel.ui.context import THEME_COOKIE, THEMES

_YEAR = 365 * 24 * 3600


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Keep the chosen theme in a cookie and go back. An unknown theme means the system's."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = "/"
    theme = request.POST.get("theme", "")
    response = redirect(target)
    response.set_cookie(
        THEME_COOKIE,
        theme if theme in THEMES else THEMES[0],
        max_age=_YEAR,
        samesite="Lax",
        secure=request.is_secure(),
    )
    return response
