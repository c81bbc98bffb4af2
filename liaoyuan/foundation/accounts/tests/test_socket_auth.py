"""Who is behind a websocket."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from liaoyuan.foundation.accounts.services import account_disable
from liaoyuan.foundation.accounts.socket_auth import actor_for_scope
from liaoyuan.foundation.accounts.tests.factories import AdminFactory, NewUserFactory, UserFactory
from liaoyuan.foundation.accounts.tests.helpers import actor_of, enter, log_in, with_totp
from liaoyuan.kernel import clock

pytestmark = pytest.mark.django_db


def scope_of(client: Client, **more: Any) -> dict[str, Any]:
    session = SimpleNamespace(session_key=client.session.session_key)
    return {"session": session, "client": ("127.0.0.1", 5), "headers": [], **more}


def test_an_open_session_is_its_account() -> None:
    user = AdminFactory()
    with_totp(user)
    actor = actor_for_scope(scope_of(enter(user)))
    assert (actor.user_id, actor.via, actor.address) == (user.pk, "socket", "127.0.0.1")
    assert actor.holds("accounts.view")


@pytest.mark.parametrize("scope", [{}, {"session": None}, {"session": SimpleNamespace(session_key="nonsense" * 4)}])
def test_no_session_is_nobody(scope: dict[str, Any]) -> None:
    assert actor_for_scope(scope).user_id is None


def test_who_must_do_something_first_is_nobody() -> None:
    assert actor_for_scope(scope_of(enter(NewUserFactory()))).user_id is None
    assert actor_for_scope(scope_of(enter(AdminFactory()))).user_id is None
    old = UserFactory(password_changed_at=clock.now() - timedelta(days=90))
    assert actor_for_scope(scope_of(enter(old))).user_id is None


def test_an_idle_session_is_nobody() -> None:
    client = Client()
    user = UserFactory()
    log_in(client, user)
    scope = scope_of(client)
    assert actor_for_scope(scope).user_id == user.pk
    with clock.set_to(clock.now() + timedelta(minutes=31)):
        assert actor_for_scope(scope).user_id is None


def test_it_may_be_asked_again_and_sees_what_changed() -> None:
    user = UserFactory()
    client = Client()
    log_in(client, user)
    scope = scope_of(client)
    assert actor_for_scope(scope).user_id == user.pk
    account_disable(actor=actor_of(AdminFactory()), user=user, reason="离队")
    assert actor_for_scope(scope).user_id is None


def test_address_behind_a_trusted_proxy(settings: Any) -> None:
    settings.LIAOYUAN = settings.LIAOYUAN.model_copy(update={"trusted_proxies": ["127.0.0.1"]})
    scope = scope_of(enter(UserFactory()), headers=[(b"x-forwarded-for", b"10.9.8.7")])
    assert actor_for_scope(scope).address == "10.9.8.7"
