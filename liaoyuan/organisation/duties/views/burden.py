"""The burden meter: what the platform asks of people."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from liaoyuan.kernel.errors import NotInScope
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.duties.policies import can_see_board
from liaoyuan.organisation.duties.selectors.burden import MOST, WEEKS
from liaoyuan.organisation.duties.selectors.burden import burden as read_burden
from liaoyuan.organisation.duties.selectors.listing import units_to_filter
from liaoyuan.organisation.duties.views.tabs import tabs


@login_required
@require_safe
def burden(request: HttpRequest) -> HttpResponse:
    """Items, fields and minutes per person and week; ``?unit=`` narrows."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    can_see_board(actor).require()
    text = request.GET.get("unit", "")
    try:
        unit_id = UUID(text) if text else None
    except ValueError:
        raise NotInScope() from None
    found = read_burden(actor, unit_id)
    context = {"burden": found, "most": MOST, "weeks": WEEKS, "units": units_to_filter(actor), "chosen": unit_id,
               "tabs": tabs(actor, "duties:burden")}  # fmt: skip
    return render(request, "duties/burden.html", context)
