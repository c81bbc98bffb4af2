"""Founding, editing and ordering units."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from liaoyuan.kernel.errors import DomainError
from liaoyuan.organisation.units import policies
from liaoyuan.organisation.units.forms.fields import show_refusal
from liaoyuan.organisation.units.forms.units import UnitEditForm, UnitForm
from liaoyuan.organisation.units.models import Unit
from liaoyuan.organisation.units.selectors import active_sites, ancestors, living_children, unit_get, unit_page
from liaoyuan.organisation.units.services import unit_create, unit_reorder, unit_update
from liaoyuan.organisation.units.wording import sentence

_FIELDS = (
    "name",
    "kind",
    "host_body",
    "site",
    "founded_on",
    "elected_on",
    "can_approve_members",
    "approved_by",
    "mission",
    "planned_end_on",
)


@login_required
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Found a unit under the unit ``pk``."""
    actor = request.actor  # type: ignore[attr-defined]
    parent = unit_get(actor, pk)
    policies.can_create_under(actor, parent).require()
    form = UnitForm(
        request.POST or None,
        parent_kind=parent.kind,
        approvers=ancestors(parent, include_self=True),
        sites=active_sites(),
        initial={"site": parent.site_id},
    )
    if request.method == "POST" and form.is_valid():
        try:
            unit = unit_create(actor=actor, parent=parent, **form.cleaned_data)
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("已设立“%(unit)s”。") % {"unit": unit.name})
            warn(request, unit)
            return redirect("units:detail", unit.pk)
    return render(
        request, "units/form.html", {"form": form, "unit": parent, "title": _("设立下级组织"), "submit": _("设立")}
    )


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a unit's own data."""
    actor = request.actor  # type: ignore[attr-defined]
    unit = unit_get(actor, pk)
    policies.can_update(actor, unit).require()
    initial = {name: getattr(unit, name) for name in _FIELDS}
    initial["expected"] = unit.updated_at.strftime("%Y-%m-%dT%H:%M:%S.%f%z")
    form = UnitEditForm(
        request.POST or None,
        parent_kind=unit.parent.kind if unit.parent is not None else None,
        approvers=ancestors(unit),
        sites=active_sites(),
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        try:
            saved = unit_update(actor=actor, unit=unit, **form.cleaned_data)
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("已保存“%(unit)s”。") % {"unit": saved.name})
            return redirect("units:detail", unit.pk)
    return render(
        request, "units/form.html", {"form": form, "unit": unit, "title": _("修改组织资料"), "submit": _("保存")}
    )


@login_required
@require_http_methods(["GET", "POST"])
def order(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Number the children of a unit anew: each gets a place, equal places keep their order."""
    actor = request.actor  # type: ignore[attr-defined]
    parent = unit_get(actor, pk)
    policies.can_update(actor, parent).require()
    children = list(living_children(actor, parent))
    if request.method == "POST":
        ranked = sorted(enumerate(children), key=lambda item: (_place(request, item[1], item[0]), item[0]))
        try:
            unit_reorder(
                actor=actor,
                parent=parent,
                children=[child.pk for _index, child in ranked],
                reason=request.POST.get("reason", "")[:300],
            )
        except DomainError as error:
            messages.error(request, error.sentence)
            return redirect("units:order", parent.pk)
        messages.success(request, _("已调整次序。"))
        return redirect("units:detail", parent.pk)
    return render(request, "units/order.html", {"unit": parent, "children": children})


def _place(request: HttpRequest, child: Unit, index: int) -> float:
    text = request.POST.get(f"place-{child.pk}", "")
    return float(text) if text.isascii() and text.isdigit() and len(text) < 7 else index + 1.0


def warn(request: HttpRequest, unit: Unit) -> None:
    """Say what the rules only warn of."""
    actor: Any = request.actor  # type: ignore[attr-defined]
    for finding in unit_page(actor, unit).findings:
        if not finding.blocking and finding.code != "too_few_full_members":
            messages.warning(request, sentence(finding))
