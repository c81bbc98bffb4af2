"""One's own page: saying where one is, and one's own postings."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import DomainError, NotInScope, NotPermitted
from liaoyuan.organisation.whereabouts import rules
from liaoyuan.organisation.whereabouts.forms.posting import CheckInForm
from liaoyuan.organisation.whereabouts.policies import can_check_in
from liaoyuan.organisation.whereabouts.selectors import places
from liaoyuan.organisation.whereabouts.selectors import postings as read
from liaoyuan.organisation.whereabouts.services.checkins import check_in, check_in_at
from liaoyuan.organisation.whereabouts.views.register import LEVELS


@login_required
@require_http_methods(["GET", "POST"])
def checkin(request: HttpRequest) -> HttpResponse:
    """Say where I am: choose a place, or let the device tell after pressing the button."""
    actor = request.actor  # type: ignore[attr-defined]
    can_check_in(actor).require()
    form = CheckInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            if data["lon"] is not None and data["lat"] is not None:
                check_in_at(actor=actor, lon=data["lon"], lat=data["lat"])
            else:
                check_in(actor=actor, site=data["site"].pk)
        except (NotInScope, NotPermitted):
            raise
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.sentence)
        else:
            messages.success(request, _("已打卡。您所在支部和上级按权限能看到这个位置。"))
            return redirect("whereabouts:checkin")
    context = {
        "form": form,
        "where": places.own_place(actor),
        "checkins": places.own_checkins(actor),
        "precision": precision_words(),
    }
    return render(request, "whereabouts/checkin.html", context)


def precision_words() -> str:
    """The configured rounding as people read distances."""
    metres = settings.LIAOYUAN.checkin_precision_degrees * 111_000
    return _("约 %d 米") % round(metres, -1) if metres < 1000 else _("约 %d 公里") % round(metres / 1000)


@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """My postings: where I am taken to be, where I was, what is to confirm."""
    actor = request.actor  # type: ignore[attr-defined]
    if actor.person_id is None:
        raise NotPermitted(_("您的账号没有对应的人员档案，没有外出记录。"))
    today = clock.today()
    items = [
        {
            "posting": row,
            "state": rules.STATE_LABELS[(now := read.state_of(row, today))],
            "level": LEVELS[now],
            "days": rules.days_away(row.since, row.ended_on, today),
            "may_confirm": row.confirmed_at is None and rules.active_on(row.since, row.ended_on, today),
        }
        for row in read.own_postings(actor)
    ]
    context = {"items": items, "where": places.own_place(actor), "may_check_in": bool(can_check_in(actor))}
    return render(request, "whereabouts/mine.html", context)
