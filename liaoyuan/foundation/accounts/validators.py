"""The password policy (SC-01), as settings."""

from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError


class LengthValidator:
    """At least so many characters."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise where too short, or too long to be hashed in bounded time."""
        least = settings.LIAOYUAN.password_min_length
        if len(password) < least:
            raise ValidationError(f"口令至少 {least} 个字符，现在只有 {len(password)} 个。", code="password_too_short")
        if len(password) > 128:
            raise ValidationError("口令最长 128 个字符。", code="password_too_long")

    def get_help_text(self) -> str:
        """The rule in a sentence."""
        return f"至少 {settings.LIAOYUAN.password_min_length} 个字符。"


class ClassesValidator:
    """Characters of so many kinds."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise where too few kinds."""
        kinds = sum(
            (
                any(c.islower() for c in password),
                any(c.isupper() for c in password),
                any(c.isdigit() for c in password),
                any(not c.isalnum() for c in password),
            )
        )
        least = settings.LIAOYUAN.password_min_classes
        if kinds < least:
            raise ValidationError(self.get_help_text(), code="password_too_plain")

    def get_help_text(self) -> str:
        """The rule in a sentence."""
        return f"大写字母、小写字母、数字、符号四类中至少包含 {settings.LIAOYUAN.password_min_classes} 类。"


class NoNameValidator:
    """Not the account's own name."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise where the account name is part of it."""
        name = (getattr(user, "username", "") or "").lower()
        if len(name) >= 4 and name in password.lower():
            raise ValidationError(self.get_help_text(), code="password_has_name")

    def get_help_text(self) -> str:
        """The rule in a sentence."""
        return "不能包含自己的账号。"


class HistoryValidator:
    """Not one of the last few."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise where used lately."""
        keep = settings.LIAOYUAN.password_history
        if not keep or user is None or user.pk is None or user._state.adding:
            return
        former = user.password_history.order_by("-created_at").values_list("encoded", flat=True)[:keep]
        if any(check_password(password, encoded) for encoded in former):
            raise ValidationError(self.get_help_text(), code="password_reused")

    def get_help_text(self) -> str:
        """The rule in a sentence."""
        return f"不能与最近 {settings.LIAOYUAN.password_history} 次用过的口令相同。"
