"""Accounts and what proves who holds them."""

from liaoyuan.foundation.accounts.models.history import PasswordHistory
from liaoyuan.foundation.accounts.models.token import ApiToken
from liaoyuan.foundation.accounts.models.user import AdminKind, User

__all__ = ["AdminKind", "ApiToken", "PasswordHistory", "User"]
