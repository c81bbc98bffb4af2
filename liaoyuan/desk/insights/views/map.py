"""The map's pages: full, on the wall, as text; looking somebody up."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from liaoyuan.desk.insights.forms import FindForm, MapForm
from liaoyuan.desk.insights.policies import can_see_map, can_see_names
from liaoyuan.desk.insights.selectors import choices
from liaoyuan.desk.insights.selectors.base import base_digest
from liaoyuan.desk.insights.selectors.places import TEXT_ZOOM, lines_of
from liaoyuan.desk.insights.selectors.reach import Filters
from liaoyuan.desk.insights.services.looking import map_look, person_locate
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import DomainError, NotInScope
from liaoyuan.kernel.scoping import Actor

SLIDER_DAYS = 365


def island(mode: str) -> dict[str, Any]:
    """What the page's element needs to know; ``awake`` where what it asks by itself counts as use of the session."""
    return {
        "mode": mode,
        "data_url": reverse("insights:data"),
        "people_url": reverse("insights:people"),
        "base_url": reverse("insights:base", args=[base_digest()]),
        "socket_url": "/ws/map/",
        "text_url": reverse("insights:text"),
        "map_url": reverse("insights:map"),
        "awake": mode == "wall" and settings.LIAOYUAN.wall_keeps_session,
    }


def home_panel(actor: Actor) -> dict[str, Any]:
    """The map on the home page."""
    return {"island": island("home"), "may_names": bool(can_see_names(actor))}


@login_required
@require_GET
def full(request: HttpRequest) -> HttpResponse:
    """The map with its filters, its day, and the search for people."""
    actor = request.actor  # type: ignore[attr-defined]
    can_see_map(actor).require()
    form = MapForm(actor, request.GET or None)
    if form.is_bound and not form.is_valid() and form.foreign_unit:
        raise NotInScope()
    return render(
        request,
        "insights/map.html",
        {
            "form": form,
            "island": island("full"),
            "may_names": bool(can_see_names(actor)),
            "slider": {"days": SLIDER_DAYS, "today": clock.today()},
        },
    )


@login_required
@require_GET
def wall(request: HttpRequest) -> HttpResponse:
    """For the big screen in the duty room: dark, no menu, numbers that can be read from the door."""
    actor = request.actor  # type: ignore[attr-defined]
    can_see_map(actor).require()
    filters = MapForm(actor, request.GET, shown=False).filters()
    answer = map_look(actor=actor, filters=filters, zoom=TEXT_ZOOM)
    context = {"island": island("wall"), "answer": answer, "lines": lines_of(answer)[:8]}
    return render(request, "insights/wall.html", context)


@login_required
@require_GET
def text(request: HttpRequest) -> HttpResponse:
    """The map as a table by place: weak handhelds, screen readers, no JavaScript. The day is a field of the form."""
    actor = request.actor  # type: ignore[attr-defined]
    can_see_map(actor).require()
    form = MapForm(actor, request.GET or None)
    filters = Filters()
    problem = ""
    if form.is_bound:
        try:
            filters = form.filters()
        except NotInScope:
            raise
        except DomainError as error:
            problem = error.sentence
    answer = map_look(actor=actor, filters=filters, zoom=TEXT_ZOOM)
    days = _neighbours(filters)
    context = {
        "form": form,
        "answer": answer,
        "lines": lines_of(answer),
        "filters": filters,
        "problem": problem,
        "may_names": bool(can_see_names(actor)),
        **days,
    }
    return render(request, "insights/text.html", context)


def _neighbours(filters: Filters) -> dict[str, Any]:
    today = clock.today()
    day = filters.on or today
    return {
        "day": day,
        "day_before": day - timedelta(days=1),
        "week_before": day - timedelta(days=7),
        "day_after": day + timedelta(days=1) if day < today else None,
    }


@login_required
@require_GET
def locate(request: HttpRequest) -> HttpResponse:
    """Find one person on the map. A search lists names; opening one is recorded and shown to that person."""
    actor = request.actor  # type: ignore[attr-defined]
    can_see_map(actor).require()
    form = FindForm(request.GET)
    found: list[Any] = []
    located = None
    if not form.is_valid():
        raise NotInScope()
    if key := form.cleaned_data["person"]:
        located = person_locate(actor=actor, person=key)
    elif query := form.cleaned_data["q"].strip():
        can_see_names(actor).require()
        found = choices.people_named(actor, query)
    context = {
        "form": form,
        "located": located,
        "found": found[: choices.FOUND],
        "more": len(found) > choices.FOUND,
        "asked": form.cleaned_data["q"],
        "title": located.person.name if located else _("在地图上找人"),
    }
    return render(request, "insights/locate.html", context)
