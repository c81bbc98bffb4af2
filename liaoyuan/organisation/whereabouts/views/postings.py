"""Sending a group away, and everything that becomes of a posting."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import Conflict, DomainError, NotInScope, NotPermitted
from liaoyuan.organisation.whereabouts import rules
from liaoyuan.organisation.whereabouts.forms.posting import (
    CorrectForm,
    EndForm,
    ExtendForm,
    FindForm,
    GroupForm,
    ReasonForm,
)
from liaoyuan.organisation.whereabouts.policies import Capability, can_confirm, can_post
from liaoyuan.organisation.whereabouts.selectors import postings as read
from liaoyuan.organisation.whereabouts.selectors.timeline import posting_timeline
from liaoyuan.organisation.whereabouts.services.changes import (
    Correction,
    posting_cancel,
    posting_confirm,
    posting_correct,
    posting_end,
    posting_extend,
)
from liaoyuan.organisation.whereabouts.services.postings import posting_begin_group
from liaoyuan.organisation.whereabouts.services.problems import GroupRefused, Problem
from liaoyuan.organisation.whereabouts.views.register import LEVELS

SHOWN = 200


@login_required
@require_http_methods(["GET", "POST"])
def post_group(request: HttpRequest) -> HttpResponse:
    """One form for a whole group. "查找" lists people to tick and keeps what is filled in; "登记外出" saves all or
    none. Both are buttons of the same form, so it works without JavaScript."""
    actor = request.actor  # type: ignore[attr-defined]
    if not actor.holds(Capability.POST):
        raise NotPermitted(_("您没有登记外出的权限，请由支部书记或组织干事办理。"))
    problems: tuple[Problem, ...] = ()
    finding = request.method == "GET" or request.POST.get("step") == "find"
    data = request.POST if request.method == "POST" else None
    form = GroupForm(actor, data, initial={"since": clock.today(), "person": request.GET.getlist("person")})
    if not finding and form.is_valid():
        values = {
            key: form.cleaned_data[key] for key in ("purpose", "site", "since", "planned_end", "attached_unit", "note")
        }
        try:
            postings = posting_begin_group(actor=actor, people=form.chosen(), **values)
        except (NotInScope, NotPermitted):
            raise
        except GroupRefused as error:
            form.add_error(None, error.sentence)
            problems = error.problems
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.sentence)
        else:
            messages.success(
                request,
                _("已登记 %(count)d 人外出：%(purpose)s · %(site)s。")
                % {"count": len(postings), "purpose": values["purpose"], "site": values["site"]},
            )
            return redirect("whereabouts:register")
    context = _group_context(request, form, finding)
    return render(request, "whereabouts/post.html", {**context, "form": form, "problems": problems})


def _group_context(request: HttpRequest, form: GroupForm, finding: bool) -> dict[str, Any]:
    actor = request.actor  # type: ignore[attr-defined]
    find = FindForm(actor, request.POST if request.method == "POST" else request.GET or None)
    keys = _readable(request.POST.getlist("person") if request.method == "POST" else request.GET.getlist("person"))
    chosen = read.people_chosen(actor, keys)
    found: list[Any] = []
    if find.is_bound and find.is_valid() and any(find.cleaned_data.values()):
        data = find.cleaned_data
        rows = read.people_to_post(
            actor, text=data["find_text"], unit=data["find_unit"], standing=data["find_standing"]
        ).exclude(pk__in=keys)
        found = list(rows[: SHOWN + 1])
    if finding and form.is_bound:
        form.errors.clear()  # looking for people judges nothing yet
    return {
        "find": find,
        "chosen": chosen,
        "found": found[:SHOWN],
        "more": len(found) > SHOWN,
        "shown": SHOWN,
        "looked": find.is_bound and find.is_valid() and any(find.cleaned_data.values()),
    }


def _readable(texts: list[str]) -> list[UUID]:
    keys = []
    for text in texts[: rules.MAX_GROUP]:
        try:
            keys.append(UUID(text))
        except ValueError:
            continue
    return keys


@login_required
@require_GET
def posting(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One posting: what it says, its timeline, what can be done now."""
    actor = request.actor  # type: ignore[attr-defined]
    row = read.posting_seen(actor, pk)
    today = clock.today()
    now = read.state_of(row, today)
    active = now in {rules.State.AWAY, rules.State.OVERDUE}
    may_post = bool(can_post(actor, row.person))
    return render(
        request,
        "whereabouts/posting.html",
        {
            "posting": row,
            "level": LEVELS[now],
            "state_label": rules.STATE_LABELS[now],
            "days": rules.days_away(row.since, row.ended_on, today),
            "late": rules.overdue_days(row.planned_end, row.ended_on, today),
            "items": posting_timeline(row),
            "may_confirm": active and row.confirmed_at is None and bool(can_confirm(actor, row.person)),
            "may_end": may_post and active,
            "may_extend": may_post and row.ended_on is None,
            "may_change": may_post,
            "why_not": "" if may_post else can_post(actor, row.person).reason,  # type: ignore[union-attr]
        },
    )


@login_required
@require_POST
def confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The person has arrived."""
    row = posting_confirm(actor=request.actor, posting=pk)  # type: ignore[attr-defined]
    messages.success(request, _("已确认 %(name)s 到位。") % {"name": row.person.name})
    back = request.POST.get("back", "")
    return redirect("whereabouts:mine" if back == "mine" else reverse("whereabouts:posting", args=[pk]))


@login_required
@require_http_methods(["GET", "POST"])
def extend(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A new planned end."""
    row = _mine_to_change(request, pk)
    form = ExtendForm(request.POST or None, initial={"planned_end": row.planned_end})
    return _answer(
        request, row, form, _("改预计结束日期"), _("保存"),
        lambda data: posting_extend(actor=request.actor, posting=pk, **data),  # type: ignore[attr-defined]
        _("预计结束日期已改。"),
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The person came back."""
    row = _mine_to_change(request, pk)
    form = EndForm(request.POST or None, initial={"ended_on": clock.today()})
    return _answer(
        request, row, form, _("登记归队"), _("登记归队"),
        lambda data: posting_end(actor=request.actor, posting=pk, **data),  # type: ignore[attr-defined]
        _("已登记归队。"),
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, pk: UUID) -> HttpResponse:
    """It was recorded wrongly."""
    row = _mine_to_change(request, pk)
    actor = request.actor  # type: ignore[attr-defined]
    form = CorrectForm(actor, request.POST or None, posting=row)

    def save(data: dict[str, Any]) -> None:
        reason = data.pop("reason")
        posting_correct(actor=actor, posting=pk, to=Correction(**data), reason=reason)

    return _answer(request, row, form, _("更正外出登记"), _("保存更正"), save, _("已更正。"))


@login_required
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """It never happened."""
    row = _mine_to_change(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        posting_cancel(actor=request.actor, posting=pk, reason=form.cleaned_data["reason"])  # type: ignore[attr-defined]
        messages.success(request, _("已撤销 %(name)s 的这次外出登记。") % {"name": row.person.name})
        return redirect("whereabouts:register")
    return render(request, "whereabouts/cancel.html", {"posting": row, "form": form})


def _mine_to_change(request: HttpRequest, pk: UUID) -> Any:
    actor = request.actor  # type: ignore[attr-defined]
    row = read.posting_seen(actor, pk)
    can_post(actor, row.person).require()
    return row


def _answer(request: HttpRequest, row: Any, form: Any, title: str, submit: str, save: Any, done: str) -> HttpResponse:
    """Show the form; when it is good, save and go back to the posting. A refusal stands at its field."""
    if request.method == "POST" and form.is_valid():
        try:
            save(dict(form.cleaned_data))
        except (NotInScope, NotPermitted, Conflict):
            raise
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.sentence)
        else:
            messages.success(request, done)
            return redirect("whereabouts:posting", pk=row.pk)
    context = {"posting": row, "form": form, "title": title, "submit": submit}
    return render(request, "whereabouts/change.html", context)
