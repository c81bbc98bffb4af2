"""The list of postings, one posting, its print, and its life."""

from typing import Any
from uuid import UUID

import django_filters
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from liaoyuan.activity.notices.forms import ConcludeForm, ReceiverForm, StartForm, WithdrawForm, posted, show_refusal
from liaoyuan.activity.notices.models import PostingState, PublicPosting
from liaoyuan.activity.notices.policies import Capability, can_name_receiver, can_post
from liaoyuan.activity.notices.selectors import posting_visible
from liaoyuan.activity.notices.selectors.pages import posting_page, posting_rows
from liaoyuan.activity.notices.services import (
    posting_conclude,
    posting_start,
    posting_viewed,
    posting_withdraw,
    receiver_replace,
)
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import Conflict, DomainError, NotInScope, NotPermitted
from liaoyuan.kernel.ui.lists import Action, Column, Empty, ListPage, render_list
from liaoyuan.kernel.ui.parts import day, state, unit_chip

LEVELS = {
    PostingState.OPEN: "soon",
    PostingState.AWAITING: "late",
    PostingState.CLOSED: "ok",
    PostingState.WITHDRAWN: "muted",
}


class PostingFilter(django_filters.FilterSet):
    """Filters of the list."""

    state = django_filters.ChoiceFilter(label=gettext_lazy("状态"), choices=PostingState.choices)

    class Meta:
        model = PublicPosting
        fields: list[str] = []


@login_required
@require_GET
def posting_list(request: HttpRequest) -> HttpResponse:
    """Postings that hang over one's branch, and those of one's reach."""
    actor = request.actor  # type: ignore[attr-defined]
    if not actor.holds(Capability.VIEW):
        raise NotPermitted(_("您的账号不属于任何支部，没有公示可看。"))
    may_post = actor.holds(Capability.POST)
    page = ListPage(
        title=_("公示"),
        subtitle=_("正在公示和公示过的事项；有异议的，可以向受理人反映，内容只有受理人能看到。"),
        columns=_columns(),
        rows=posting_rows(actor),
        search=lambda rows, text: rows.filter(Q(title__contains=text) | Q(person__name__contains=text)),
        filters=PostingFilter,
        default_sort="-starts_on",
        search_hint=_("标题、姓名"),
        noun=_("份"),
        empty=Empty(_("现在没有公示"), _("张贴后，范围内的人登录就能看到。")),
        actions=[Action(_("张贴公示"), reverse("notices:new"), "plus", True)] if may_post else [],
        row_class=lambda row: "" if row.state == PostingState.OPEN else "row-muted",
    )
    return render_list(request, page)


def _columns() -> list[Column]:
    def link(row: PublicPosting) -> Any:
        return format_html('<a href="{}">{}</a>', reverse("notices:posting", args=[row.pk]), row.title)

    def shown(row: PublicPosting) -> Any:
        words = row.get_state_display() + (f" · {row.get_result_display()}" if row.result else "")
        return state(LEVELS[PostingState(row.state)], words)

    return [
        Column("title", _("标题"), link, ("title",)),
        Column("unit", _("公示单位"), lambda row: unit_chip(row.unit, link=False), ("path",)),
        Column("person", _("公示对象"), lambda row: row.person.name if row.person else ""),
        Column("starts_on", _("张贴"), lambda row: day(row.starts_on), ("starts_on",), kind="date"),
        Column("last_day", _("截止"), lambda row: day(row.last_day), ("last_day",), kind="date"),
        Column("state", _("状态"), shown, ("state",)),
    ]


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Put one up."""
    actor = request.actor  # type: ignore[attr-defined]
    if not actor.holds(Capability.POST):
        raise NotPermitted(_("公示由党支部书记或上级组织干事张贴和撤下。"))
    form = StartForm(actor, posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            posting = posting_start(actor=actor, **form.values())
        except (NotInScope, NotPermitted):
            raise
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("已张贴，公示到 %(last)s。") % {"last": posting.last_day})
            return redirect("notices:posting", pk=posting.pk)
    return shown_form(request, form, title=_("张贴公示"), submit=_("张贴"), back=reverse("notices:list"))


@login_required
@require_GET
def posting(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One posting."""
    actor = request.actor  # type: ignore[attr-defined]
    row = posting_visible(actor, pk)
    page = posting_page(actor, row)
    if page.open:
        posting_viewed(pk)
    return render(request, "notices/posting.html", {"page": page, "level": LEVELS[PostingState(row.state)]})


@login_required
@require_GET
def sheet(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The posting as an A4 notice for the wall."""
    actor = request.actor  # type: ignore[attr-defined]
    page = posting_page(actor, posting_visible(actor, pk))
    return render(request, "notices/sheet.html", {"page": page, "today": clock.today()})


@login_required
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take it down."""
    actor = request.actor  # type: ignore[attr-defined]
    row = posting_visible(actor, pk)
    can_post(actor, row.path).require()
    form = WithdrawForm(posted(request))

    def save() -> None:
        posting_withdraw(actor=actor, posting=pk, reason=form.cleaned_data["reason"])

    return answer(request, row, form, save, title=_("撤下公示"), submit=_("撤下"), done=_("已撤下。"), danger=True)


@login_required
@require_http_methods(["GET", "POST"])
def receiver(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Name another receiver."""
    actor = request.actor  # type: ignore[attr-defined]
    row = posting_visible(actor, pk)
    can_name_receiver(actor, row).require()
    form = ReceiverForm(actor, row, posted(request))

    def save() -> None:
        receiver_replace(actor=actor, posting=pk, **form.cleaned_data)

    return answer(
        request, row, form, save, title=_("更换受理人"), submit=_("更换"),
        done=_("已更换。已收到的异议转交给新的受理人，原受理人不再能看到。"),
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def conclude(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say what came of it."""
    actor = request.actor  # type: ignore[attr-defined]
    row = posting_visible(actor, pk)
    page = posting_page(actor, row)
    if not page.receives:
        can_post(actor, row.path).require()
    form = ConcludeForm(
        row,
        page.objections > 0 or row.state == PostingState.AWAITING,
        posted(request),
    )

    def save() -> None:
        posting_conclude(actor=actor, posting=pk, **form.cleaned_data)

    return answer(request, row, form, save, title=_("公示结论"), submit=_("作出结论"), done=_("结论已记录。"))


def answer(
    request: HttpRequest,
    row: PublicPosting,
    form: Any,
    save: Any,
    *,
    title: str,
    submit: str,
    done: str,
    back: str = "",
    danger: bool = False,
    private: bool = False,
) -> HttpResponse:
    """Show a form of a posting; when it is good, save and go back. A refusal stands at its field."""
    target = back or reverse("notices:posting", args=[row.pk])
    if request.method == "POST" and form.is_valid():
        try:
            save()
        except (NotInScope, NotPermitted, Conflict):
            raise
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, done)
            return redirect(target)
    return shown_form(
        request, form, title=title, submit=submit, back=target, subtitle=row.title, danger=danger, private=private
    )


def shown_form(
    request: HttpRequest,
    form: Any,
    *,
    title: str,
    submit: str,
    back: str,
    subtitle: str = "",
    danger: bool = False,
    private: bool = False,
) -> HttpResponse:
    """A form's page. ``private``: the browser keeps no draft (handhelds are shared)."""
    context = {
        "form": form, "title": title, "submit": submit, "cancel": back, "subtitle": subtitle, "danger": danger,
        "draft": "off" if private else "",
    }  # fmt: skip
    return render(request, "notices/form.html", context, status=422 if form.errors else 200)
