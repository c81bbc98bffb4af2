"""Log-in by account name and password."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import check_password
from django.http import HttpRequest

from liaoyuan.foundation.accounts.hashers import InitialCodeHasher, TunedArgon2Hasher
from liaoyuan.foundation.accounts.models import User


class AccountBackend(BaseBackend):
    """Checks a password in the same time whether or not the account exists."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **extra: Any
    ) -> User | None:
        """The active account, or None."""
        if not username or password is None:
            return None
        user = User.objects.filter(username=User.normalize_username(username)).first()
        if user is None:
            TunedArgon2Hasher().encode(password, "constant-work-salt")
            return None
        correct = check_password(password, user.password, setter=self._rehash(user))
        return user if correct and user.is_active else None

    def get_user(self, user_id: Any) -> User | None:
        """The account of a session, unless it was switched off meanwhile."""
        return User.objects.filter(pk=user_id, is_active=True).first()

    def _rehash(self, user: User) -> Any:
        def setter(raw: str) -> None:
            if user.password.startswith(InitialCodeHasher.algorithm):
                return
            user.set_password(raw)
            user.save(update_fields=["password"])

        return setter
