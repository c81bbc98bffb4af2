"""One act at a time: the form, the service, and where it leads."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from liaoyuan.affairs.admission.forms.acts import FORMS
from liaoyuan.affairs.admission.policies import can_act
from liaoyuan.affairs.admission.rules.acts import ACTS, Act
from liaoyuan.affairs.admission.rules.order import allowed
from liaoyuan.affairs.admission.rules.steps import step_name
from liaoyuan.affairs.admission.selectors.cases import case_get, case_state
from liaoyuan.affairs.admission.services import accepting, applying, converting, listing
from liaoyuan.kernel.errors import Conflict, DomainError, NotInScope
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.forms.fields import show_refusal

SERVICES: dict[Act, Callable[..., Any]] = {
    Act.TALK: applying.talk_record,
    Act.ACTIVIST: applying.activist_determine,
    Act.FILE_ACTIVIST: applying.activist_file,
    Act.MENTORS: applying.mentors_set,
    Act.REVIEW: applying.review_record,
    Act.OPINION: listing.opinion_record,
    Act.PROPOSE: listing.candidate_propose,
    Act.CONSENT: listing.consent_record,
    Act.POST: listing.candidate_post,
    Act.POSTED: listing.posting_result,
    Act.LIST: listing.candidate_list,
    Act.FILE_CANDIDATE: listing.candidate_file,
    Act.INTRODUCERS: listing.introducers_set,
    Act.POLITICAL_REVIEW: listing.political_review_record,
    Act.TRAINING: listing.training_record,
    Act.COMMITTEE_CHECK: accepting.committee_check,
    Act.PRE_REVIEW: accepting.pre_review,
    Act.FORM: accepting.form_record,
    Act.MEETING: accepting.meeting_record,
    Act.REPORT: accepting.resolution_report,
    Act.APPROVAL_TALK: lambda **values: applying.talk_record(**values, act=Act.APPROVAL_TALK),
    Act.EXTEND_APPROVAL: accepting.approval_extend,
    Act.APPROVE: accepting.approve,
    Act.REDO: accepting.meeting_redo,
    Act.FILE_MEMBER: accepting.member_file,
    Act.PLACE: converting.place,
    Act.OATH: converting.oath_record,
    Act.CARE: lambda **values: applying.review_record(**values, act=Act.CARE),
    Act.CONVERSION_APPLY: converting.conversion_apply,
    Act.POSTPONE: converting.postpone,
    Act.CONVERSION_CHECK: converting.conversion_check,
    Act.CONVERSION_MEETING: converting.conversion_record,
    Act.CONVERSION_REPORT: converting.conversion_report,
    Act.CONVERSION_APPROVE: converting.conversion_approve,
    Act.ARCHIVE: converting.archive,
    Act.STOP: converting.case_stop,
}


@login_required
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, pk: UUID, act: str) -> HttpResponse:
    """The form of one act. A refusal stands at its field with its clause; nothing was written then."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = case_get(actor, pk)
    wanted = _act(act)
    can_act(actor, case, wanted).require()
    state = case_state(case)
    turn = allowed(wanted, state.progress, state.limits)
    if turn:
        raise Conflict(turn)
    form = FORMS[wanted](request.POST or None, actor=actor, case=case)
    if request.method == "POST" and form.is_valid():
        try:
            SERVICES[wanted](actor=actor, case=case.pk, **form.values())
        except Conflict:
            raise
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("已登记：%(label)s。") % {"label": ACTS[wanted].label})
            return redirect("admission:case", case.pk)
    info = ACTS[wanted]
    line = next(one for one in state.lines if one.step == info.step)
    context = {
        "case": case,
        "form": form,
        "title": info.label,
        "step": step_name(info.step, needs_consent=state.limits.needs_consent),
        "line": line,
        "danger": wanted == Act.STOP,
    }
    return render(request, "admission/act.html", context, status=422 if form.errors else 200)


def _act(text: str) -> Act:
    try:
        found = Act(text)
    except ValueError:
        raise NotInScope() from None
    if found not in FORMS:
        raise NotInScope()
    return found
