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
        from liaoyuan.foundation.audit import handlers, tasks  # noqa: F401  registers the job
        from liaoyuan.foundation.audit.labels import register_labels
        from liaoyuan.kernel.http.errors import on_refusal

        on_refusal(handlers.refusal_to_trail)
        register_labels(
            {
                handlers.ACTION: _("访问被拒绝"),
                "audit.view": _("查阅审计记录"),
                "audit.export": _("导出审计记录"),
                "audit.verify": _("核验审计链"),
            }
        )
