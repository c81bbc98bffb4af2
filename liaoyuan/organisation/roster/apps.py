"""Registers what roster adds to others' pages; no logic."""

from django.apps import AppConfig


class RosterConfig(AppConfig):
    """花名册"""

    name = "liaoyuan.organisation.roster"
    label = "roster"
    verbose_name = "花名册"
