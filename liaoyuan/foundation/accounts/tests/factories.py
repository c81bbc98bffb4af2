"""Accounts for tests. ``UserFactory`` makes one that may go anywhere at once (no forced change, no lock)."""

from typing import Any

import factory

from liaoyuan.foundation.accounts.hashers import initial_marker
from liaoyuan.foundation.accounts.models import AdminKind, User

PASSWORD = "Xinghuo-2026!"
# One argon2 hash of PASSWORD, so that a factory need not hash: same parameters as TunedArgon2Hasher.
_hashes: dict[str, str] = {}


def hashed(password: str) -> str:
    """The argon2id hash of ``password``, worked out once a run."""
    if password not in _hashes:
        user = User(username="x")
        user.set_password(password)
        _hashes[password] = user.password
    return _hashes[password]


class UserFactory(factory.django.DjangoModelFactory):
    """An ordinary account with the password ``PASSWORD``."""

    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"user{n:05d}")
    display_name = factory.Sequence(lambda n: f"测试{n}")
    must_change_password = False
    password = factory.LazyFunction(lambda: hashed(PASSWORD))


class NewUserFactory(UserFactory):
    """An account that was never used: it still has its initial code."""

    must_change_password = True
    password = factory.LazyFunction(initial_marker)


class AdminFactory(UserFactory):
    """One of the three administrators (security by default). Its second factor is not set up: see ``with_totp``."""

    admin_kind: Any = AdminKind.SECURITY
