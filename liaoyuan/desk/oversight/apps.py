"""Registers what oversight adds to others' pages; no logic."""

from django.apps import AppConfig


class OversightConfig(AppConfig):
    """监督"""

    name = "liaoyuan.desk.oversight"
    label = "oversight"
    verbose_name = "监督"
