"""Tokens and sessions at the API's door."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.cache import cache
from django.http import HttpRequest
from django.test import Client, RequestFactory
from ninja import NinjaAPI, Router

from liaoyuan.foundation.accounts.api_auth import api_auth
from liaoyuan.foundation.accounts.models import ApiToken
from liaoyuan.foundation.accounts.services import account_disable, token_create, token_revoke
from liaoyuan.foundation.accounts.services.tokens import token_digest
from liaoyuan.foundation.accounts.tests.factories import AdminFactory, NewUserFactory, UserFactory
from liaoyuan.foundation.accounts.tests.helpers import actor_of, audited, enter, with_totp
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import DomainError, NotInScope, NotPermitted
from liaoyuan.kernel.scoping import Actor

pytestmark = pytest.mark.django_db

TOKENS = "/account/tokens/"


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    cache.clear()


@pytest.fixture
def user() -> Any:
    return AdminFactory()


@pytest.fixture
def plain(user: Any) -> str:
    return token_create(actor=actor_of(user), user=user, name="对接", capabilities=["accounts.view"], days=30)[1]


def ask(header: str = "", *, method: str = "GET", session: Client | None = None, **extra: Any) -> Any:
    """The actor an operation sees for a request with the Authorization ``header``, or the status of the refusal."""
    seen: list[Actor] = []
    api, router = NinjaAPI(urls_namespace=f"test-{uuid4()}", auth=api_auth()), Router()

    @router.api_operation(["GET", "POST"], "/who")
    def who(request: HttpRequest) -> dict[str, str]:
        seen.append(request.actor)  # type: ignore[attr-defined]
        return {}

    api.add_router("", router)
    api.exception_handler(DomainError)(lambda request, error: api.create_response(request, {}, status=error.status))
    factory = RequestFactory()
    request = factory.generic(method, "/who", **extra)
    if header:
        request.META["HTTP_AUTHORIZATION"] = header
    if session is not None:
        request.COOKIES.update({name: morsel.value for name, morsel in session.cookies.items()})
    _with_user(request)
    request.actor = Actor.nobody()  # type: ignore[attr-defined]
    view = next(pattern.callback for pattern in api.urls[0] if str(pattern.pattern) == "who")
    response = view(request)
    return seen[0] if seen else response.status_code


def _with_user(request: HttpRequest) -> None:
    SessionMiddleware(lambda r: None).process_request(request)  # type: ignore[arg-type, return-value]
    AuthenticationMiddleware(lambda r: None).process_request(request)  # type: ignore[arg-type, return-value]


def test_token_narrows_to_what_it_was_given(user: Any, plain: str) -> None:
    actor = ask(f"Bearer {plain}")
    assert dict(actor.grants) == {"accounts.view": ("",)}
    assert (actor.user_id, actor.via, actor.address) == (user.pk, "api", "127.0.0.1")


def test_token_loses_what_its_owner_loses(user: Any, plain: str) -> None:
    user.admin_kind = "audit"
    user.save()
    assert dict(ask(f"Bearer {plain}").grants) == {}


def test_only_a_keyed_digest_is_stored(plain: str) -> None:
    token = ApiToken.objects.get()
    assert plain.startswith("lyt_")
    assert plain not in repr(vars(token))
    assert token.digest == token_digest(plain)
    assert len(token.digest) == 64
    assert token.tail == plain[-4:]


@pytest.mark.parametrize(
    "header",
    [
        "Bearer ",
        "Bearer lyt_",
        "Bearer lyt_wrong",
        "Bearer " + "x" * 5000,
        "Bearer lyt_" + "x" * 5000,
        "Bearer lyt_\x00",
        "bearer null",
        "Basic YWRtaW46YWRtaW4=",
        "Token abc",
    ],
)
def test_what_is_no_token_is_refused(header: str) -> None:
    assert ask(header) == 401


def test_a_bad_token_never_falls_back_to_an_open_session() -> None:
    client = enter(UserFactory())
    assert ask(session=client).via == "api"
    assert ask("Bearer lyt_wrong", session=client) == 401


def test_ended_tokens_and_owners_open_nothing(user: Any, plain: str) -> None:
    token = ApiToken.objects.get()
    with clock.set_to(clock.now() + timedelta(days=30, seconds=1)):
        user.password_changed_at = clock.now()
        user.save()
        assert ask(f"Bearer {plain}") == 401
    user.password_changed_at = clock.now()
    for field, bad, good in (
        ("must_change_password", True, False),
        ("is_active", False, True),
        ("locked_until", clock.now() + timedelta(hours=1), None),
        ("password_changed_at", clock.now() - timedelta(days=91), clock.now()),
    ):
        setattr(user, field, bad)
        user.save()
        assert ask(f"Bearer {plain}") == 401, field
        setattr(user, field, good)
        user.save()
    assert ask(f"Bearer {plain}") != 401
    token_revoke(actor=actor_of(user), user=user, token_id=token.pk)
    assert ask(f"Bearer {plain}") == 401


def test_use_is_noted_once_a_minute(plain: str) -> None:
    start = clock.now()
    ask(f"Bearer {plain}")
    first = ApiToken.objects.get().last_used_at
    assert first is not None
    with clock.set_to(start + timedelta(seconds=50)):
        ask(f"Bearer {plain}")
    assert ApiToken.objects.get().last_used_at == first
    with clock.set_to(start + timedelta(seconds=70)):
        ask(f"Bearer {plain}")
    later = ApiToken.objects.get().last_used_at
    assert later is not None
    assert later > first


def test_twenty_bad_tokens_a_minute_close_the_address_and_no_other(plain: str) -> None:
    for _ in range(20):
        assert ask("Bearer lyt_wrong") == 401
    assert ask("Bearer lyt_wrong") == 429
    assert ask(f"Bearer {plain}", REMOTE_ADDR="10.0.0.9").via == "api"


def test_session_needs_csrf_for_what_writes() -> None:
    client = enter(UserFactory())
    assert ask(session=client).via == "api"
    assert ask(method="POST", session=client) == 403
    assert ask(method="POST") == 401


def test_token_needs_no_csrf(plain: str) -> None:
    assert ask(f"Bearer {plain}", method="POST").via == "api"


def test_the_products_api_asks_for_a_log_in(client: Client) -> None:
    response = client.get("/api/v1/openapi.json")
    assert response.status_code == 200
    assert set(response.json()["components"]["securitySchemes"]) == {"TokenAuth", "SessionAuth"}


# --- making them


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"capabilities": []}, "capabilities"),
        ({"capabilities": ["members.reveal"]}, "capabilities"),
        ({"capabilities": ["accounts.view", "nonsense"]}, "capabilities"),
        ({"days": 0}, "days"),
        ({"days": 366}, "days"),
        ({"days": -1}, "days"),
    ],
)
def test_what_cannot_be_a_token(user: Any, change: dict[str, Any], field: str) -> None:
    wanted = {"name": "对接", "capabilities": ["accounts.view"], "days": 30, **change}
    with pytest.raises(DomainError) as caught:
        token_create(actor=actor_of(user), user=user, **wanted)
    assert caught.value.field == field
    assert not ApiToken.objects.exists()


def test_twenty_valid_ones_are_the_most(user: Any) -> None:
    actor = actor_of(user)
    for number in range(20):
        token_create(actor=actor, user=user, name=f"t{number}", capabilities=["accounts.view"], days=1)
    with pytest.raises(DomainError, match="20 个"):
        token_create(actor=actor, user=user, name="t", capabilities=["accounts.view"], days=1)
    token_revoke(actor=actor, user=user, token_id=ApiToken.objects.all()[0].pk)
    token_create(actor=actor, user=user, name="t", capabilities=["accounts.view"], days=1)


def test_nobody_makes_or_ends_anothers(user: Any, plain: str) -> None:
    neighbour = AdminFactory(admin_kind="audit")
    token = ApiToken.objects.get()
    with pytest.raises(NotPermitted):
        token_create(actor=actor_of(neighbour), user=user, name="x", capabilities=["audit.view"], days=1)
    with pytest.raises(NotInScope):
        token_revoke(actor=actor_of(neighbour), user=neighbour, token_id=token.pk)
    token.refresh_from_db()
    assert token.revoked_at is None
    account_disable(actor=actor_of(AdminFactory()), user=user, reason="离队")
    assert ask(f"Bearer {plain}") == 401


def test_the_page_shows_a_token_once(user: Any) -> None:
    with_totp(user)
    client = enter(user)
    form = {"name": "对接训练系统", "days": 30, "capabilities": ["accounts.view", "units.view"]}
    page = client.post(TOKENS, form).content.decode()
    token = ApiToken.objects.get()
    assert "lyt_" in page
    assert token.capabilities == ["accounts.view", "units.view"]
    again = client.get(TOKENS).content.decode()
    assert "lyt_" not in again
    assert f"末四位 {token.tail}" in again
    assert client.post(f"{TOKENS}{token.pk}/revoke/").status_code == 302
    assert "已作废" in client.get(TOKENS).content.decode()
    assert [len(audited(f"accounts.token_{verb}")) for verb in ("create", "revoke")] == [1, 1]
    assert "lyt_" not in repr([vars(entry) for entry in audited("accounts.token_create")])


def test_the_page_offers_only_what_one_holds(user: Any) -> None:
    with_totp(user)
    client = enter(user)
    form = {"name": "x", "days": 30, "capabilities": ["members.reveal"]}
    assert client.post(TOKENS, form).status_code == 422
    assert not ApiToken.objects.exists()
    ordinary = enter(UserFactory())
    assert "没有任何权限" in ordinary.get(TOKENS).content.decode()
    assert ordinary.post(f"{TOKENS}{uuid4()}/revoke/").status_code == 404


def test_a_new_account_cannot_make_one_before_its_password() -> None:
    assert enter(NewUserFactory()).get(TOKENS)["Location"].startswith("/account/password/")
