"""Objecting, and the named receiver's desk. Nothing of a thread is stored by the browser."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from liaoyuan.activity.notices.forms import AnswerForm, FollowForm, ObjectionForm, posted
from liaoyuan.activity.notices.policies import can_receive
from liaoyuan.activity.notices.selectors import posting_visible
from liaoyuan.activity.notices.selectors.objections import (
    objection_received,
    own_thread,
    postings_received,
    threads_received,
)
from liaoyuan.activity.notices.services import objection_answer, objection_submit
from liaoyuan.activity.notices.views.postings import answer
from liaoyuan.kernel.errors import NotPermitted


@sensitive_post_parameters()
@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def submit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write to the receiver, or add to what one wrote."""
    actor = request.actor  # type: ignore[attr-defined]
    row = posting_visible(actor, pk)
    if actor.person_id is None:
        raise NotPermitted(_("您的账号没有对应的人员档案，不能提出异议。"))
    if can_receive(actor, row):
        raise NotPermitted(_("您是这次公示的受理人，不能向自己提出异议。"))
    follows = own_thread(actor, row) is not None
    form = FollowForm(posted(request)) if follows else ObjectionForm(posted(request))

    def save() -> None:
        objection_submit(
            actor=actor, posting=pk, text=form.cleaned_data["text"],
            anonymous=form.cleaned_data.get("anonymous", False),
        )  # fmt: skip

    return answer(
        request, row, form, save, title=_("提出异议"), submit=_("密封提交"),
        done=_("已密封送交受理人。答复会显示在这份公示的页面上，只有您能看到。"), private=True,
    )  # fmt: skip


@login_required
@never_cache
@require_GET
def received(request: HttpRequest) -> HttpResponse:
    """The postings one receives for."""
    actor = request.actor  # type: ignore[attr-defined]
    if actor.person_id is None:
        raise NotPermitted(_("您的账号没有对应的人员档案，不会是受理人。"))
    return render(request, "notices/received.html", {"rows": postings_received(actor)})


@login_required
@never_cache
@require_GET
def threads(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Every objection to one posting, for its receiver."""
    actor = request.actor  # type: ignore[attr-defined]
    row = posting_visible(actor, pk)
    return render(request, "notices/threads.html", {"posting": row, "threads": threads_received(actor, row)})


@sensitive_post_parameters()
@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def reply(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer one."""
    actor = request.actor  # type: ignore[attr-defined]
    row = objection_received(actor, pk)
    form = AnswerForm(posted(request))

    def save() -> None:
        objection_answer(actor=actor, objection=pk, text=form.cleaned_data["text"])

    return answer(
        request, row.posting, form, save, title=_("答复异议"), submit=_("答复"), done=_("已答复。"),
        back=reverse("notices:threads", args=[row.posting_id]), private=True,
    )  # fmt: skip
