"""My day, and every to-do."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from liaoyuan.desk.home.selectors import my_day, my_tasks, panel_contexts
from liaoyuan.kernel import clock


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """To-dos, the map, three numbers."""
    actor = request.actor  # type: ignore[attr-defined]  # ActorMiddleware
    day = my_day(actor)
    panels = [
        render_to_string(panel.template, context, request=request)
        for panel, context in panel_contexts(actor, day.panels)
    ]
    now = clock.local(clock.now())
    context = {"day": day, "panels": panels, "now": now, "name": actor.name}
    return render(request, "home/index.html", {**context, "greeting": greeting(now.hour), "week": weekday(now)})


@require_safe
def todos(request: HttpRequest) -> HttpResponse:
    """Every to-do, worst first."""
    return render(request, "home/todos.html", {"tasks": my_tasks(request.actor)})  # type: ignore[attr-defined]


def weekday(day: date) -> str:
    """The short name of the day of the week."""
    return (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))[day.weekday()]


def greeting(hour: int) -> str:
    """How one says hello at ``hour`` (0–23)."""
    if hour < 6:
        return _("夜深了")
    if hour < 11:
        return _("早上好")
    if hour < 14:
        return _("中午好")
    return _("下午好") if hour < 18 else _("晚上好")
