"""Registers what members adds to others' pages; no logic."""

from django.apps import AppConfig


class MembersConfig(AppConfig):
    """人员"""

    name = "liaoyuan.organisation.members"
    label = "members"
    verbose_name = "人员"
