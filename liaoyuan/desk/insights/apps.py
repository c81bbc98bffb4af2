"""Registers what insights adds to others' pages; no logic."""

from django.apps import AppConfig


class InsightsConfig(AppConfig):
    """党员地图"""

    name = "liaoyuan.desk.insights"
    label = "insights"
    verbose_name = "党员地图"
