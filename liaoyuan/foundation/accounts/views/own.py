"""One's own password, sessions and tokens."""

from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from liaoyuan.foundation.accounts.capabilities import capability_label
from liaoyuan.foundation.accounts.forms.own import PasswordChangeForm, TokenForm, password_rules
from liaoyuan.foundation.accounts.selectors import open_sessions, own_tokens
from liaoyuan.foundation.accounts.services.passwords import has_initial_code, password_change
from liaoyuan.foundation.accounts.services.sessions import session_end, session_moved, sessions_end_others
from liaoyuan.foundation.accounts.services.tokens import token_create, token_revoke
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import DomainError


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change one's password; forced for an initial or an old one. Other sessions end."""
    user: Any = request.user
    form = PasswordChangeForm(request.POST or None, initial_code=has_initial_code(user))
    if request.method == "POST" and form.is_valid() and _change(request, form):
        messages.success(request, _("口令已修改，其他设备上的登录已全部退出。"))
        return HttpResponseRedirect(_next(request) or reverse("mfa_index"))
    return render(
        request,
        "accounts/password.html",
        {
            "form": form,
            "rules": password_rules(),
            "initial": has_initial_code(user),
            "forced": user.password_due,
            "max_age_days": settings.LIAOYUAN.password_max_age_days,
            "next": _next(request),
        },
        status=422 if form.errors else 200,
    )


def _change(request: HttpRequest, form: PasswordChangeForm) -> bool:
    """Check the old password (failures count towards the lock-out), write the new one, keep this session."""
    user: Any = request.user
    if not get_adapter().reauthenticate(user, form.cleaned_data["old"]):
        form.add_error("old", _("现在的口令不正确。"))
        return False
    try:
        password_change(actor=request.actor, user=user, new=form.cleaned_data["new"])  # type: ignore[attr-defined]
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, error.sentence)
        return False
    before = request.session.session_key
    update_session_auth_hash(request, user)  # a new key: the old one, perhaps copied, opens nothing
    reauthenticate_by_password(request)
    session_moved(user, before=before, after=request.session.session_key)
    sessions_end_others(
        actor=request.actor,  # type: ignore[attr-defined]
        user=user,
        keep=request.session.session_key,
        reason=_("口令已修改"),
    )
    return True


def _next(request: HttpRequest) -> str:
    url = request.POST.get("next") or request.GET.get("next") or ""
    return url if url and get_adapter().is_safe_url(url) else ""


@require_http_methods(["GET"])
def sessions(request: HttpRequest) -> HttpResponse:
    """Where one is logged in."""
    user: Any = request.user
    rows = open_sessions(request.actor, user, current_key=request.session.session_key)  # type: ignore[attr-defined]
    return render(
        request,
        "accounts/sessions.html",
        {"sessions": rows, "idle_minutes": settings.LIAOYUAN.session_idle_minutes},
    )


@require_POST
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """End one of them."""
    session_end(actor=request.actor, user=request.user, session_id=session_id)  # type: ignore[attr-defined, arg-type]
    messages.success(request, _("已退出该设备。"))
    return redirect("accounts:sessions")


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """End all but this one."""
    count = sessions_end_others(
        actor=request.actor,  # type: ignore[attr-defined]
        user=request.user,  # type: ignore[arg-type]
        keep=request.session.session_key,
    )
    messages.success(request, _("已退出其他 %(count)s 处登录。") % {"count": count})
    return redirect("accounts:sessions")


@never_cache
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """One's API tokens, and a new one. The plain token is on this one answer and nowhere else."""
    user: Any = request.user
    actor = request.actor  # type: ignore[attr-defined]
    form = TokenForm(request.POST or None, held=list(actor.grants))
    plain = ""
    if request.method == "POST" and form.is_valid():
        try:
            _token, plain = token_create(actor=actor, user=user, **form.cleaned_data)
            form = TokenForm(held=list(actor.grants))
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.sentence)
    now = clock.now()
    rows = [
        {
            "token": row,
            "names": [capability_label(name) for name in row.capabilities],
            "state": "revoked" if row.revoked_at else "expired" if row.expires_at <= now else "valid",
        }
        for row in own_tokens(actor, user)
    ]
    return render(
        request,
        "accounts/tokens.html",
        {"form": form, "rows": rows, "plain": plain, "can_have": bool(actor.grants)},
        status=422 if form.errors else 200,
    )


@require_POST
def revoke_token(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """End one."""
    token_revoke(actor=request.actor, user=request.user, token_id=token_id)  # type: ignore[attr-defined, arg-type]
    messages.success(request, _("令牌已作废。"))
    return redirect("accounts:tokens")
