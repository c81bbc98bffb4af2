"""Registers what files adds to others' pages; no logic."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """文件"""

    name = "liaoyuan.foundation.files"
    label = "files"
    verbose_name = "文件"
