"""The month on screen, and the private address for calendar programs."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, login_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import DomainError, NotInScope
from liaoyuan.kernel.http.client import client_address
from liaoyuan.kernel.scoping import Actor, actor_for
from liaoyuan.organisation.duties.policies import can_see_list
from liaoyuan.organisation.duties.selectors.feed import calendar_of, own_feed
from liaoyuan.organisation.duties.selectors.month import month as read_month
from liaoyuan.organisation.duties.selectors.month import neighbours
from liaoyuan.organisation.duties.services.feed import feed_end, feed_make, feed_use
from liaoyuan.organisation.duties.views.tabs import tabs

FAILURES_A_MINUTE = 20
READS_A_MINUTE = 30
_FIRST_YEAR, _LAST_YEAR = 2014, 2100
_SHOWN_ONCE = "duties.feed"


class TooManyRequestsError(DomainError):
    """An address asks too often, or tries too many tokens: 429."""

    status = 429
    title = "请求过多"


@login_required
@require_safe
def month(request: HttpRequest) -> HttpResponse:
    """A month of due days; ``?month=2026-11``, ``?mine=1`` for what one answers for. A month that makes no sense is
    this one."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    can_see_list(actor).require()
    first = _month(request.GET.get("month", ""))
    mine = request.GET.get("mine") == "1"
    before, later = neighbours(first)
    context = {
        "tabs": tabs(actor, "duties:calendar"),
        "month": read_month(actor, first, mine=mine),
        "mine": mine,
        "before": before if before.year >= _FIRST_YEAR else None,
        "later": later if later.year <= _LAST_YEAR else None,
        "now": clock.today().replace(day=1),
        "weekdays": [_("一"), _("二"), _("三"), _("四"), _("五"), _("六"), _("日")],
        "may_subscribe": actor.person_id is not None,
        "feed": own_feed(actor),
        "address": request.session.pop(_SHOWN_ONCE, ""),
    }
    return render(request, "duties/calendar.html", context)


def _month(text: str) -> date:
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return clock.today().replace(day=1)
    return first if _FIRST_YEAR <= first.year <= _LAST_YEAR else clock.today().replace(day=1)


@login_required
@require_POST
def feed_new(request: HttpRequest) -> HttpResponse:
    """A new private address; it is shown on the next page, once."""
    plain = feed_make(actor=request.actor)  # type: ignore[attr-defined]
    request.session[_SHOWN_ONCE] = request.build_absolute_uri(reverse("duties:feed", args=[plain]))
    return redirect(reverse("duties:calendar") + "#subscribe")


@login_required
@require_POST
def feed_stop(request: HttpRequest) -> HttpResponse:
    """The address opens nothing any more."""
    if feed_end(actor=request.actor):  # type: ignore[attr-defined]
        messages.success(request, _("日历订阅已停用，原地址即刻失效。"))
    return redirect("duties:calendar")


@login_not_required
@require_safe
@never_cache
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar itself: whoever has the address reads it. 429 after too many reads, or wrong addresses, a minute."""
    address = client_address(request)
    if _count(f"duties:feed-failures:{address}") > FAILURES_A_MINUTE:
        raise TooManyRequestsError(_("来自此地址的无效订阅过多，请一分钟后再试。"))
    user = feed_use(token)
    if user is None:
        _count(f"duties:feed-failures:{address}", more=1)
        raise NotInScope()
    if _count(f"duties:feed-reads:{user.pk}", more=1) > READS_A_MINUTE:
        raise TooManyRequestsError(_("读取过于频繁，请一分钟后再试。"))
    book = calendar_of(actor_for(user, via="api", address=address), host=request.get_host())
    response = HttpResponse(book, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="liaoyuan.ics"'
    return response


def _count(key: str, *, more: int = 0) -> int:
    """How often within the minute, after ``more``."""
    if not more:
        return int(cache.get(key, 0))
    cache.add(key, 0, timeout=60)
    try:
        return int(cache.incr(key))
    except ValueError:  # it expired in between
        cache.set(key, 1, timeout=60)
        return 1
