"""Moving (with a preview), splitting, merging and dissolving units."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from liaoyuan.kernel.errors import DomainError, NotPermitted
from liaoyuan.organisation.units import policies, registry
from liaoyuan.organisation.units.forms.fields import show_refusal
from liaoyuan.organisation.units.forms.units import ConfirmForm, MergeForm, MoveForm, SplitForm, TargetForm
from liaoyuan.organisation.units.models import Unit
from liaoyuan.organisation.units.selectors import (
    living_children,
    move_preview,
    parent_options,
    siblings_like,
    unit_get,
)
from liaoyuan.organisation.units.services import unit_dissolve, unit_merge, unit_move, unit_split
from liaoyuan.organisation.units.services.move import refuse_place
from liaoyuan.organisation.units.wording import sentence


def _restructurable(request: HttpRequest, pk: UUID) -> tuple[Any, Unit]:
    actor = request.actor  # type: ignore[attr-defined]
    unit = unit_get(actor, pk)
    policies.can_restructure(actor, unit).require()
    return actor, unit


@login_required
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, pk: UUID) -> HttpResponse:
    """First where to (a form, or dropped on the tree: ``?to=…&before=…``), then what follows from it, then the act."""
    actor, unit = _restructurable(request, pk)
    if unit.parent is None:
        raise NotPermitted(_("最上级组织不能移动。"))
    target = TargetForm(request.GET if "to" in request.GET else None, options=parent_options(actor, unit))
    to_parent, before = _target(request, actor, unit)
    if to_parent is None:
        return render(request, "units/move.html", {"unit": unit, "target": target})
    policies.can_move(actor, unit, to_parent).require()
    refusal = _refusal(unit, to_parent, before)
    form = MoveForm(request.POST or None, initial={"expected_path": unit.path})
    if request.method == "POST" and form.is_valid() and not refusal:
        data = form.cleaned_data
        try:
            unit_move(actor=actor, unit=unit, to_parent=to_parent, before=before, **data)
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("已把“%(unit)s”移到“%(to)s”。") % {"unit": unit.name, "to": to_parent.name})
            return redirect("units:detail", unit.pk)
    preview = move_preview(actor, unit, to_parent)
    context = {
        "unit": unit,
        "to_parent": to_parent,
        "target": target,
        "preview": preview,
        "warnings": [sentence(finding) for finding in preview.findings],
        "refusal": refusal,
        "form": form,
        "same_parent": unit.parent_id == to_parent.pk,
    }
    return render(request, "units/move_preview.html", context)


def _target(request: HttpRequest, actor: Any, unit: Unit) -> tuple[Unit | None, UUID | None]:
    """The new parent and the sibling to stand before, from the address. What is no id counts as not given."""
    found: list[UUID | None] = []
    for name in ("to", "before"):
        try:
            found.append(UUID(request.GET.get(name, "")))
        except ValueError:
            found.append(None)
    to_id, before = found
    return (unit_get(actor, to_id) if to_id is not None else None), before


def _refusal(unit: Unit, to_parent: Unit, before: UUID | None) -> str:
    if unit.parent_id == to_parent.pk:
        return "" if before is not None else _("它本来就在“%(unit)s”下面。") % {"unit": to_parent.name}
    try:
        refuse_place(unit, to_parent)
    except DomainError as error:
        return error.sentence
    return ""


@login_required
@require_http_methods(["GET", "POST"])
def split(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Found a sibling and hand over groups and people."""
    actor, unit = _restructurable(request, pk)
    people = registry.people_of(actor, unit) if unit.is_branch else ()
    form = SplitForm(request.POST or None, children=living_children(actor, unit), people=people)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        for name in ("child_ids", "person_ids"):
            data[name] = [UUID(value) for value in data.get(name, [])]
        try:
            new = unit_split(actor=actor, unit=unit, **data)
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("已从“%(unit)s”分设“%(new)s”。") % {"unit": unit.name, "new": new.name})
            return redirect("units:detail", new.pk)
    return render(request, "units/form.html", {"form": form, "unit": unit, "title": _("拆分"), "submit": _("拆分")})


@login_required
@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Merge this unit into another."""
    actor, unit = _restructurable(request, pk)
    form = MergeForm(request.POST or None, options=siblings_like(actor, unit))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            unit_merge(actor=actor, sources=[unit], target=data["target"], on=data["on"], reason=data["reason"])
        except DomainError as error:
            show_refusal(form, error)
        else:
            names = {"unit": unit.name, "target": data["target"].name}
            messages.success(request, _("已把“%(unit)s”并入“%(target)s”。") % names)
            return redirect("units:detail", data["target"].pk)
    count = registry.counts_of(actor, [unit]).get(unit.pk)
    context = {
        "form": form,
        "unit": unit,
        "title": _("并入其他组织"),
        "submit": _("确认并入"),
        "danger": True,
        "note": _("“%(unit)s”将撤销；它的下级组织、人员%(count)s转入所选组织，本组织的任职随之免去。")
        % {"unit": unit.name, "count": _("（%d 人）") % count.people if count is not None else ""},
    }
    return render(request, "units/form.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def dissolve(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End a unit: names it and asks."""
    actor, unit = _restructurable(request, pk)
    form = ConfirmForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            unit_dissolve(actor=actor, unit=unit, **form.cleaned_data)
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("已撤销“%(unit)s”。") % {"unit": unit.name})
            return redirect("units:detail", unit.pk)
    return render(request, "units/dissolve.html", {"form": form, "unit": unit})
