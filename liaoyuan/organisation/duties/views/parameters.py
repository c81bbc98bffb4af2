"""参数调整: terms that a unit sets for itself, with reason and dates."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from liaoyuan.kernel.errors import DomainError
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.chronicle.forms import show_refusal
from liaoyuan.organisation.duties.forms.parameters import EndForm, ParameterForm
from liaoyuan.organisation.duties.policies import can_set_parameters
from liaoyuan.organisation.duties.selectors.parameters import override_get, override_lines, setting, settings_of
from liaoyuan.organisation.duties.services.parameters import parameter_end, parameter_set
from liaoyuan.organisation.duties.views.tabs import tabs


@login_required
@require_safe
def parameters(request: HttpRequest) -> HttpResponse:
    """Every parameter of the texts in force, and what has been set differently."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    can_set_parameters(actor).require()
    context = {"texts": settings_of(actor), "lines": override_lines(actor), "tabs": tabs(actor, "duties:parameters")}
    return render(request, "duties/parameters.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def parameter(request: HttpRequest, parameter_id: str) -> HttpResponse:
    """Set one parameter for a unit."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    can_set_parameters(actor).require()
    found = setting(parameter_id)
    form = ParameterForm(actor, found.number.parameter.type, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = parameter_set(actor=actor, parameter_id=parameter_id, **form.cleaned_data)
        except DomainError as error:
            show_refusal(form, error)
        else:
            names = {"unit": row.unit_name, "day": row.since}
            messages.success(request, _("已为%(unit)s调整，自 %(day)s 起执行；提醒随即重新计算。") % names)
            return redirect("duties:parameter", parameter_id)
    context = {"setting": found, "form": form, "lines": override_lines(actor, parameter_id)}
    return render(request, "duties/parameter.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End one of them."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    can_set_parameters(actor).require()
    row = override_get(actor, pk)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            parameter_end(actor=actor, override=row, **form.cleaned_data)
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("已停止这条调整；提醒随即重新计算。"))
            return redirect("duties:parameter", row.parameter)
    context = {"row": row, "form": form}
    return render(request, "duties/override_end.html", context, status=422 if form.errors else 200)
