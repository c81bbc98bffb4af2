"""Who may act in a unit; what one person may do, where, and why; the roles."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from liaoyuan.kernel.errors import DomainError
from liaoyuan.organisation.units import policies, registry
from liaoyuan.organisation.units.forms.fields import show_refusal
from liaoyuan.organisation.units.forms.grants import DelegationForm, EndForm, GrantForm
from liaoyuan.organisation.units.models import Unit
from liaoyuan.organisation.units.selectors import access_of, delegations_given, grant_get, roles, unit_get, unit_grants
from liaoyuan.organisation.units.services import access_seen, delegation_give, grant_end, grant_give, roles_givable
from liaoyuan.organisation.units.wording import capability_words

_LEVELS = {"now": "ok", "later": "soon", "past": "muted"}


@login_required
@require_safe
def unit_access(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who may act here, from where it is inherited, from when to when."""
    actor = request.actor  # type: ignore[attr-defined]
    unit = unit_get(actor, pk)
    past = request.GET.get("past") == "1"
    words = {"now": _("生效中"), "later": _("未开始"), "past": _("已终止")}
    rows = [
        {
            "item": row,
            "grant": row.grant,
            "level": _LEVELS[row.when],
            "state": words[row.when],
            "may_end": row.when != "past" and bool(policies.can_end_grant(actor, row.grant)),
        }
        for row in unit_grants(actor, unit, past=past)
    ]
    lives = unit.dissolved_on is None
    context = {
        "unit": unit,
        "rows": rows,
        "past": past,
        "may_grant": lives and bool(policies.can_grant(actor, unit)),
        "may_delegate": lives and bool(policies.can_delegate(actor, unit)),
    }
    return render(request, "units/grants.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def give(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Appoint somebody to a role over the unit."""
    actor = request.actor  # type: ignore[attr-defined]
    unit = unit_get(actor, pk)
    policies.can_grant(actor, unit).require()
    return _giving(request, actor, unit, GrantForm, _("授权"), _give)


@login_required
@require_http_methods(["GET", "POST"])
def delegate(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let somebody act in one's own place for a time."""
    actor = request.actor  # type: ignore[attr-defined]
    unit = unit_get(actor, pk)
    policies.can_delegate(actor, unit).require()
    return _giving(request, actor, unit, DelegationForm, _("委托他人代行"), _delegate)


def _give(actor: Any, unit: Unit, data: dict[str, Any]) -> Any:
    account = data.pop("account")
    return grant_give(actor=actor, user=account, unit=unit, **data)


def _delegate(actor: Any, unit: Unit, data: dict[str, Any]) -> Any:
    account = data.pop("account")
    return delegation_give(actor=actor, to_user=account, unit=unit, **data)


def _giving(
    request: HttpRequest, actor: Any, unit: Unit, form_class: type[GrantForm], title: str, act: Callable[..., Any]
) -> HttpResponse:
    people = [one for one in registry.people_of(actor, unit) if one.user_id != actor.user_id]
    form = form_class(request.POST or None, people=people, roles=roles_givable(actor, unit, roles()))
    if request.method == "POST" and form.is_valid():
        data = {name: form.cleaned_data[name] for name in ("account", "role", "since", "until", "reason")}
        try:
            grant = act(actor, unit, data)
        except DomainError as error:
            show_refusal(form, error)
        else:
            names = {"name": grant.user.display_name, "role": grant.role.name}
            messages.success(request, _("“%(name)s”已有“%(role)s”的权限。") % names)
            return _back(actor, unit)
    return render(request, "units/form.html", {"form": form, "unit": unit, "title": title, "submit": title})


def _back(actor: Any, unit: Unit) -> HttpResponse:
    """To the unit's grants for whoever may see them, else to one's own."""
    return redirect("units:grants", unit.pk) if policies.can_see_access(actor, unit) else redirect("units:my_access")


@login_required
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a grant back."""
    actor = request.actor  # type: ignore[attr-defined]
    grant = grant_get(actor, pk)
    policies.can_end_grant(actor, grant).require()
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            grant_end(actor=actor, grant=grant, **form.cleaned_data)
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("已收回，立即生效。"))
            return _back(actor, grant.unit)
    return render(request, "units/grant_end.html", {"form": form, "grant": grant, "unit": grant.unit})


@login_required
@require_safe
def my_access(request: HttpRequest) -> HttpResponse:
    """我的权限."""
    actor = request.actor  # type: ignore[attr-defined]
    return _access(request, actor, actor.user_id, own=True)


@login_required
@require_safe
def access(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What this person may do, where, and why."""
    actor = request.actor  # type: ignore[attr-defined]
    return _access(request, actor, pk, own=actor.user_id == pk)


def _access(request: HttpRequest, actor: Any, user_id: UUID, *, own: bool) -> HttpResponse:
    found = access_of(actor, user_id)
    if not own:
        access_seen(actor=actor, user=found.user)
    given = delegations_given(actor) if own else ()
    return render(request, "units/access.html", {"access": found, "own": own, "given": given})


@login_required
@require_safe
def roles_page(request: HttpRequest) -> HttpResponse:
    """Every role and what it lets one do, in words."""
    rows = [{"role": role, "words": [(name, capability_words(name)) for name in role.capabilities]} for role in roles()]
    return render(request, "units/roles.html", {"rows": rows})
