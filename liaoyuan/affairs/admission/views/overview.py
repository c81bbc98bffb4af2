"""Many cases at once: the year plan, candidates side by side."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from liaoyuan.affairs.admission.policies import can_list
from liaoyuan.affairs.admission.selectors.board import unit_for
from liaoyuan.affairs.admission.selectors.comparing import compare as compared
from liaoyuan.affairs.admission.selectors.plan import plan as planned
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import DomainError
from liaoyuan.kernel.scoping import Actor

_FIRST, _LAST = 2014, 2100


@login_required
@require_GET
def plan(request: HttpRequest) -> HttpResponse:
    """What falls due and what becomes lawful in a year, by month."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    can_list(actor).require()
    text = request.GET.get("year", "")
    year = int(text) if text.isdecimal() and len(text) == 4 and _FIRST <= int(text) <= _LAST else clock.today().year
    unit = unit_for(actor, request.GET.get("unit", "").strip())
    return render(request, "admission/plan.html", {"plan": planned(actor, unit, year)})


@login_required
@require_GET
def compare(request: HttpRequest) -> HttpResponse:
    """Two to four candidates side by side, with the evidence of each."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    can_list(actor).require()
    wanted = []
    for text in request.GET.getlist("case")[:20]:
        try:
            wanted.append(UUID(text))
        except ValueError:
            continue
    sides = compared(actor, wanted) if wanted else []
    if wanted and len(set(wanted)) > 1 and len(sides) < 2:
        raise DomainError(_("能并列比较的人选不足两个。请在看板上勾选两至四人。"))
    return render(request, "admission/compare.html", {"sides": sides})
