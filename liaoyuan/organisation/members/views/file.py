"""The member file (一人一档): tabs, print, one's own, and showing what is masked."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from liaoyuan.kernel import clock, registry
from liaoyuan.kernel.errors import DomainError, NotInScope
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.forms.acts import RevealForm
from liaoyuan.organisation.members.forms.fields import show_refusal
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.members.selectors import (
    acts_on,
    facts_of,
    memberships_of,
    own_person_id,
    person_card,
    person_file,
    standings_of,
    tenures_of,
)
from liaoyuan.organisation.members.services import person_reveal


@login_required
@require_GET
def file(request: HttpRequest, pk: UUID, tab: str = "basic") -> HttpResponse:
    """One person's file at one tab. Only the tab shown is built."""
    actor = request.actor  # type: ignore[attr-defined]
    person = person_file(actor, pk, part=tab)
    return _page(request, actor, person, tab)


@login_required
@require_GET
def me(request: HttpRequest) -> HttpResponse:
    """One's own file."""
    return redirect("members:file", own_person_id(request.actor))  # type: ignore[attr-defined]


def _page(request: HttpRequest, actor: Actor, person: Person, key: str) -> HttpResponse:
    tabs = registry.profile_tabs()
    chosen = next((tab for tab in tabs if tab.key == key), None)
    content = chosen.build(actor, person) if chosen is not None else None
    if chosen is None or content is None:
        raise NotInScope()
    context = {
        "person": person,
        "facts": facts_of(person),
        "acts": acts_on(actor, person),
        "own": actor.person_id == person.pk,
        "tabs": [
            {
                "label": tab.label,
                "url": reverse("members:tab", args=[person.pk, tab.key]),
                "active": tab.key == key,
            }
            for tab in tabs
        ],
        "tab_key": key,
        "tab_template": chosen.template,
        **content,
    }
    return render(request, "members/file.html", context)


@login_required
@require_GET
@never_cache
def print_view(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The file as an A4 form, with the reader's watermark; what is masked stays masked."""
    actor = request.actor  # type: ignore[attr-defined]
    person = person_file(actor, pk, action="members.print")
    context = {
        "person": person,
        "facts": facts_of(person),
        "memberships": memberships_of(person),
        "standings": standings_of(person),
        "tenures": tenures_of(person),
        "today": clock.today(),
    }
    return render(request, "members/print.html", context)


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def reveal(request: HttpRequest, pk: UUID, field: str) -> HttpResponse:
    """Ask for the reason, then show the whole number this once. With htmx both happen in the place of the number."""
    actor = request.actor  # type: ignore[attr-defined]
    person = person_card(actor, pk)
    form = RevealForm(request.POST or None, initial={"field": field})
    context: dict[str, Any] = {"person": person, "form": form, "field": field}
    fragment = bool(request.htmx)  # type: ignore[attr-defined]
    if not acts_on(actor, person).reveal:
        # Asking for the form is refused like the look itself, before anything is typed.
        person_reveal(actor=actor, person=person, field=field, reason="")
    if request.method == "POST" and form.is_valid():
        try:
            shown = person_reveal(
                actor=actor, person=person, field=form.cleaned_data["field"], reason=form.cleaned_data["reason"]
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            context["shown"] = shown
    return render(request, "members/_reveal.html" if fragment else "members/reveal.html", context)
