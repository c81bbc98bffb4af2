"""The pure rules of accounts: ages, idleness, lock-out, who may be which administrator. No Django."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

SYSTEM_MANAGE = "system.manage"  # the system administrator's: how the instance runs, the map's ground

# SC-12: what each of the three administrators may do, everywhere. Nobody else gets these from the account itself.
ADMIN_CAPABILITIES: dict[str, tuple[str, ...]] = {
    "system": (SYSTEM_MANAGE,),
    "security": ("accounts.view", "accounts.manage", "units.view", "units.view_access"),
    "audit": ("audit.view",),
}

USERNAME_MAX = 64
_USERNAME = re.compile(r"[0-9a-z\u4e00-\u9fff][0-9a-z\u4e00-\u9fff._@-]*")


def is_username(name: str) -> bool:
    """Whether ``name`` (already normalised) can be an account's name: small letters, digits, Chinese characters and
    ``. _ @ -`` inside, 2 to 64 characters."""
    return 2 <= len(name) <= USERNAME_MAX and _USERNAME.fullmatch(name) is not None


def masked(name: str) -> str:
    """An unknown name as the audit trail keeps it: people type passwords into the wrong box."""
    return f"{name[:2]}…（{len(name)} 个字符）" if name else ""


def password_expired(changed_at: datetime, now: datetime, max_age_days: int) -> bool:
    """Whether a password set at ``changed_at`` is too old (SC-01); 0 days means it never is."""
    return max_age_days > 0 and now - changed_at >= timedelta(days=max_age_days)


def idle_too_long(seen: int, now: int, idle_minutes: int) -> bool:
    """Whether a session last used at ``seen`` (Unix seconds) has ended by idleness (SC-03)."""
    return now - seen >= idle_minutes * 60


def touch_after(idle_minutes: int) -> int:
    """Seconds after which a request notes again that the session is in use: once a minute at most, but often enough
    that the shortest idle limits still see activity."""
    return min(60, idle_minutes * 15)


def lockout_ends(
    failures: Iterable[tuple[datetime, int]], now: datetime, *, limit: int, window: timedelta
) -> datetime | None:
    """When an account with ``failures`` (time of the last one, how many) may try again; None where it may now.

    Failures older than ``window`` no longer count; the lock ends when those left are fewer than ``limit`` (SC-02).
    """
    counted = sorted((at, count) for at, count in failures if now - at < window)
    total = sum(count for _, count in counted)
    if total < limit:
        return None
    for at, count in counted:
        total -= count
        if total < limit:
            return at + window
    return None


def minutes_left(until: datetime, now: datetime) -> int:
    """Whole minutes to wait, at least one."""
    return max(1, -int((now - until).total_seconds() // 60))


def capabilities_within(wanted: Sequence[str], held: Iterable[str]) -> tuple[str, ...]:
    """Those of ``wanted`` that are not in ``held``: a token never holds more than its owner."""
    owned = set(held)
    return tuple(name for name in wanted if name not in owned)
