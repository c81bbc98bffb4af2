"""Who is behind a websocket."""

from collections.abc import Mapping
from importlib import import_module
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest

from liaoyuan.foundation.accounts import browser_session
from liaoyuan.foundation.accounts.models import User
from liaoyuan.foundation.accounts.services.second_factor import totp_on
from liaoyuan.kernel.http.client import client_address
from liaoyuan.kernel.scoping import Actor, actor_for


def actor_for_scope(scope: Mapping[str, Any]) -> Actor:
    """The actor of a socket, or ``Actor.nobody()`` where ``user_for_scope`` finds no account."""
    user = user_for_scope(scope)
    return Actor.nobody() if user is None else actor_for(user, via="socket", address=_address(scope))


def user_for_scope(scope: Mapping[str, Any]) -> User | None:
    """The account of a socket, or None where the session has ended, is idle, or its account may do nothing yet
    (password to change, second factor to set up).

    Reads session and account afresh, so that a consumer may call it again at any time (every minute, and when
    ``session.ended`` arrives in ``socket_group``). Synchronous: wrap it in ``database_sync_to_async``.
    """
    key = getattr(scope.get("session"), "session_key", None)
    if not key:
        return None
    session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    request = HttpRequest()
    request.session = session
    user = get_user(request)
    if not isinstance(user, User) or browser_session.over(session) or user.password_due:
        return None
    if user.needs_second_factor and not session.get(browser_session.TOTP) and not totp_on(user):
        return None
    return user


def _address(scope: Mapping[str, Any]) -> str:
    client = scope.get("client") or ("", 0)
    forwarded = [value.decode("latin-1") for name, value in scope.get("headers", ()) if name == b"x-forwarded-for"]
    meta = {"REMOTE_ADDR": client[0], "HTTP_X_FORWARDED_FOR": ",".join(forwarded)}
    return client_address(SimpleNamespace(META=meta))  # type: ignore[arg-type]  # it reads META alone
