"""The board, one case, opening a case, one's own way."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from liaoyuan.affairs.admission.forms.cases import FindForm, OpenForm
from liaoyuan.affairs.admission.policies import Capability, can_list, can_open
from liaoyuan.affairs.admission.rules.steps import STAGES
from liaoyuan.affairs.admission.selectors import board as boards
from liaoyuan.affairs.admission.selectors.cases import case_get, case_state, own_case
from liaoyuan.affairs.admission.selectors.page import case_page, stage_lines
from liaoyuan.affairs.admission.selectors.people import applicant, may_apply
from liaoyuan.affairs.admission.services.opening import case_open
from liaoyuan.kernel.errors import Conflict, DomainError, NotPermitted
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.forms.fields import show_refusal


@login_required
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Cases by stage: cards in a branch, numbers above."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    can_list(actor).require()
    unit = boards.unit_for(actor, request.GET.get("unit", "").strip())
    context = {
        "board": boards.board(actor, unit),
        "stages": list(STAGES.values()),
        "may_open": actor.holds(Capability.MANAGE),
    }
    return render(request, "admission/board.html", context)


@login_required
@require_GET
def case(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One case: the step line, what can be done now, papers, history."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row = case_get(actor, pk)
    if actor.person_id == row.person_id:
        return redirect("admission:mine")
    return render(request, "admission/case.html", {"case": row, "page": case_page(actor, row)})


@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """One's own way into the Party: where it stands, without what others said."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.person_id is None:
        raise NotPermitted(_("您的账号没有对应的人员档案。"))
    row = own_case(actor)
    state = case_state(row) if row is not None else None
    stages = stage_lines(state) if state is not None else []
    return render(request, "admission/mine.html", {"case": row, "state": state, "stages": stages})


@login_required
@require_http_methods(["GET", "POST"])
def open_case(request: HttpRequest) -> HttpResponse:
    """Somebody handed in an application: find him, say when."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.holds(Capability.MANAGE):
        raise NotPermitted(_("建立发展案卷由所在党支部的委员办理。"))
    find = FindForm(request.GET or None)
    found = may_apply(actor, find.cleaned_data["q"]) if find.is_bound and find.is_valid() else []
    return render(request, "admission/open.html", {"find": find, "found": found, "looked": bool(request.GET.get("q"))})


@login_required
@require_http_methods(["GET", "POST"])
def open_for(request: HttpRequest, person: UUID) -> HttpResponse:
    """The application of one person."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row = applicant(actor, person)
    if row.unit is not None:
        can_open(actor, row.unit.path).require()
    form = OpenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            opened = case_open(actor=actor, person=row.pk, on=form.cleaned_data["on"])
        except Conflict:
            raise
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("已为 %(name)s 建立发展案卷。") % {"name": row.name})
            return redirect("admission:case", opened.pk)
    return render(request, "admission/open_for.html", {"person": row, "form": form}, status=422 if form.errors else 200)
