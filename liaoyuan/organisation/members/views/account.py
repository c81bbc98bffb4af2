"""A person's account, and the slips with initial codes of a branch."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from liaoyuan.foundation.accounts.services import initial_codes_issue
from liaoyuan.kernel import clock
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members import services
from liaoyuan.organisation.members.forms import acts
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.members.selectors import branch_codes
from liaoyuan.organisation.members.views.change import act_page
from liaoyuan.organisation.units.selectors import unit_get


@login_required
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Make an account for a person, or tie one that exists."""

    def act(actor: Actor, person: Person, values: dict[str, Any]) -> None:
        if values["existing"]:
            services.person_account_link(
                actor=actor, person=person, username=values["username"], reason=values["reason"]
            )
        else:
            services.person_account_create(actor=actor, person=person, username=values["username"])

    return act_page(
        request,
        pk,
        form_of=lambda actor, person: acts.AccountForm(
            request.POST or None, initial={"username": person.number.lower(), "reason": _("新编入人员")}
        ),
        act=act,
        title=_("开通账号"),
        submit=_("开通"),
        done=_("已为 %(name)s 开通账号。初始口令请到所在支部的“初始口令条”打印。"),
        tab="basic",
    )


@login_required
@require_http_methods(["GET", "POST"])
def account_unlink(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Untie the account."""
    return act_page(
        request,
        pk,
        form_of=lambda actor, person: acts.AccountUnlinkForm(request.POST or None),
        act=lambda actor, person, values: services.person_account_unlink(actor=actor, person=person, **values),
        title=_("解除账号关联"),
        submit=_("解除"),
        done=_("已解除 %(name)s 与账号的关联，随任职而来的权限一并结束。"),
        tab="basic",
        danger=True,
    )


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def codes(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Slips with the initial codes of a branch's people who have not logged in yet. Asking shows how many; printing is
    a POST, because it hands out secrets and is recorded for each."""
    actor = request.actor  # type: ignore[attr-defined]
    unit = unit_get(actor, unit_id)
    found = branch_codes(actor, unit)
    if request.method == "POST":
        slips = initial_codes_issue(actor=actor, users=found.waiting, reason=_("%s发放初始口令条") % unit.name)
        return render(request, "accounts/slips.html", {"slips": slips, "today": clock.today()})
    return render(request, "members/codes.html", {"unit": unit, "codes": found})
