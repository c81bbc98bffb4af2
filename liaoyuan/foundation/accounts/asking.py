"""What every log-in asks first, in one journey to the database: how often the name failed of late, and its account."""

from datetime import datetime
from functools import cache
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import connection
from django.http import HttpRequest

from liaoyuan.foundation.accounts.models import User
from liaoyuan.kernel.clock import now
from liaoyuan.kernel.rows import columns_of, row_of

_FOUND = "_accounts_found"


@cache
def _question() -> str:
    """The account with ``has_totp``, and the failures. The same text serves both databases; the left join answers for
    a name without an account too."""
    return (
        f"SELECT {columns_of(User, 'account')}, EXISTS("  # noqa: S608  names of ours, axes' and allauth's
        f"SELECT 1 FROM {Authenticator._meta.db_table} factor WHERE factor.user_id = account.id AND factor.type = %s"
        ") AS has_totp, (SELECT COALESCE(SUM(failures_since_start), 0) FROM axes_accessattempt "
        "WHERE username = %s AND attempt_time >= %s) AS failures "
        f"FROM (SELECT 1) nobody LEFT JOIN {User._meta.db_table} account ON account.username = %s"
    )


def ask(counted_as: str, since: datetime, name: str) -> tuple[int, User | None]:
    """How many failures since ``since`` count under ``counted_as``, and the account with this name, if there is one."""
    at = connection.ops.adapt_datetimefield_value(since)
    asked = [Authenticator.Type.TOTP, counted_as, at, name]
    row: Any = row_of(User, _question(), asked, "has_totp", "failures")
    return int(row.failures), row if row.username is not None else None


def keep(request: HttpRequest, name: str, account: User | None) -> None:
    """Remember who was found under this name for whoever asks next in this request (``found``)."""
    setattr(request, _FOUND, (name, account))


def found(request: HttpRequest | None, name: str) -> User | None:
    """The account with this name, as it was found a moment ago; asked for where nobody did. An answer is given once."""
    kept = getattr(request, _FOUND, None)
    if request is not None and kept is not None:
        delattr(request, _FOUND)
        if kept[0] == name:
            return kept[1]
    return ask("", now(), name)[1]
