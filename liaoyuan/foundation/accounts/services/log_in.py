"""The audit trail of coming and going."""

from collections.abc import Sequence

from allauth.usersessions.models import UserSession
from django.db import connection

from liaoyuan.foundation.accounts.models import User
from liaoyuan.foundation.accounts.rules import masked
from liaoyuan.foundation.audit.services import record
from liaoyuan.kernel.clock import now
from liaoyuan.kernel.db import execute_soon, unit_of_work
from liaoyuan.kernel.scoping import Actor

_LAST = f"UPDATE {User._meta.db_table} SET last_login = %s WHERE id = %s"  # noqa: S608  names of ours and allauth's
_LISTED = (
    f"INSERT INTO {UserSession._meta.db_table} (user_id, created_at, ip, last_seen_at, session_key, user_agent, data) "  # noqa: S608
    "VALUES (%s, %s, %s, %s, %s, %s, %s)"
)
_AGENT_LENGTH = UserSession._meta.get_field("user_agent").max_length


def own_actor(user: User, *, address: str, via: str = "web") -> Actor:
    """``user`` as the actor of what concerns only himself: no grants are read."""
    return Actor(user_id=user.pk, name=user.display_name, via=via, address=address)


def succeeded(user: User, *, address: str, steps: Sequence[str]) -> None:
    """A log-in went through; ``steps`` are what proved it (password, totp, recovery_codes)."""
    record(
        own_actor(user, address=address),
        "accounts.login",
        object_type="account",
        object_id=user.pk,
        object_label=user.username,
        detail={"steps": list(steps)},
    )


def opened(user: User, *, session_key: str, address: str, agent: str) -> None:
    """List the session and note the account's last log-in, within a unit of work. As text: a morning's log-ins are what
    the bound of 60 ms for a hash was made for, and the ORM would make two journeys of it."""
    at = connection.ops.adapt_datetimefield_value(now())
    execute_soon(
        (_LAST, [at, user.pk.hex]),
        (_LISTED, [user.pk.hex, at, address, at, session_key, agent[:_AGENT_LENGTH], "{}"]),
    )


def failed(username: str, *, address: str, locked: bool, step: str = "password") -> None:
    """An attempt was refused. A name that no account has is kept masked: it may be a password in the wrong box. The
    same work is done whether or not the account exists."""
    name = User.normalize_username(username)
    user = User.objects.filter(username=name).only("id", "username").first()
    with unit_of_work():
        record(
            Actor(user_id=None, name="未登录", address=address),
            "accounts.login",
            object_type="account",
            object_id=user.pk if user else "",
            object_label=user.username if user else masked(name),
            allowed=False,
            reason="账号已因连续失败锁定" if locked else "账号或凭据不正确",
            detail={"step": step},
        )


def left(user: User, *, address: str, why: str = "") -> None:
    """A session ended: by the user himself, or by the clock (``why``)."""
    with unit_of_work():
        record(
            own_actor(user, address=address),
            "accounts.logout",
            object_type="account",
            object_id=user.pk,
            object_label=user.username,
            reason=why,
        )


def listed(actor: Actor, count: int) -> None:
    """The list of accounts left the house as a spreadsheet."""
    with unit_of_work():
        record(actor, "accounts.export", object_type="account", detail={"count": count})
