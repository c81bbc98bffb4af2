"""The security administrator's pages: list, one account, new account, acts."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import django_filters
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from liaoyuan.foundation.accounts.forms.manage import AccountForm, AppointForm, LockForm, ReasonForm, RenameForm
from liaoyuan.foundation.accounts.hashers import InitialCodeHasher
from liaoyuan.foundation.accounts.models import AdminKind, User
from liaoyuan.foundation.accounts.policies import can_manage
from liaoyuan.foundation.accounts.selectors import account, accounts, locked_out_names, locked_out_until, session_count
from liaoyuan.foundation.accounts.services import (
    InitialSlip,
    account_create,
    account_disable,
    account_enable,
    account_lock,
    account_rename,
    account_unlock,
    administrator_appoint,
    administrator_demote,
    has_initial_code,
    initial_codes_issue,
    password_reset_to_initial,
    sessions_end_all,
    totp_reset,
)
from liaoyuan.foundation.accounts.services.log_in import listed
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import DomainError, NotInScope
from liaoyuan.kernel.scoping import Actor
from liaoyuan.kernel.ui import parts
from liaoyuan.kernel.ui.lists import Action, Column, Empty, ListPage, render_list

_STATES = (
    ("active", gettext_lazy("正常")),
    ("locked", gettext_lazy("已锁定")),
    ("disabled", gettext_lazy("已停用")),
    ("initial", gettext_lazy("未启用（初始口令）")),
)


class AccountFilter(django_filters.FilterSet):
    """Kind, state, second factor."""

    admin_kind = django_filters.ChoiceFilter(
        label=gettext_lazy("管理员"), choices=[choice for choice in AdminKind.choices if choice[0]]
    )
    state = django_filters.ChoiceFilter(label=gettext_lazy("状态"), choices=_STATES, method="by_state")
    has_totp = django_filters.BooleanFilter(label=gettext_lazy("已启用动态码"))

    class Meta:
        model = User
        fields: list[str] = []

    def by_state(self, rows: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        """Rows in a state as the list shows it."""
        locked = Q(locked_until__gt=clock.now()) | Q(username__in=locked_out_names())
        return {
            "active": rows.filter(is_active=True).exclude(locked),
            "locked": rows.filter(locked, is_active=True),
            "disabled": rows.filter(is_active=False),
            "initial": rows.filter(is_active=True, **{"password__startswith": InitialCodeHasher.algorithm}),
        }[value]


def _search(rows: QuerySet[User], text: str) -> QuerySet[User]:
    return rows.filter(Q(username__contains=text.lower()) | Q(display_name__contains=text))


@require_http_methods(["GET"])
def manage(request: HttpRequest) -> HttpResponse:
    """Every account."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    rows = accounts(actor)
    locked = locked_out_names()
    return render_list(
        request,
        ListPage(
            title=_("账号"),
            subtitle=_("安全管理员办理账号；人员档案不在此处。"),
            columns=_columns(locked),
            rows=rows,
            search=_search,
            search_hint=_("账号或姓名"),
            filters=AccountFilter,
            default_sort="username",
            empty=Empty(_("没有符合条件的账号"), _("换个条件试试，或新建一个不对应人员的账号。")),
            export_name=_("账号"),
            on_export=lambda count: listed(actor, count),
            actions=[Action(_("新建账号"), reverse("accounts:account_new"), "plus", primary=True)],
            noun=_("个账号"),
            row_class=lambda user: "" if user.is_active else "row-muted",
        ),
    )


def _columns(locked: set[str]) -> list[Column]:
    return [
        Column("username", _("账号"), _link, ("username",), export=lambda user: user.username),
        Column("display_name", _("姓名"), lambda user: user.display_name, ("display_name",)),
        Column("kind", _("管理员"), _kind, ("admin_kind",)),
        Column(
            "state",
            _("状态"),
            lambda user: parts.state(*_chip(user, locked=user.username in locked)),
            export=lambda user: _chip(user, locked=user.username in locked)[1],
        ),
        Column("totp", _("动态码"), _factor),
        Column("last_login", _("最近登录"), lambda user: _moment(user.last_login), ("last_login",), kind="date"),
        Column(
            "created", _("建立时间"), lambda user: _moment(user.created_at), ("created_at",), default=False, kind="date"
        ),
    ]


def _link(user: User) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse("accounts:account", args=[user.pk]), user.username)


def _kind(user: User) -> str:
    return user.get_admin_kind_display() if user.admin_kind else ""


def _factor(user: User) -> str:
    if user.has_totp:  # type: ignore[attr-defined]  # annotated by the selector
        return _("已启用")
    return _("须启用") if user.needs_second_factor else ""


def _moment(value: Any) -> str:
    return f"{clock.local(value):%Y-%m-%d %H:%M}" if value else ""


def _chip(user: User, *, locked: bool) -> tuple[str, str]:
    """The state as level and word."""
    if not user.is_active:
        return "muted", _("已停用")
    if user.is_locked or locked:
        return "late", _("已锁定")
    return ("soon", _("未启用")) if has_initial_code(user) else ("ok", _("正常"))


@require_http_methods(["GET", "POST"])
@never_cache
def new(request: HttpRequest) -> HttpResponse:
    """An account without a person."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    can_manage(actor).require()
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = account_create(actor=actor, **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.sentence)
        else:
            messages.success(request, _("账号已建立。请打印初始口令条，当面交给本人。"))
            return redirect("accounts:account", user.pk)
    return render(request, "accounts/account_new.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET"])
def detail(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """One account and what may be done with it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return _detail(request, account(actor, account_id))


def _detail(request: HttpRequest, user: User, *, wrong: Any = None, verb: str = "") -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    until = locked_out_until(user.username)
    forms = {name: form(prefix=name) for name, (form, _act) in _VERBS.items() if form not in {RenameForm}}
    forms["rename"] = RenameForm(
        prefix="rename", initial={"username": user.username, "display_name": user.display_name}
    )
    if wrong is not None:
        forms[verb] = wrong
    decision = can_manage(actor, user)
    return render(
        request,
        "accounts/account.html",
        {
            "account": user,
            "forms": forms,
            "may": bool(decision),
            "why_not": getattr(decision, "reason", ""),
            "chip": parts.state(*_chip(user, locked=until is not None)),
            "locked_until": until or (user.locked_until if user.is_locked else None),
            "initial": has_initial_code(user),
            "sessions": session_count(user),
            "open_verb": verb,
            "refusal": " ".join(wrong.non_field_errors()) if wrong is not None else "",
        },
        status=422 if wrong is not None else 200,
    )


Act = Callable[[Actor, User, dict[str, Any]], object]


def _lock(actor: Actor, user: User, data: dict[str, Any]) -> object:
    until = clock.now() + timedelta(hours=data["hours"])
    return account_lock(actor=actor, user=user, until=until, reason=data["reason"])


def _issue(actor: Actor, user: User, data: dict[str, Any]) -> object:
    slips = initial_codes_issue(actor=actor, users=[user], reason=data["reason"])
    if not slips:
        raise DomainError(_("本人已设置口令，初始口令已失效；需要时请先重置。"))
    return slips[0]


# What may be done with one account: its form and its service. A slip as the answer is printed.
_VERBS: dict[str, tuple[type[ReasonForm] | type[RenameForm], Act]] = {
    "rename": (RenameForm, lambda actor, user, data: account_rename(actor=actor, user=user, **data)),
    "disable": (ReasonForm, lambda actor, user, data: account_disable(actor=actor, user=user, **data)),
    "enable": (ReasonForm, lambda actor, user, data: account_enable(actor=actor, user=user, **data)),
    "lock": (LockForm, _lock),
    "unlock": (ReasonForm, lambda actor, user, data: account_unlock(actor=actor, user=user, **data)),
    "reset": (ReasonForm, lambda actor, user, data: password_reset_to_initial(actor=actor, user=user, **data)),
    "slip": (ReasonForm, _issue),
    "totp": (ReasonForm, lambda actor, user, data: totp_reset(actor=actor, user=user, **data)),
    "sessions": (ReasonForm, lambda actor, user, data: sessions_end_all(actor=actor, user=user, **data)),
    "appoint": (AppointForm, lambda actor, user, data: administrator_appoint(actor=actor, user=user, **data)),
    "demote": (ReasonForm, lambda actor, user, data: administrator_demote(actor=actor, user=user, **data)),
}


@require_POST
@never_cache
def act(request: HttpRequest, account_id: UUID, verb: str) -> HttpResponse:
    """Do one thing to one account, with a reason."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    user = account(actor, account_id)
    if verb not in _VERBS:
        raise NotInScope()
    form_class, service = _VERBS[verb]
    form = form_class(request.POST, prefix=verb)
    if not form.is_valid():
        return _detail(request, user, wrong=form, verb=verb)
    try:
        result = service(actor, user, form.cleaned_data)
    except DomainError as error:
        if error.status == 403:
            raise
        form.add_error(error.field if error.field in form.fields else None, error.sentence)
        return _detail(request, user, wrong=form, verb=verb)
    if isinstance(result, InitialSlip):
        return slips_page(request, [result])
    messages.success(request, _("已办理。"))
    return redirect("accounts:account", user.pk)


def slips_page(request: HttpRequest, slips: list[InitialSlip]) -> HttpResponse:
    """A4 sheets of slips to cut apart; never cached. The members' page uses it as well."""
    response = render(request, "accounts/slips.html", {"slips": slips, "today": clock.today()})
    response["Cache-Control"] = "no-store"
    return response
