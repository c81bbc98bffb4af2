"""Registers what accounts adds to others' pages; no logic."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """账号"""

    name = "liaoyuan.foundation.accounts"
    label = "accounts"
    verbose_name = "账号"
