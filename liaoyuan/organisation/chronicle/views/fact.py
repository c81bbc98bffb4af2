"""One fact with its versions; writing down, correcting and withdrawing by hand."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import Conflict, DomainError, NotInScope, NotPermitted
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.chronicle import kinds
from liaoyuan.organisation.chronicle.forms import CorrectForm, EvidenceForm, NoteForm, ReasonForm, show_refusal
from liaoyuan.organisation.chronicle.kinds import FactKind
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.chronicle.policies import Capability, can_correct, can_see
from liaoyuan.organisation.chronicle.selectors.pages import FactPage, fact_page, kind_or_none, kinds_by_hand, tell
from liaoyuan.organisation.chronicle.services import evidence_add, fact_correct, fact_note, fact_withdraw
from liaoyuan.organisation.members.policies import can_view_file
from liaoyuan.organisation.units.policies import Capability as UnitsCapability


@login_required
@require_safe
def fact(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A fact: what it says, who wrote it down, every version."""
    return _shown(request, fact_page(_actor(request), pk), EvidenceForm())


def _shown(request: HttpRequest, page: FactPage, form: EvidenceForm) -> HttpResponse:
    actor, row = _actor(request), page.latest
    why_not = _why_not(actor, page)
    person = row.person
    context = {
        "page": page,
        "sentence": tell(row),
        "rows": _rows(page),
        "versions": [_version(row) for row in page.versions],
        "may_correct": not why_not,
        "why_not": why_not,
        "form": form if not why_not and page.takes_files else None,
        # A chip leads nowhere where the reader may read the fact and not its person or unit of today.
        "person_linked": person is not None and bool(can_view_file(actor, person)),
        "unit_linked": actor.covers(UnitsCapability.VIEW, row.path),
    }
    return render(request, "chronicle/fact.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def evidence(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One more file that proves it."""
    page = _to_correct(request, pk)
    form = EvidenceForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            evidence_add(actor=_actor(request), fact=page.latest, file=form.cleaned_data["file"])
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("已添加证明材料。"))
            return redirect("chronicle:fact", page.latest.pk)
    return _shown(request, page, form)


def _rows(page: FactPage) -> list[tuple[str, Any]]:
    """The payload in words."""
    row, kind = page.latest, page.kind
    if kind is None:
        return []
    asked = [key for key in (*kind.schema, *kinds.ALWAYS) if key not in kind.filled]
    keys = [key for key in asked if row.payload.get(key) not in (None, "")]
    found: list[tuple[str, Any]] = [(kinds.word(kind, key), row.payload[key]) for key in dict.fromkeys(keys)]
    if row.quantity is not None:
        found.insert(0, (_("数量"), f"{row.quantity.normalize():f}{kind.unit}"))
    return found


def _version(row: Fact) -> dict[str, Any]:
    when = f"{clock.local(row.recorded_at):%Y-%m-%d %H:%M}"
    who = row.recorded_by or _("系统")
    words = {"text": tell(row), "day": row.occurred_on}
    if row.void:
        what = _("撤销")
    elif row.supersedes_id:
        what = _("更正为：%(text)s（%(day)s）") % words
    else:
        what = _("记录：%(text)s（%(day)s）") % words
    body = _("理由：%(reason)s") % {"reason": row.reason} if row.reason else ""
    return {
        "date": when,
        "title": f"{what} · {who}",
        "body": body,
        "icon": "trash" if row.void else "pencil" if row.supersedes_id else "plus",
        "level": "late" if row.void else "",
    }


def _why_not(actor: Actor, page: FactPage) -> str:
    """Why the actor may not correct it here; "" where he may."""
    decision = can_correct(actor, page.latest.path, page.latest.kind)
    if not decision:
        return decision.reason  # type: ignore[union-attr]  # Denied
    if page.kind is not None and not can_see(actor, page.kind, page.latest.path):
        return _("这类事项只有能看人员档案的人可以更正。")
    if not page.by_hand or page.kind is None:
        return _("这条纪实由对应的业务记录，请在那里更正，这里会跟着改。")
    return _("这条纪实已经撤销。") if page.latest.void else ""


def _to_correct(request: HttpRequest, pk: UUID) -> FactPage:
    """The page of a fact that the actor may correct now. Raises NotInScope, NotPermitted, Conflict, DomainError."""
    actor = _actor(request)
    page = fact_page(actor, pk)
    can_correct(actor, page.latest.path, page.latest.kind).require()
    if page.kind is not None:
        can_see(actor, page.kind, page.latest.path).require()
    why_not = _why_not(actor, page)
    if why_not:
        raise Conflict(why_not) if page.latest.void else DomainError(why_not)
    return page


@login_required
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write it down as it was."""
    page = _to_correct(request, pk)
    row = page.latest
    assert page.kind is not None  # noqa: S101  _to_correct has looked
    initial = CorrectForm.initial_of(row.occurred_on, row.quantity, row.payload)
    form = CorrectForm(page.kind, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            new = _corrected(request, form, row)
        except Conflict:
            raise
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("已更正，原来的记录留底。"))
            return redirect("chronicle:fact", new.pk)
    context = {"page": page, "sentence": tell(row), "form": form}
    return render(request, "chronicle/correct.html", context, status=422 if form.errors else 200)


def _corrected(request: HttpRequest, form: CorrectForm, row: Fact) -> Fact:
    data = form.cleaned_data
    payload = {**{key: row.payload[key] for key in form.declared.filled & set(row.payload)}, **form.payload()}
    quantity = data.get("quantity")
    if (data["occurred_on"], payload, quantity) == (row.occurred_on, dict(row.payload), row.quantity):
        raise DomainError(_("内容和原来一样，没有可更正的。"), field="reason")
    return fact_correct(
        actor=_actor(request),
        fact=row,
        reason=data["reason"],
        occurred_on=data["occurred_on"],
        quantity=quantity,
        payload=payload,
    )


@login_required
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """It did not happen."""
    page = _to_correct(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            new = fact_withdraw(actor=_actor(request), fact=page.latest, reason=form.cleaned_data["reason"])
        except Conflict:
            raise
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("已撤销，原来的记录留底。"))
            return redirect("chronicle:fact", new.pk)
    context = {"page": page, "sentence": tell(page.latest), "form": form}
    return render(request, "chronicle/withdraw.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Which kind to write down."""
    actor = _actor(request)
    _may_record(actor)
    about: dict[str, list[FactKind]] = {"person": [], "unit": []}
    for kind in kinds_by_hand(actor):
        about[kind.about].append(kind)
    asked = {name: request.GET.get(name, "")[:40] for name in ("person", "unit")}
    parts = [(_("关于人员"), about["person"]), (_("关于党组织"), about["unit"])]
    if asked["person"]:
        parts = parts[:1]
    elif asked["unit"]:
        parts.reverse()
    shown = [(words, kinds.by_topic(found)) for words, found in parts if found]
    return render(request, "chronicle/choose.html", {"parts": shown, "asked": asked})


@login_required
@require_http_methods(["GET", "POST"])
def note(request: HttpRequest, kind: str) -> HttpResponse:
    """Write one down."""
    actor = _actor(request)
    _may_record(actor)
    declared = kind_or_none(kind)
    if declared is None or declared not in kinds_by_hand(actor):
        raise NotInScope()
    initial = {"person": request.GET.get("person", ""), "unit": request.GET.get("unit", "")}
    form = NoteForm(declared, request.POST or None, request.FILES or None, initial=initial, actor=actor)
    if request.method == "POST" and form.is_valid():
        try:
            row = _noted(actor, form)
        except Conflict:
            raise
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("已记入纪实。有关的提醒会自动办结。"))
            return redirect("chronicle:fact", row.pk)
    return render(request, "chronicle/note.html", {"kind": declared, "form": form}, status=422 if form.errors else 200)


def _noted(actor: Actor, form: NoteForm) -> Fact:
    person, unit = form.subject()
    return fact_note(
        actor=actor,
        declared=form.declared,
        unit=unit,
        person=person,
        occurred_on=form.cleaned_data["occurred_on"],
        payload=form.payload(),
        quantity=form.cleaned_data.get("quantity"),
        file=form.cleaned_data.get("file"),
    )


def _may_record(actor: Actor) -> None:
    if not actor.holds(Capability.RECORD):
        raise NotPermitted(_("补记纪实由支部书记和上级组织干事办理。"))


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined]  # ActorMiddleware
