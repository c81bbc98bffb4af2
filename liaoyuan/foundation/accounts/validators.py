"""The password policy (SC-01), as settings."""

from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MAX_LENGTH = 128


class LengthValidator:
    """At least so many characters."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise where too short, or too long to be hashed in bounded time."""
        least = settings.LIAOYUAN.password_min_length
        if len(password) < least:
            raise ValidationError(
                _("口令至少 %(least)s 个字符，现在只有 %(length)s 个。") % {"least": least, "length": len(password)},
                code="password_too_short",
            )
        if len(password) > MAX_LENGTH:
            raise ValidationError(_("口令最长 %(most)s 个字符。") % {"most": MAX_LENGTH}, code="password_too_long")

    def get_help_text(self) -> str:
        """The rule in a sentence."""
        return _("至少 %(least)s 个字符。") % {"least": settings.LIAOYUAN.password_min_length}


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
        if kinds < settings.LIAOYUAN.password_min_classes:
            raise ValidationError(self.get_help_text(), code="password_too_plain")

    def get_help_text(self) -> str:
        """The rule in a sentence."""
        return _("大写字母、小写字母、数字、符号四类中至少包含 %(kinds)s 类。") % {
            "kinds": settings.LIAOYUAN.password_min_classes
        }


class NoNameValidator:
    """Not the account's own name."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise where the account name is part of it."""
        name = (getattr(user, "username", "") or "").lower()
        if len(name) >= 4 and name in password.lower():
            raise ValidationError(self.get_help_text(), code="password_has_name")

    def get_help_text(self) -> str:
        """The rule in a sentence."""
        return _("不能包含自己的账号。")


class CommonValidator(CommonPasswordValidator):
    """Not one of the 20,000 that everybody tries first."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise where it is on the list."""
        if password.lower().strip() in self.passwords:
            raise ValidationError(_("这个口令太常见，很容易被猜到。"), code="password_too_common")

    def get_help_text(self) -> str:
        """The rule in a sentence."""
        return _("不能是常见口令。")


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
        """The rule in a sentence; nothing where the setting asks for none."""
        keep = settings.LIAOYUAN.password_history
        return _("不能与最近 %(keep)s 次用过的口令相同。") % {"keep": keep} if keep else ""
