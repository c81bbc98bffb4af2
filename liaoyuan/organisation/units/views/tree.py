"""The tree screen, and the tree of a past day."""

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from liaoyuan.foundation.regulations.limits import Limits, limits_at
from liaoyuan.kernel.clock import today
from liaoyuan.kernel.errors import NotPermitted
from liaoyuan.organisation.units import rules
from liaoyuan.organisation.units.models import UnitKind
from liaoyuan.organisation.units.policies import Capability
from liaoyuan.organisation.units.selectors import TreeQuery, TreeRow, tree, tree_as_of

KIND_ICONS = {
    UnitKind.COMMITTEE: "building-fortress",
    UnitKind.GENERAL_BRANCH: "building",
    UnitKind.BRANCH: "flag",
    UnitKind.JOINT_BRANCH: "flag-2",
    UnitKind.TEMPORARY_BRANCH: "flag-bolt",
    UnitKind.GROUP: "users-group",
}


@login_required
@require_safe
def tree_page(request: HttpRequest) -> HttpResponse:
    """The tree: search and opened units live in the address, so a link shows the same to whoever may see it."""
    actor = request.actor  # type: ignore[attr-defined]
    require_view(actor)
    query = _read(request)
    found = tree(actor, query)
    limits = limits_at()
    lines = [_line(actor, row, query, limits) for row in found.rows]
    context = {
        "lines": lines,
        "cut": found.cut,
        "query": query,
        "kinds": UnitKind.choices,
        "movable": any(line["move"] for line in lines),
        "all_open": "*" in query.open,
    }
    template = "units/_tree.html" if request.htmx and not request.htmx.boosted else "units/tree.html"  # type: ignore[attr-defined]
    response = render(request, template, context)
    response["Vary"] = "HX-Request, Cookie"
    return response


def _read(request: HttpRequest) -> TreeQuery:
    kind = request.GET.get("kind", "")
    codes = {code for code in request.GET.get("open", "").split(",") if code}
    return TreeQuery(
        q=request.GET.get("q", "").replace("\x00", "").strip()[:60],
        kind=kind if kind in UnitKind.values else "",
        open=frozenset(sorted(codes)[:300]),
        dissolved=request.GET.get("dissolved") == "1",
    )


def _line(actor: Any, row: TreeRow, query: TreeQuery, limits: Limits) -> dict[str, Any]:
    unit = row.unit
    end, level, _clause = rules.term_end(unit.kind, unit.elected_on, today=today(), limits=limits.at(unit.path))
    parent = unit.parent
    manages = actor.covers(Capability.MANAGE, unit.path)
    return {
        "row": row,
        "unit": unit,
        "icon": KIND_ICONS[UnitKind(unit.kind)],
        "kind": UnitKind(unit.kind).label,
        "toggle": _toggled(row, query),
        "move": parent is not None and unit.dissolved_on is None and actor.covers(Capability.MANAGE, parent.path),
        "takes": " ".join(rules.kinds_under(unit.kind)) if manages and unit.dissolved_on is None else "",
        "term_level": level if level in {"late", "soon"} and unit.dissolved_on is None else "",
        "term_end": end,
        "overdue": unit.planned_end_on is not None and unit.dissolved_on is None and unit.planned_end_on < today(),
    }


def _toggled(row: TreeRow, query: TreeQuery) -> str | None:
    """The value of ``open`` after a click on the row's triangle; None where there is nothing to open or close."""
    if query.searching or row.grey or not row.has_children:
        return None
    codes = set(query.open) - {"*"}
    if "*" in query.open:
        return None
    if row.open and row.unit.code not in codes:
        return None  # a top of the reach is always open
    changed = codes - {row.unit.code} if row.open else codes | {row.unit.code}
    return ",".join(sorted(changed))


@login_required
@require_safe
def past_page(request: HttpRequest) -> HttpResponse:
    """The tree as it stood at the end of a past day."""
    actor = request.actor  # type: ignore[attr-defined]
    require_view(actor)
    text = request.GET.get("on", "")
    day, wrong = today(), ""
    if text:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            wrong = _("“%(text)s”不是日期，请写作 2026-11-22。") % {"text": text[:20]}
    if day > today():
        day, wrong = today(), _("那一天还没有到，下面是今天的情况。")
    lines = [
        {"unit": unit, "icon": KIND_ICONS[UnitKind(unit.kind)], "kind": UnitKind(unit.kind).label}
        for unit in tree_as_of(actor, day)
    ]
    return render(request, "units/past.html", {"lines": lines, "day": day, "wrong": wrong, "today": today()})


def require_view(actor: Any) -> None:
    """Whoever sees no unit at all gets the reason, not an empty page."""
    if not actor.holds(Capability.VIEW):
        raise NotPermitted(_("您还没有可以查看的组织。账号与人员关联、编入党支部后即可查看。"))
