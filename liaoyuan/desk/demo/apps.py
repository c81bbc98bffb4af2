"""Registers what demo adds to others' pages; no logic."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    """演示"""

    name = "liaoyuan.desk.demo"
    label = "demo"
    verbose_name = "演示"

    def ready(self) -> None:
        """The heartbeat's job, and words for the trail."""
        from liaoyuan.desk.demo import tasks
        from liaoyuan.foundation.audit.services import register_labels

        assert tasks  # noqa: S101  imported for its jobs
        register_labels({"demo.load": _("载入演示旅"), "accounts.demo_prepare": _("准备演示账号")})
