"""The shared look: base page, components, built front end."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """界面"""

    name = "liaoyuan.kernel.ui"
    label = "ui"
    verbose_name = "界面"
