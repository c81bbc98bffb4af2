"""A plan as a person reads it: counts, and lists with old → new, bounded; secrets masked."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from liaoyuan.organisation.members.rules.identity import mask_id, mask_phone
from liaoyuan.organisation.roster.layout import BY_KEY
from liaoyuan.organisation.roster.plan import Change, Plan, Section
from liaoyuan.organisation.roster.showing import show

MOST = 200
# The fields whose filling ends something, by sheet.
_ENDS = {"units": "dissolved_on", "tenures": "until", "postings": "ended_on"}
_ENDING = {"units": _l("撤销"), "people": _l("调往别的支部"), "tenures": _l("免职"), "postings": _l("归队")}
_MASKS = {"id_number": mask_id, "phone": mask_phone}


def summarise(plan: Plan) -> dict[str, Any]:
    """``{"sections": [...], "sites": [...]}`` for the preview page, as JSON."""
    return {
        "sections": [_section(key, section) for key, section in plan.sections],
        "sites": [
            {"name": name, "lon": lon, "lat": lat, "moved": name in plan.moved}
            for name, (lon, lat) in list(plan.sites.items())[:MOST]
        ],
    }


def _section(key: str, section: Section[Any]) -> dict[str, Any]:
    ending = [change for change in section.changed if _ends(key, change)]
    others = [change for change in section.changed if not _ends(key, change)]
    created = section.created[:MOST]
    return {
        "key": key,
        "title": section.title,
        "ending": str(_ENDING[key]),
        "created": len(section.created),
        "changed": len(others),
        "ended": len(ending),
        "same": section.same,
        "absent": section.absent,
        "created_items": [{"row": row.row, "label": _label(key, row)} for row in created],
        "changed_items": [_changed(key, change) for change in others[:MOST]],
        "ended_items": [_changed(key, change) for change in ending[:MOST]],
        "more": max(0, len(section.created) - MOST) + max(0, len(others) - MOST) + max(0, len(ending) - MOST),
    }


def _ends(key: str, change: Change[Any]) -> bool:
    if key == "people":  # who goes to another branch ends his membership of the old one
        return "unit" in change.fields
    before, after = change.fields.get(_ENDS[key], (None, None))
    return before is None and after is not None


def _label(key: str, row: Any) -> str:
    if key == "units":
        return f"{row.name or row.code}（{row.code}）"
    if key == "people":
        return _("%(name)s（%(number)s）→ %(unit)s") % {"name": row.name, "number": row.number, "unit": row.unit}
    if key == "tenures":
        return f"{row.number} · {row.unit} · {row.post}"
    return f"{row.number} · {row.purpose} · {row.site} · {row.since}"


def _changed(key: str, change: Change[Any]) -> dict[str, Any]:
    layout = BY_KEY[key]
    fields = []
    for name in sorted(change.fields, key=lambda name: [column.key for column in layout.columns].index(name)):
        column = layout.column(name)
        before, after = (show(column, value) for value in change.fields[name])
        if name in _MASKS:
            before, after = _MASKS[name](before), _MASKS[name](after)
        fields.append([column.title, before or _("（空）"), after or _("（空）")])
    label = _label(key, change.new)
    if key == "people":
        label = f"{change.new.name or change.old.name}（{change.new.number}）"
    return {"row": change.new.row, "label": label, "fields": fields}
