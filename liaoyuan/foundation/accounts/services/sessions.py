"""Ending sessions."""

from importlib import import_module

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.utils.translation import gettext as _

from liaoyuan.foundation.accounts.events import SessionsEnded
from liaoyuan.foundation.accounts.models import User
from liaoyuan.foundation.accounts.policies import can_manage, can_use_own
from liaoyuan.foundation.audit.services import record
from liaoyuan.kernel import bus, realtime
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import NotInScope
from liaoyuan.kernel.scoping import Actor


def socket_group(user_id: object) -> str:
    """The realtime group of an account's open sockets; they get ``session.ended`` and must look again or close."""
    return f"account.{user_id}"


def session_end(*, actor: Actor, user: User, session_id: int) -> None:
    """End one of one's own sessions. Raises NotInScope where it is not one's own."""
    with unit_of_work():
        can_use_own(actor, user).require()
        session = UserSession.objects.filter(user=user, pk=session_id).first()
        if session is None:
            raise NotInScope()
        _end(user, [session])
        _record(actor, user, 1, _("本人结束"))


def sessions_end_others(*, actor: Actor, user: User, keep: str | None, reason: str = "") -> int:
    """End all of one's own sessions but the one with the key ``keep``. Returns how many."""
    with unit_of_work():
        can_use_own(actor, user).require()
        sessions = list(UserSession.objects.filter(user=user).exclude(session_key=keep or ""))
        _end(user, sessions)
        if sessions:
            _record(actor, user, len(sessions), reason or _("本人结束"))
        return len(sessions)


def session_moved(user: User, *, before: str | None, after: str | None) -> None:
    """A session got a new key (a password change rotates it); its row goes along."""
    if before and after and before != after:
        UserSession.objects.filter(user=user, session_key=before).update(session_key=after)


def sessions_end_all(*, actor: Actor, user: User, reason: str, by: str = "") -> int:
    """End every session of another's account. Returns how many."""
    with unit_of_work():
        can_manage(actor, user, by=by).require()
        return end_sessions_of(user, actor=actor, reason=reason)


def end_sessions_of(user: User, *, actor: Actor, reason: str) -> int:
    """The same as a part of another service that has authorised already (disable, lock, reset)."""
    sessions = list(UserSession.objects.filter(user=user))
    _end(user, sessions)
    if sessions:
        _record(actor, user, len(sessions), reason)
    return len(sessions)


def _end(user: User, sessions: list[UserSession]) -> None:
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for session in sessions:
        store(session.session_key).delete()
    UserSession.objects.filter(pk__in=[session.pk for session in sessions]).delete()
    realtime.publish(socket_group(user.pk), "session.ended")
    bus.publish(SessionsEnded(user.pk))


def _record(actor: Actor, user: User, count: int, reason: str) -> None:
    record(
        actor,
        "accounts.sessions_end",
        object_type="account",
        object_id=user.pk,
        object_label=user.username,
        reason=reason,
        detail={"count": count},
    )
