"""Adds the rule book to the menu, names audited actions and seeds the work calendar after each migration; no logic."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class RegulationsConfig(AppConfig):
    """法规"""

    name = "liaoyuan.foundation.regulations"
    label = "regulations"
    verbose_name = "法规"

    def ready(self) -> None:
        """The menu entry; reference data comes with the tables."""
        from liaoyuan.foundation.audit.labels import register_labels
        from liaoyuan.foundation.regulations.services.calendar import calendar_seed
        from liaoyuan.kernel.registry import NavItem, add_nav

        add_nav(
            NavItem(_("法规"), "regulations:book", "book", "管理", 80, lambda actor: actor.user_id is not None, "l")
        )

        register_labels(AUDIT_WORDS)

        def seed(**options: Any) -> None:
            calendar_seed()

        post_migrate.connect(seed, sender=self, weak=False, dispatch_uid="regulations.calendar")


AUDIT_WORDS = {
    "regulations.calendar_set": _("修改工作日历"),
    "regulations.override_set": _("调整法规参数"),
    "regulations.override_end": _("终止法规参数的调整"),
}
