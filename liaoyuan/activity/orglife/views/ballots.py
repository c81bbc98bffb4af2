"""Voting on a handheld: three big buttons and one confirmation, without script.

Nothing of the choice stays behind: it travels once, in the body of one request; it is in no address, message, log or
draft; pages are not stored; the answer is the same whatever was chosen.
"""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from liaoyuan.activity.orglife.rules.boxes import CHOICES
from liaoyuan.activity.orglife.selectors import motion_visible
from liaoyuan.activity.orglife.selectors.pages import own_ballot
from liaoyuan.activity.orglife.services import ballot_cast
from liaoyuan.kernel.errors import Conflict, DomainError, NotInScope, NotPermitted


@sensitive_post_parameters("choice")
@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def vote(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Cast one's vote, once."""
    actor = request.actor  # type: ignore[attr-defined]
    row = motion_visible(actor, pk)
    entry, voted = own_ballot(actor, row)
    wrong = ""
    if request.method == "POST":
        try:
            ballot_cast(actor=actor, motion=pk, choice=request.POST.get("choice", ""))
        except (NotInScope, NotPermitted, Conflict):
            raise
        except DomainError as error:
            wrong = error.sentence
        else:
            return redirect("orglife:voted", pk=pk)
    elif voted:
        return redirect("orglife:voted", pk=pk)
    context = {"motion": row, "entry": entry, "choices": list(CHOICES.items()), "wrong": wrong}
    return render(request, "orglife/vote.html", context, status=422 if wrong else 200)


@login_required
@never_cache
@require_GET
def voted(request: HttpRequest, pk: UUID) -> HttpResponse:
    """That one has voted; not how."""
    actor = request.actor  # type: ignore[attr-defined]
    row = motion_visible(actor, pk)
    _entry, done = own_ballot(actor, row)
    if not done:
        raise NotInScope(_("您在这项表决里还没有投票。"))
    return render(request, "orglife/voted.html", {"motion": row})
