"""Registers what the rule book adds to others' pages; no logic."""

from django.apps import AppConfig


class RegulationsConfig(AppConfig):
    """法规"""

    name = "liaoyuan.foundation.regulations"
    label = "regulations"
    verbose_name = "法规"
