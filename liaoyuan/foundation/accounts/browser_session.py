"""What a browser session carries besides the account: when it began, when it was last used, what was proven.

Kept in the session itself: reading costs nothing, and it is written at most once a minute.
"""

from typing import Any

from django.conf import settings

from liaoyuan.foundation.accounts.rules import idle_too_long, touch_after
from liaoyuan.kernel import clock

SEEN = "accounts.seen"
BEGAN = "accounts.began"
TOTP = "accounts.totp"
PROVEN = "accounts.proven"


def start(session: Any) -> None:
    """A log-in begins now."""
    session[SEEN] = session[BEGAN] = _now()
    session.pop(TOTP, None)
    session.pop(PROVEN, None)


def password_proven(session: Any, user: Any) -> None:
    """The first of two steps is done: with this very password, which must still be the account's at the second."""
    session[PROVEN] = user.get_session_auth_hash()


def still_proven(session: Any, user: Any) -> bool:
    """Whether nothing has happened to the account since the first step."""
    return bool(user.may_act) and session.get(PROVEN) == user.get_session_auth_hash()


def over(session: Any) -> bool:
    """Whether the session has ended: unused too long (SC-03), or older than a working day."""
    now = _now()
    return idle_too_long(session.get(SEEN, now), now, settings.LIAOYUAN.session_idle_minutes) or (
        now - session.get(BEGAN, now) >= settings.SESSION_COOKIE_AGE
    )


def touch(session: Any) -> bool:
    """Note that the session is in use; True where it was written."""
    now, seen = _now(), session.get(SEEN)
    if seen is not None and now - seen < touch_after(settings.LIAOYUAN.session_idle_minutes):
        return False
    session[SEEN] = now
    session.setdefault(BEGAN, now)
    return True


def _now() -> int:
    return int(clock.now().timestamp())
