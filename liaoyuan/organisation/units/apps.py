"""Registers what units adds to others' pages; no logic."""

from django.apps import AppConfig


class UnitsConfig(AppConfig):
    """组织"""

    name = "liaoyuan.organisation.units"
    label = "units"
    verbose_name = "组织"
