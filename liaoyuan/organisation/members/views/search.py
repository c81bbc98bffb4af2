"""Finding people from anywhere: the box in the frame (`/`), its page, the name card."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from liaoyuan.organisation.members.policies import can_list
from liaoyuan.organisation.members.selectors import acts_on, people_search, person_card

_PAGE_LIMIT = 100
_BOX_LIMIT = 8


@login_required
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Who matches ``q``: a short list under the box for htmx, a page without it."""
    actor = request.actor  # type: ignore[attr-defined]
    can_list(actor).require()
    q = request.GET.get("q", "")
    box = bool(request.htmx) and request.htmx.target == "search-found"  # type: ignore[attr-defined]
    limit = _BOX_LIMIT if box else _PAGE_LIMIT
    found = people_search(actor, q, limit=limit + 1) if q.strip() else []
    context = {"found": found[:limit], "more": len(found) > limit, "q": q}
    return render(request, "members/_found.html" if box else "members/search.html", context)


@login_required
@require_GET
def card(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The name card that a chip opens."""
    actor = request.actor  # type: ignore[attr-defined]
    person = person_card(actor, pk)
    return render(request, "members/_card.html", {"person": person, "acts": acts_on(actor, person)})
