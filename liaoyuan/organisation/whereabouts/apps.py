"""Registers what whereabouts adds to others' pages; no logic."""

from django.apps import AppConfig


class WhereaboutsConfig(AppConfig):
    """在哪里"""

    name = "liaoyuan.organisation.whereabouts"
    label = "whereabouts"
    verbose_name = "在哪里"
