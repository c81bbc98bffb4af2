"""One duty: what it asks, why it is mine, and what can be done about it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.kernel.errors import Conflict, DomainError, NotPermitted
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.chronicle.forms import HandForm, show_refusal
from liaoyuan.organisation.chronicle.kinds import FactKind
from liaoyuan.organisation.duties.citations import clause_url
from liaoyuan.organisation.duties.forms.acts import HandOverForm, SnoozeForm
from liaoyuan.organisation.duties.models import Duty, DutyState
from liaoyuan.organisation.duties.policies import can_act
from liaoyuan.organisation.duties.registry import door_of
from liaoyuan.organisation.duties.selectors.left import still_open
from liaoyuan.organisation.duties.selectors.page import DutyPage, duty_page
from liaoyuan.organisation.duties.selectors.rows import duties_visible, duty_get
from liaoyuan.organisation.duties.services import duty_hand_over, duty_record, duty_snooze, duty_take_back

Bound = dict[str, forms.Form]


@login_required
@require_safe
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The page, with nothing opened."""
    return _answer(request, duty_get(_actor(request), pk), {})


@login_required
@require_http_methods(["GET", "POST"])
def record(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write down what closes it; ``?kind=`` where it may close by several."""
    actor, duty = _actor(request), _to_act_on(request, pk)
    page = duty_page(actor, duty)
    if not page.records:
        raise NotPermitted(page.unrecorded)
    chosen = _chosen(request, page)
    form = HandForm(chosen, request.POST or None, request.FILES or None, **_days(duty, page, chosen))

    def save() -> None:
        duty_record(
            actor=actor,
            duty=duty,
            occurred_on=form.cleaned_data["occurred_on"],
            payload=form.payload(),
            quantity=form.cleaned_data.get("quantity"),
            kind=chosen.key,
            file=form.cleaned_data.get("file"),
        )

    done = _saved(request, form, save)
    if not done:
        return _answer(request, duty, {"record": form}, page)
    fresh = duty_get(actor, pk)
    if fresh.state == DutyState.OPEN:
        messages.success(request, _("已登记。%(why)s") % {"why": still_open(duty, fresh)})
    else:
        messages.success(request, _("已登记，这件事办结了。"))
    return redirect("duties:show", pk)


@login_required
@require_http_methods(["GET", "POST"])
def snooze(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say nothing of it for a while."""
    actor, duty = _actor(request), _to_act_on(request, pk)
    form = SnoozeForm(duty, request.POST or None, prefix="snooze")
    if not _saved(request, form, lambda: duty_snooze(actor=actor, duty=duty, **form.cleaned_data)):
        return _answer(request, duty, {"snooze": form})
    messages.success(request, _("已暂缓到 %(day)s。") % {"day": form.cleaned_data["until"]})
    return redirect("duties:show", pk)


@login_required
@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let somebody else see to it."""
    actor, duty = _actor(request), _to_act_on(request, pk)
    form = HandOverForm(duty, request.POST or None, prefix="hand")

    def save() -> None:
        duty_hand_over(actor=actor, duty=duty, to=form.chosen(), reason=form.cleaned_data["reason"])

    if not _saved(request, form, save):
        return _answer(request, duty, {"hand_over": form})
    messages.success(request, _("已转交给 %(name)s。") % {"name": form.chosen().name})
    return redirect("duties:show", pk)


@login_required
@require_POST
def take_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Whoever holds the post sees to it again."""
    actor = _actor(request)
    duty_take_back(actor=actor, duty=duty_get(actor, pk))
    messages.success(request, _("已收回，由任职人员办理。"))
    # Whoever gave it back may not see it any more.
    return redirect("duties:show", pk) if duties_visible(actor).filter(pk=pk).exists() else redirect("duties:list")


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined]  # ActorMiddleware


def _to_act_on(request: HttpRequest, pk: UUID) -> Duty:
    """The duty, where the actor may act on it now. Raises NotInScope, NotPermitted, Conflict."""
    duty = duty_get(_actor(request), pk)
    can_act(_actor(request), duty).require()
    if duty.state != DutyState.OPEN:
        raise Conflict(_("这件事已经办结，没有改动。"))
    return duty


def _chosen(request: HttpRequest, page: DutyPage) -> FactKind:
    """The kind that is written down: the one asked for, else the usual one."""
    asked = request.GET.get("kind", "")
    return next((kind for kind in page.records if kind.key == asked), page.records[0])


def _days(duty: Duty, page: DutyPage, chosen: FactKind) -> dict[str, date | None]:
    """The first and the last day that the form offers: what makes up for a missed turn comes after it, what belongs to
    a period lies in it."""
    if chosen == page.missed and duty.due is not None:
        return {"earliest": duty.due + timedelta(days=1), "latest": None}
    return {"earliest": duty.opened_on, "latest": duty.due if page.shown.rule.shape == "period" else None}


def _saved(request: HttpRequest, form: forms.Form, save: Callable[[], Any]) -> bool:
    """Whether the posted form was saved. A refusal stands at its field; a conflict is a page of its own."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        save()
    except Conflict:
        raise
    except DomainError as error:
        show_refusal(form, error)
        return False
    return True


def _answer(request: HttpRequest, duty: Duty, bound: Bound, page: DutyPage | None = None) -> HttpResponse:
    actor = _actor(request)
    page = page or duty_page(actor, duty)
    forms_shown: Bound = {}
    if duty.state == DutyState.OPEN and not page.refusal:
        usual = {"snooze": SnoozeForm(duty, prefix="snooze"), "hand_over": HandOverForm(duty, prefix="hand")}
        forms_shown = {**usual, **bound}
        if page.records and "record" not in bound:
            chosen = _chosen(request, page)
            forms_shown["record"] = HandForm(chosen, **_days(duty, page, chosen))
    context = {
        "duty": duty,
        "page": page,
        "forms": forms_shown,
        "opened": next(iter(bound), ""),
        "chosen": _chosen(request, page) if page.records else None,
        "clause_url": clause_url(page.shown.one),
        "door": door_of(actor, duty) if forms_shown else "",
    }
    failed = request.method == "POST" and any(form.errors for form in bound.values())
    return render(request, "duties/show.html", context, status=422 if failed else 200)
