"""谁看过我的档案: for everybody, about himself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from liaoyuan.desk.oversight.selectors.lookups import by_day
from liaoyuan.foundation.audit.selectors import lookups_of
from liaoyuan.kernel.ui.paging import page_number, paginate

PER = 50


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Who read, changed, or was refused my file, by day. Who has no file gets 404."""
    actor = request.actor  # type: ignore[attr-defined]  # ActorMiddleware
    rows = lookups_of(actor, actor.person_id)
    page = paginate(rows, number=page_number(request.GET.get("page", "")), per=PER)
    return render(request, "oversight/lookups.html", {"page": page, "days": by_day(page.rows)})
