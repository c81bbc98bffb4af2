"""Log-in by account name and password."""

from collections.abc import Mapping
from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import check_password
from django.http import HttpRequest

from liaoyuan.foundation.accounts.asking import found
from liaoyuan.foundation.accounts.hashers import InitialCodeHasher, TunedArgon2Hasher
from liaoyuan.foundation.accounts.models import User
from liaoyuan.kernel.rows import columns_of, row_of


def lockout_name(request: HttpRequest | None, credentials: Mapping[str, Any] | None) -> str:
    """The name failures are counted under: as accounts compare names, or ``ZHANG`` and ``zhang`` would have five
    attempts each. Cut to what axes' column holds."""
    return User.normalize_username(str((credentials or {}).get("username") or ""))[:255]


@cache
def _by_key() -> str:
    """An active account by its key: every request asks."""
    return f"SELECT {columns_of(User)} FROM {User._meta.db_table} WHERE id = %s AND is_active"  # noqa: S608  names of ours


class AccountBackend(BaseBackend):
    """Checks a password in the same time whether or not the account exists."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **extra: Any
    ) -> User | None:
        """The active account, or None."""
        if not username or password is None:
            return None
        user = found(request, User.normalize_username(username))
        if user is None:
            TunedArgon2Hasher().encode(password, "constant-work-salt")
            return None
        correct = check_password(password, user.password, setter=self._rehash(user))
        return user if correct and user.may_act else None

    def get_user(self, user_id: Any) -> User | None:
        """The account of a session, unless it was switched off or locked meanwhile."""
        user = row_of(User, _by_key(), [UUID(str(user_id)).hex])
        return user if user is not None and user.may_act else None

    def _rehash(self, user: User) -> Any:
        """Write the hash anew where the parameters have changed since; an initial code stays what it is."""

        def setter(raw: str) -> None:
            if not user.password.startswith(InitialCodeHasher.algorithm):
                user.set_password(raw)
                user.save(update_fields=["password"])

        return setter
