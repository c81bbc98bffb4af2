"""Registers what audit adds to others' pages; no logic."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """审计"""

    name = "liaoyuan.foundation.audit"
    label = "audit"
    verbose_name = "审计"
