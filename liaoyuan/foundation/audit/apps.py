"""Registers what audit adds to others' pages; no logic."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """审计"""

    name = "liaoyuan.foundation.audit"
    label = "audit"
    verbose_name = "审计"

    def ready(self) -> None:
        """Words for our own actions; refusals on pages and the API; the nightly proof."""
        from liaoyuan.foundation.audit import handlers, rules, tasks  # noqa: F401  registers the job
        from liaoyuan.foundation.audit.labels import register_labels
        from liaoyuan.foundation.audit.policies import Capability
        from liaoyuan.kernel.http.errors import on_refusal

        on_refusal(handlers.refusal_to_trail)
        register_labels(
            {
                handlers.ACTION: _("访问页面"),
                str(Capability.VIEW): _("查阅审计记录"),
                rules.EXPORT: _("导出审计记录"),
                rules.VERIFY: _("核验审计链"),
            }
        )
