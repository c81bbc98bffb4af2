"""Taking people in, correcting, and the acts on one person: one pattern, a form and a service each."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from liaoyuan.kernel.errors import DomainError, NotPermitted
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members import services
from liaoyuan.organisation.members.forms import acts
from liaoyuan.organisation.members.forms.fields import show_refusal
from liaoyuan.organisation.members.forms.person import PersonEditForm, PersonNewForm
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.members.policies import Capability, can_decide, can_manage
from liaoyuan.organisation.members.selectors import person_file, tenure_get

Act = Callable[[Actor, Person, dict[str, Any]], Any]


@login_required
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Take a person in."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.holds(Capability.MANAGE):
        raise NotPermitted(_("您没有维护人员档案的权限。请联系支部书记或组织干事。"))
    form = PersonNewForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            person = services.person_create(
                actor=actor,
                number=values["number"],
                data=form.data_of(),
                unit=values["unit"],
                group=values["group"],
                since=values["since"],
                standing=values["standing"],
                dates=form.dates_of(),
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("已新增 %(name)s。") % {"name": person.name})
            return redirect("members:file", person.pk)
    context = {
        "form": form,
        "title": _("新增人员"),
        "submit": _("新增"),
        "cancel_url": reverse("members:list"),
        "wide": True,
    }
    return render(request, "members/form.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Correct a person's data."""
    actor = request.actor  # type: ignore[attr-defined]
    person = _opened(request, actor, pk)
    can_manage(actor, person).require()
    form = PersonEditForm(request.POST or None, actor=actor, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            services.person_update(
                actor=actor,
                person=person,
                data=form.data_of(person),
                expected=form.cleaned_data["expected"],
                reason=form.cleaned_data["reason"],
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("已保存 %(name)s 的档案。") % {"name": person.name})
            return redirect("members:file", person.pk)
    return render(request, "members/form.html", _context(form, person, _("修改档案"), _("保存"), "basic", wide=True))


def _opened(request: HttpRequest, actor: Actor, pk: UUID) -> Person:
    """The person, as the file shows him; the look is recorded."""
    return person_file(actor, pk, part=request.resolver_match.url_name or "" if request.resolver_match else "")


def _context(form: forms.Form, person: Person, title: str, submit: str, tab: str, **more: Any) -> dict[str, Any]:
    return {
        "form": form,
        "person": person,
        "title": title,
        "submit": submit,
        "cancel_url": reverse("members:tab", args=[person.pk, tab]),
        **more,
    }


def act_page(
    request: HttpRequest,
    pk: UUID,
    *,
    form_of: Callable[[Actor, Person], forms.Form],
    act: Act,
    title: str,
    submit: str,
    done: str,
    tab: str,
    decide: bool = True,
    **more: Any,
) -> HttpResponse:
    """Show the form of one act on one person, do it, go back to the tab that shows it."""
    actor = request.actor  # type: ignore[attr-defined]
    person = _opened(request, actor, pk)
    (can_decide if decide else can_manage)(actor, person).require()
    form = form_of(actor, person)
    if request.method == "POST" and form.is_valid():
        try:
            act(actor, person, form.cleaned_data)
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, done % {"name": person.name})
            return redirect("members:tab", person.pk, tab)
    return render(request, "members/form.html", _context(form, person, title, submit, tab, **more))


@login_required
@require_http_methods(["GET", "POST"])
def standing(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change the political standing by one lawful step."""
    return act_page(
        request,
        pk,
        form_of=lambda actor, person: acts.StandingForm(request.POST or None, person=person),
        act=lambda actor, person, values: services.standing_change(actor=actor, person=person, **values),
        title=_("变更政治面貌"),
        submit=_("变更"),
        done=_("已变更 %(name)s 的政治面貌。"),
        tab="basic",
    )


@login_required
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Move to another branch or Party group."""
    return act_page(
        request,
        pk,
        form_of=lambda actor, person: acts.MoveForm(request.POST or None, actor=actor),
        act=lambda actor, person, values: services.membership_move(actor=actor, person=person, **values),
        title=_("变更组织关系"),
        submit=_("转入"),
        done=_("已变更 %(name)s 的组织关系。"),
        tab="belonging",
    )


@login_required
@require_http_methods(["GET", "POST"])
def attach(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let a person take part in another branch for a time."""
    return act_page(
        request,
        pk,
        form_of=lambda actor, person: acts.AttachForm(request.POST or None, actor=actor),
        act=lambda actor, person, values: services.membership_attach(actor=actor, person=person, **values),
        title=_("登记挂靠"),
        submit=_("登记"),
        done=_("已登记 %(name)s 的挂靠。"),
        tab="belonging",
        decide=False,
    )


@login_required
@require_http_methods(["GET", "POST"])
def detach(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End the attachment."""
    return act_page(
        request,
        pk,
        form_of=lambda actor, person: acts.EndForm(request.POST or None),
        act=lambda actor, person, values: services.membership_detach(actor=actor, person=person, **values),
        title=_("结束挂靠"),
        submit=_("结束挂靠"),
        done=_("已结束 %(name)s 的挂靠。"),
        tab="belonging",
        decide=False,
    )


@login_required
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A person is gone."""
    return act_page(
        request,
        pk,
        form_of=lambda actor, person: acts.EndForm(request.POST or None),
        act=lambda actor, person, values: services.person_leave(actor=actor, person=person, **values),
        title=_("办理离队"),
        submit=_("办理离队"),
        done=_("%(name)s 已离队，任职和挂靠一并结束，账号停用。"),
        tab="belonging",
        danger=True,
        note=_("离队后，组织关系、挂靠和任职在这一天结束，账号停用；档案保留，可以办理归队。"),
    )


@login_required
@require_http_methods(["GET", "POST"])
def return_(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A person is back."""
    return act_page(
        request,
        pk,
        form_of=lambda actor, person: acts.ReturnForm(request.POST or None, actor=actor),
        act=lambda actor, person, values: services.person_return(actor=actor, person=person, **values),
        title=_("办理归队"),
        submit=_("办理归队"),
        done=_("%(name)s 已归队。"),
        tab="belonging",
    )


@login_required
@require_http_methods(["GET", "POST"])
def tenure_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give a post."""
    return act_page(
        request,
        pk,
        form_of=lambda actor, person: acts.TenureForm(
            request.POST or None, actor=actor, initial={"unit": person.unit.code if person.unit else ""}
        ),
        act=lambda actor, person, values: services.tenure_begin(actor=actor, person=person, **values),
        title=_("登记任职"),
        submit=_("登记"),
        done=_("已登记 %(name)s 的任职。"),
        tab="tenures",
    )


@login_required
@require_http_methods(["GET", "POST"])
def tenure_end(request: HttpRequest, pk: UUID, tenure_id: UUID) -> HttpResponse:
    """End a post."""

    def end(actor: Actor, person: Person, values: dict[str, Any]) -> None:
        services.tenure_end(actor=actor, tenure=tenure_get(actor, person, tenure_id), **values)

    return act_page(
        request,
        pk,
        form_of=lambda actor, person: acts.TenureEndForm(request.POST or None),
        act=end,
        title=_("登记免职"),
        submit=_("免职"),
        done=_("已登记 %(name)s 的免职，相应权限随之结束。"),
        tab="tenures",
        danger=True,
    )
