"""What stands between a session and every page."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from liaoyuan.foundation.accounts import browser_session
from liaoyuan.foundation.accounts.models import User
from liaoyuan.foundation.accounts.tests.factories import NewUserFactory, UserFactory
from liaoyuan.foundation.accounts.tests.helpers import LOGIN, audited, log_in
from liaoyuan.kernel import clock

pytestmark = pytest.mark.django_db

PAGE = "/account/sessions/"


@pytest.fixture
def inside() -> Client:
    client = Client()
    log_in(client, UserFactory())
    return client


def test_every_view_needs_a_log_in_unless_marked(client: Client) -> None:
    assert client.get("/account/tokens/?a=1")["Location"] == f"{LOGIN}?next=%2Faccount%2Ftokens%2F%3Fa%3D1"
    assert client.get(LOGIN).status_code == 200


def test_htmx_is_sent_to_the_log_in_as_a_whole_page(client: Client) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/account/tokens/"}
    response = client.get(PAGE, headers=headers)
    assert response.status_code == 401
    assert response["HX-Redirect"] == f"{LOGIN}?next=%2Faccount%2Ftokens%2F"


def test_a_program_gets_401_as_a_problem(client: Client) -> None:
    response = client.get(PAGE, headers={"accept": "application/json"})
    assert (response.status_code, response["Content-Type"]) == (401, "application/problem+json")


@pytest.mark.parametrize("header", ["Basic eDp5", "x", "Bearer-lyt_x", "Token lyt_x"])
def test_another_authorization_header_does_not_get_a_session_past_the_password_change(header: str) -> None:
    client, user = Client(), NewUserFactory()
    client.force_login(user, backend="liaoyuan.foundation.accounts.backends.AccountBackend")
    response = client.get("/api/v1/me", headers={"authorization": header})
    assert (response.status_code, response.json()["detail"]) == (403, "请先修改口令，再办理其他事项。")


def test_a_form_sent_too_late_comes_back_to_its_page(client: Client) -> None:
    response = client.post("/account/tokens/", headers={"referer": "http://testserver/account/tokens/?x=1"})
    assert response["Location"] == f"{LOGIN}?next=%2Faccount%2Ftokens%2F%3Fx%3D1"
    assert client.post("/account/tokens/", headers={"referer": "https://evil.example/"})["Location"] == LOGIN


def test_idle_session_ends_at_the_limit_and_not_before(inside: Client) -> None:
    key = inside.session.session_key
    start = clock.now()
    with clock.set_to(start + timedelta(minutes=29)):
        assert inside.get(PAGE).status_code == 200
    with clock.set_to(start + timedelta(minutes=58)):
        assert inside.get(PAGE).status_code == 200  # used at 29
    with clock.set_to(start + timedelta(minutes=88, seconds=5)):
        assert inside.get(PAGE)["Location"] == f"{LOGIN}?why=idle&next=%2Faccount%2Fsessions%2F"
    assert not inside.session.exists(key)
    assert not UserSession.objects.filter(session_key=key).exists()
    [entry] = audited("accounts.logout")
    assert entry.reason == "长时间无操作，自动退出"


def test_even_a_busy_session_ends_after_a_working_day(inside: Client) -> None:
    start = clock.now()
    for minutes in range(0, 12 * 60, 20):
        with clock.set_to(start + timedelta(minutes=minutes)):
            assert inside.get(PAGE).status_code == 200
    with clock.set_to(start + timedelta(hours=12, seconds=5)):
        assert inside.get(PAGE).status_code == 302


def test_a_page_that_asks_by_itself_does_not_keep_the_session_open(inside: Client) -> None:
    start = clock.now()
    for minutes in (10, 20, 29):
        with clock.set_to(start + timedelta(minutes=minutes)):
            assert inside.get(PAGE, headers={"X-Background": "1"}).status_code == 200
    with clock.set_to(start + timedelta(minutes=31)):
        assert inside.get(PAGE, headers={"X-Background": "1", "HX-Request": "true"}).status_code == 401


def test_use_is_noted_once_a_minute(inside: Client, django_assert_max_num_queries: Any) -> None:
    start = clock.now()
    with clock.set_to(start + timedelta(seconds=50)):
        seen = inside.session[browser_session.SEEN]
        with django_assert_max_num_queries(10) as asked:
            inside.get("/account/password/")
        assert [query for query in asked if query["sql"].startswith(("UPDATE", "INSERT"))] == []
        assert inside.session[browser_session.SEEN] == seen
    with clock.set_to(start + timedelta(seconds=70)):
        inside.get("/account/password/")
        assert inside.session[browser_session.SEEN] > seen
        assert UserSession.objects.get().last_seen_at >= start + timedelta(seconds=70)


def test_initial_password_is_changed_before_anything_else(client: Client) -> None:
    client.force_login(NewUserFactory())
    assert client.get(PAGE)["Location"] == "/account/password/?next=%2Faccount%2Fsessions%2F"
    assert client.get("/account/password/").status_code == 200
    assert client.get("/account/totp/on/").status_code == 302
    response = client.get("/api/v1/me")
    assert response.status_code in {403, 404}  # 404 until the route exists
    assert client.get(PAGE, headers={"HX-Request": "true"})["HX-Redirect"] == "/account/password/"
    assert client.post("/account/logout/").status_code == 302


def test_a_password_older_than_the_setting_is_changed_first(inside: Client) -> None:
    user = UserFactory(password_changed_at=clock.now() - timedelta(days=90))
    client = Client()
    log_in(client, user)
    assert client.get(PAGE)["Location"].startswith("/account/password/")
    user.password_changed_at = clock.now() - timedelta(days=89)
    user.save()
    assert client.get(PAGE).status_code == 200


def test_age_0_means_never(settings: Any) -> None:
    settings.LIAOYUAN = settings.LIAOYUAN.model_copy(update={"password_max_age_days": 0})
    client = Client()
    client.force_login(UserFactory(password_changed_at=clock.now() - timedelta(days=9000)))
    assert client.get(PAGE).status_code == 200


def test_a_disabled_or_locked_account_is_out_at_once(inside: Client) -> None:
    user = User.objects.get()
    user.locked_until = clock.now() + timedelta(hours=1)
    user.save()
    assert inside.get(PAGE).status_code == 302
    client = Client()
    assert log_in(client, user).status_code == 200  # as a wrong password
    user.locked_until = None
    user.is_active = False
    user.save()
    assert log_in(client, user).status_code == 200
    assert "_auth_user_id" not in client.session


def test_a_visitor_without_a_cookie_costs_no_query(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert client.get(LOGIN).status_code == 200
