"""The unit page."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from liaoyuan.foundation.audit.labels import label_of
from liaoyuan.organisation.units import policies, registry, rules
from liaoyuan.organisation.units.models import Unit, UnitChange, UnitKind
from liaoyuan.organisation.units.selectors import unit_get, unit_page
from liaoyuan.organisation.units.views.tree import KIND_ICONS
from liaoyuan.organisation.units.wording import sentence

_ICONS = {
    "create": "plus",
    "move": "arrows-move",
    "split": "arrows-split",
    "merge": "arrows-join",
    "merged": "arrows-join",
    "dissolve": "archive",
    "rename": "pencil",
    "update": "pencil",
    "reorder": "arrows-sort",
}
_COLUMNS = {
    "name": gettext_lazy("名称"),
    "kind": gettext_lazy("类别"),
    "parent_id": gettext_lazy("上级"),
    "position": gettext_lazy("次序"),
    "host_body": gettext_lazy("所在单位"),
    "can_approve_members": gettext_lazy("审批权"),
    "founded_on": gettext_lazy("成立日期"),
    "elected_on": gettext_lazy("换届日期"),
    "site_id": gettext_lazy("驻地"),
    "approved_by_id": gettext_lazy("批准组织"),
    "mission": gettext_lazy("任务"),
    "planned_end_on": gettext_lazy("计划撤销日期"),
    "dissolved_on": gettext_lazy("撤销日期"),
}


@login_required
@require_safe
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Facts, term, children, changes, and the tabs that other apps add."""
    actor = request.actor  # type: ignore[attr-defined]
    unit = unit_get(actor, pk)
    page = unit_page(actor, unit)
    shown = request.GET.get("tab", "")
    built = [(tab, tab.build(actor, unit)) for tab in registry.unit_tabs()]
    tabs = [(tab, context) for tab, context in built if context is not None]
    current = next(((tab, context) for tab, context in tabs if tab.key == shown), None)
    address = reverse("units:detail", args=[unit.pk])
    links = [{"label": _("概况"), "url": address, "active": current is None, "icon": "info-circle"}]
    links += [
        {"label": tab.label, "url": f"{address}?tab={tab.key}", "active": current is not None and tab is current[0]}
        for tab, _context in tabs
    ]
    context: dict[str, Any] = {
        "unit": unit,
        "page": page,
        "kind": UnitKind(unit.kind).label,
        "kind_icon": KIND_ICONS[UnitKind(unit.kind)],
        "tabs": links if tabs else (),
        "findings": [_finding(one) for one in page.findings],
        "changes": [_event(change) for change in page.changes],
        "children": [
            (child, page.child_counts.get(child.pk), KIND_ICONS[UnitKind(child.kind)]) for child in page.children
        ],
        "can": _can(actor, unit),
        "child_word": _child_word(unit),
    }
    if current is not None:
        context |= {"tab_template": current[0].template, **(current[1] or {})}
    return render(request, "units/detail.html", context)


def _can(actor: Any, unit: Unit) -> dict[str, bool]:
    """Which buttons to show."""
    lives = unit.dissolved_on is None
    above = bool(policies.can_restructure(actor, unit)) and lives
    return {
        "update": bool(policies.can_update(actor, unit)) and lives,
        "create": bool(policies.can_create_under(actor, unit)) and lives and unit.kind != rules.GROUP,
        "move": above and unit.parent is not None,
        "split": above and unit.parent is not None,
        "merge": above,
        "dissolve": above,
        "access": bool(policies.can_see_access(actor, unit)) or bool(policies.can_delegate(actor, unit)),
    }


def _finding(finding: rules.Finding) -> dict[str, str]:
    level = "late" if finding.blocking else "soon"
    return {"level": level, "text": sentence(finding), "clause": finding.clause}


def _child_word(unit: Unit) -> str:
    return _("党小组") if unit.is_branch else _("下级组织")


def _event(change: UnitChange) -> dict[str, Any]:
    """One change for the timeline: what it was and what it became, in words."""
    parts = []
    for name in ("name", "kind", "host_body", "mission", "founded_on", "elected_on", "planned_end_on"):
        if name in change.before and change.verb != "create":
            old, new = _shown(name, change.before[name]), _shown(name, change.after.get(name))
            parts.append(_("%(what)s：%(old)s → %(new)s") % {"what": _COLUMNS[name], "old": old, "new": new})
    others = [_COLUMNS[name] for name in ("site_id", "approved_by_id", "can_approve_members") if name in change.before]
    if others and change.verb != "create":
        parts.append(_("改了%(what)s") % {"what": "、".join(str(other) for other in others)})
    if "into" in change.after:
        parts.append(_("划入或并入 %(code)s") % {"code": change.after["into"]})
    if "from" in change.after:
        parts.append(_("并入的组织：%(codes)s") % {"codes": "、".join(change.after["from"])})
    body = "；".join([change.reason, *parts])
    return {
        "date": change.on,
        "title": f"{label_of(f'units.{change.verb}')} · {change.by_name}",
        "body": body,
        "icon": _ICONS.get(change.verb, "point"),
        "level": "late" if change.verb in {"dissolve", "merged"} else "info",
    }


def _shown(name: str, value: Any) -> str:
    if name == "kind" and value in UnitKind.values:
        return str(UnitKind(value).label)
    return str(value) if value not in (None, "") else "—"
