"""The audit trail of coming and going."""

from collections.abc import Sequence

from liaoyuan.foundation.accounts.models import User
from liaoyuan.foundation.accounts.rules import masked
from liaoyuan.foundation.audit.services import record
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.scoping import Actor


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
