"""Accounts by the hundred thousand, for the roster: no object, no hash, one statement a chunk (ADR 0005)."""

from collections.abc import Iterable, Sequence

from liaoyuan.foundation.accounts.hashers import initial_marker
from liaoyuan.foundation.accounts.models import User
from liaoyuan.foundation.audit.services import record
from liaoyuan.kernel.bulk import Step, insert_rows, moment, new_ids, update_rows
from liaoyuan.kernel.clock import now
from liaoyuan.kernel.scoping import Actor

_COLUMNS = (
    "id", "username", "display_name", "password", "last_login", "admin_kind", "is_active", "must_change_password",
    "must_use_totp", "password_changed_at", "locked_until", "created_at",
)  # fmt: skip


def accounts_insert(
    *, actor: Actor, wanted: Sequence[tuple[str, str]], reason: str = "", step: Step | None = None
) -> list[str]:
    """Accounts with initial codes for ``(username, display name)``; their ids (hex) in the same order.

    The caller has authorised and checked the names (``accounts.rules``); a taken one raises IntegrityError. One audit
    row tells how many. Call it inside a unit of work."""
    ids = new_ids(len(wanted))
    stamp = moment(now())
    rows = (
        (key, username, shown[:64], initial_marker(), None, "", True, True, False, stamp, None, stamp)
        for key, (username, shown) in zip(ids, wanted, strict=True)
    )
    insert_rows(User, _COLUMNS, rows, step=step)
    if wanted:
        record(actor, "accounts.create", object_type="account", reason=reason, detail={"count": len(wanted)})
    return ids


def accounts_show(rows: Iterable[tuple[str, str]]) -> int:
    """Set the names shown by accounts: ``(account id in hex, name)``. The caller has authorised and records it."""
    return update_rows(User, ("display_name",), ((name[:64], key) for key, name in rows))
