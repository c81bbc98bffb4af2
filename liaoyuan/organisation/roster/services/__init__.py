"""Writes of the roster app."""

from liaoyuan.organisation.roster.services.apply import apply_plan
from liaoyuan.organisation.roster.services.importing import Outcome, import_workbook, look_at

__all__ = ["Outcome", "apply_plan", "import_workbook", "look_at"]
