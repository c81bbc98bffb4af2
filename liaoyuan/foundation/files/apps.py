"""Registers what files adds to others' pages; no logic."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FilesConfig(AppConfig):
    """文件"""

    name = "liaoyuan.foundation.files"
    label = "files"
    verbose_name = "文件"

    def ready(self) -> None:
        """Words for the trail; the nightly clean-up."""
        from liaoyuan.foundation.audit.services import register_labels
        from liaoyuan.foundation.files import tasks  # noqa: F401  registers the job

        register_labels(
            {
                "files.store": _("保存文件"),
                "files.download": _("下载文件"),
                "files.delete": _("删除文件"),
            }
        )
