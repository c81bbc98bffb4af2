"""Registers what home adds to others' pages; no logic."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """首页"""

    name = "liaoyuan.desk.home"
    label = "home"
    verbose_name = "首页"
