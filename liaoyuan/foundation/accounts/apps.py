"""Registers what accounts adds to others' pages; no logic."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """账号"""

    name = "liaoyuan.foundation.accounts"
    label = "accounts"
    verbose_name = "账号"

    def ready(self) -> None:
        """Grants of the three administrators, menu entries, words for capabilities, the nightly sweep."""
        # Models are ready only now.
        from liaoyuan.foundation.accounts import navigation, tasks
        from liaoyuan.foundation.accounts.grants import administrator_grants
        from liaoyuan.kernel.scoping import grant_source

        grant_source(administrator_grants)
        navigation.register()
        tasks.register()
