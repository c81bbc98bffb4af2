"""How stored values are written in a workbook and shown in a preview."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.organisation.members import codes
from liaoyuan.organisation.roster.layout import Column
from liaoyuan.organisation.units.models import UnitKind


def shown_as(column: Column) -> Callable[[Any], Any]:
    """How a stored value is written."""
    labels: dict[str, Callable[[str], str]] = {
        "kinds": lambda value: str(UnitKind(value).label) if value else "",
        "sexes": codes.sex_label,
        "ethnicities": codes.ethnicity_label,
        "educations": codes.education_label,
        "categories": codes.category_label,
        "standings": codes.standing_label,
    }
    if column.choices in labels:
        return lambda value: labels[column.choices](value) or None
    if column.key == "dues_base":
        return lambda fen: None if fen is None else fen / 100
    if column.kind == "yes_no":
        return lambda value: _("是") if value else _("否")
    return lambda value: value if value != "" else None


def show(column: Column, value: Any) -> str:
    """A stored value as people read it, for previews; "" for nothing."""
    shown = shown_as(column)(value)
    if shown is None:
        return ""
    if isinstance(shown, float):
        return f"{shown:.2f}"
    return shown.isoformat() if isinstance(shown, date) else str(shown)
