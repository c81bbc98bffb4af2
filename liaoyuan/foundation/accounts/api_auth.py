"""Who calls the API: a browser session (with CSRF) or a personal token. Sets ``request.actor``."""

from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.errors import AuthenticationError
from ninja.security import APIKeyCookie, HttpBearer

from liaoyuan.foundation.accounts.services.tokens import token_use
from liaoyuan.kernel.errors import DomainError
from liaoyuan.kernel.http.client import client_address
from liaoyuan.kernel.scoping import Actor, actor_for

FAILURES_A_MINUTE = 20


class TooManyFailuresError(DomainError):
    """An address tried too many tokens that open nothing: 429."""

    status = 429
    title = "尝试过多"


class TokenAuth(HttpBearer):
    """``Authorization: Bearer lyt_…``. A token that opens nothing is refused even where a session is open."""

    openapi_name = "token"

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        """The token's actor. Raises AuthenticationError; TooManyFailuresError after 20 a minute from one address."""
        address = client_address(request)
        key = f"accounts:token-failures:{address}"
        if cache.get(key, 0) >= FAILURES_A_MINUTE:
            raise TooManyFailuresError(_("来自此地址的无效令牌过多，请一分钟后再试。"))
        found = token_use(token.strip())
        if found is None:
            cache.add(key, 0, timeout=60)
            try:
                cache.incr(key)
            except ValueError:  # it expired in between
                cache.set(key, 1, timeout=60)
            raise AuthenticationError()
        request.user = found.user
        actor = actor_for(found.user, via="api", address=address, only=found.capabilities)
        request.actor = actor  # type: ignore[attr-defined]  # as ActorMiddleware does for sessions
        return actor


class SessionAuth(APIKeyCookie):
    """The session of a logged-in browser; unsafe methods need the CSRF header. The guard has checked the rest."""

    param_name = settings.SESSION_COOKIE_NAME
    openapi_name = "session"

    def _get_key(self, request: HttpRequest) -> str | None:
        """The cookie; without one there is no session to forge, and the answer is 401 rather than 403."""
        return super()._get_key(request) if self.param_name in request.COOKIES else None

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        """The session's actor, or None."""
        if not key or not request.user.is_authenticated:
            return None
        actor = actor_for(request.user, via="api", address=client_address(request))
        request.actor = actor  # type: ignore[attr-defined]  # via differs from a page's
        return actor


def api_auth() -> list[Any]:
    """For ``NinjaAPI(auth=…)``: the token first, so that a bad one never falls back to a session."""
    return [TokenAuth(), SessionAuth()]
