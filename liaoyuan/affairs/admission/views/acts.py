"""One act at a time: the form, the service, and where it leads."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods

from liaoyuan.affairs.admission.forms.acts import FORMS
from liaoyuan.affairs.admission.forms.fields import ActForm
from liaoyuan.affairs.admission.forms.postings import PostForm, WallPostForm
from liaoyuan.affairs.admission.forms.votes import DecisionForm
from liaoyuan.affairs.admission.policies import can_act
from liaoyuan.affairs.admission.rules.acts import ACTS, BESIDE, Act
from liaoyuan.affairs.admission.rules.order import allowed
from liaoyuan.affairs.admission.rules.steps import step_name
from liaoyuan.affairs.admission.rules.transfer import fact_of
from liaoyuan.affairs.admission.selectors.cases import case_get, case_state
from liaoyuan.affairs.admission.selectors.meetings import ACT_OF, agenda_of
from liaoyuan.affairs.admission.services import accepting, applying, converting, listing, transferring
from liaoyuan.affairs.admission.services.voting import decision_take
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
    Act.EXAMINE: transferring.papers_examine,
    Act.DISOWN: transferring.probationer_disown,
    Act.STOP: converting.case_stop,
}


@dataclass(frozen=True, slots=True)
class Way:
    """One way of recording an act: its form and service, and ``invite``, the words of the link that leads here."""

    form: type[ActForm]
    service: Callable[..., Any]
    title: Any
    invite: Any


# Acts that may have happened outside the platform: ``?way=…`` opens the other form.
WAYS: dict[tuple[Act, str], Way] = {
    (Act.POST, ""): Way(PostForm, listing.candidate_post, ACTS[Act.POST].label, _lazy("改为在平台上公示（从今天起）")),
    (Act.POST, "paper"): Way(
        WallPostForm, listing.posting_record, _lazy("补录纸质公示"), _lazy("已经在墙上张贴过的，改为补录纸质公示")
    ),
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
    chosen = request.GET.get("way", "")
    waiting = agenda_of(case, state.progress, state.limits).waiting if wanted in ACT_OF.values() else None
    way = _way(wanted, chosen)
    if waiting is not None:
        way = Way(DecisionForm, partial(decision_take, act=wanted), _("登记会议表决结果"), "")
    form = way.form(request.POST or None, actor=actor, case=case)
    if request.method == "POST" and form.is_valid():
        try:
            way.service(actor=actor, case=case.pk, **form.values())
        except Conflict:
            raise
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("已登记：%(label)s。") % {"label": ACTS[wanted].label})
            return redirect("admission:case", case.pk)
    info = ACTS[wanted]
    # What belongs to no step is done at the one where the case stands.
    step = (state.progress.step or info.step) if wanted in BESIDE else info.step
    line = next(one for one in state.lines if one.step == step)
    if wanted in {Act.EXAMINE, Act.DISOWN}:
        line = replace(line, clause=state.limits.clause(fact_of(state.progress)), within="", latest=None)
    context = {
        "case": case,
        "form": form,
        "title": way.title,
        "act": wanted,
        "draft": f"{request.path}{chosen}",
        "others": [(name, one.invite) for (of, name), one in WAYS.items() if of == wanted and name != chosen],
        "step": step_name(step, needs_consent=state.limits.needs_consent),
        "line": line,
        "danger": wanted in {Act.STOP, Act.DISOWN},
        "waiting": waiting,
    }
    return render(request, "admission/act.html", context, status=422 if form.errors else 200)


def _way(act: Act, chosen: str) -> Way:
    if chosen and (act, chosen) not in WAYS:
        raise NotInScope()
    return WAYS.get((act, chosen)) or Way(FORMS[act], SERVICES[act], ACTS[act].label, "")


def _act(text: str) -> Act:
    try:
        found = Act(text)
    except ValueError:
        raise NotInScope() from None
    if found not in FORMS:
        raise NotInScope()
    return found
