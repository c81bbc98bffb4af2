"""Registers what demo adds to others' pages; no logic."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """演示"""

    name = "liaoyuan.desk.demo"
    label = "demo"
    verbose_name = "演示"
