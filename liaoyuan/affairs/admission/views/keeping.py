"""Keeping a case in order: correcting, cancelling, papers, the meeting's agenda."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from liaoyuan.affairs.admission.forms.cases import CancelForm, PaperForm, SubmitForm
from liaoyuan.affairs.admission.forms.correcting import correct_form, day_only
from liaoyuan.affairs.admission.policies import can_act, can_keep
from liaoyuan.affairs.admission.rules.acts import Act
from liaoyuan.affairs.admission.rules.steps import Step
from liaoyuan.affairs.admission.selectors.cases import case_get, case_state, record_get
from liaoyuan.affairs.admission.selectors.meetings import agenda_of, meetings_ahead
from liaoyuan.affairs.admission.services.accepting import meeting_submit
from liaoyuan.affairs.admission.services.correcting import record_cancel, record_correct
from liaoyuan.affairs.admission.services.papers import paper_record
from liaoyuan.kernel.errors import Conflict, DomainError
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.forms.fields import show_refusal


@login_required
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, pk: UUID, record: UUID) -> HttpResponse:
    """Another day or another content for an act."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = case_get(actor, pk)
    can_keep(actor, case).require()
    row = record_get(case, record)
    form = correct_form(request.POST or None, actor=actor, case=case, record=row)
    if request.method == "POST" and form.is_valid():
        content = form.values()
        on, reason = content.pop("on"), content.pop("reason")
        try:
            record_correct(actor=actor, case=pk, record=record, on=on, reason=reason, content=content)
        except Conflict:
            raise
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("已更正，原记录保留在经过里。"))
            return redirect("admission:case", pk)
    context = {"case": case, "form": form, "title": _("更正：%(act)s") % {"act": row.get_act_display()}}
    context |= {"submit": _("保存更正"), "danger": False, "hint": day_only(row)}
    return render(request, "admission/keep.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, pk: UUID, record: UUID) -> HttpResponse:
    """It did not happen."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = case_get(actor, pk)
    can_keep(actor, case).require()
    row = record_get(case, record)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            record_cancel(actor=actor, case=pk, record=record, **form.cleaned_data)
        except Conflict:
            raise
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("已撤销，原记录保留在经过里。"))
            return redirect("admission:case", pk)
    context = {"case": case, "form": form, "title": _("撤销：%(act)s") % {"act": row.get_act_display()}}
    context |= {"submit": _("撤销这条记录"), "danger": True}
    return render(request, "admission/keep.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def paper(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A paper lies in the file."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = case_get(actor, pk)
    can_keep(actor, case).require()
    form = PaperForm(request.POST or None, initial={"kind": request.GET.get("kind", "")})
    if request.method == "POST" and form.is_valid():
        try:
            row = paper_record(actor=actor, case=pk, **form.cleaned_data)
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("已登记材料：%(name)s。") % {"name": row.get_kind_display()})
            return redirect(f"{reverse('admission:case', args=[pk])}#papers")
    context = {"case": case, "form": form, "title": _("登记材料"), "submit": _("登记"), "danger": False}
    return render(request, "admission/keep.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def submit(request: HttpRequest, pk: UUID, act: str) -> HttpResponse:
    """Put the case on the agenda of a planned general meeting."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = case_get(actor, pk)
    conversion = act == Act.CONVERSION_MEETING
    can_act(actor, case, Act.CONVERSION_MEETING if conversion else Act.MEETING).require()
    state = case_state(case)
    agenda = agenda_of(case, state.progress, state.limits)
    meetings = [] if agenda.problem else meetings_ahead(actor, case)
    form = SubmitForm(request.POST or None, meetings=meetings)
    if request.method == "POST" and form.is_valid():
        try:
            motion = meeting_submit(actor=actor, case=pk, conversion=conversion, **form.cleaned_data)
        except Conflict:
            raise
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("已列入议程。表决结果会自动记入案卷。"))
            return redirect("orglife:meeting", motion.meeting_id)
    step = Step.CONVERSION_MEETING if conversion else Step.MEETING
    line = next(one for one in state.lines if one.step == step)
    context = {"case": case, "form": form, "meetings": meetings, "line": line, "agenda": agenda}
    return render(request, "admission/submit.html", context, status=422 if form.errors else 200)
