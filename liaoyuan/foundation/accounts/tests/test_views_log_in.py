"""Logging in: what it gives away, what it keeps, where it leads."""

import logging
from typing import Any
from unittest.mock import patch

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import NoReverseMatch, reverse

from liaoyuan.foundation.accounts.hashers import TunedArgon2Hasher, initial_code
from liaoyuan.foundation.accounts.tests.factories import PASSWORD, NewUserFactory, UserFactory
from liaoyuan.foundation.accounts.tests.helpers import LOGIN, audited, bare, log_in
from liaoyuan.foundation.audit.models import AuditEntry

pytestmark = pytest.mark.django_db

_TRANSACTION = ("SAVEPOINT", "RELEASE", "SET CONSTRAINTS", "SET LOCAL", "BEGIN", "COMMIT")


def test_right_password_opens_a_session_and_is_audited(client: Client) -> None:
    user = UserFactory()
    response = log_in(client, user)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(user.pk)
    [entry] = audited("accounts.login")
    assert (entry.allowed, entry.actor_id, entry.address, entry.detail) == (
        True,
        user.pk,
        "127.0.0.1",
        {"steps": ["password"]},
    )


@pytest.mark.parametrize("typed", ["  USER-one ", "User-One", "ＵＳＥＲ－ｏｎｅ"])
def test_account_names_tell_no_capitals_widths_or_blanks_apart(client: Client, typed: str) -> None:
    UserFactory(username="user-one")
    assert log_in(client, typed).status_code == 302


def test_initial_code_opens_with_small_letters_and_without_dash(client: Client) -> None:
    user = NewUserFactory()
    code = initial_code(user.password)
    assert log_in(client, user, f"{code[:5]}-{code[5:]}".lower()).status_code == 302
    user.refresh_from_db()
    assert user.password.startswith("initial_sm3$")  # logging in with it does not turn it into a chosen password


def test_wrong_password_unknown_name_and_disabled_account_answer_alike() -> None:
    known = UserFactory(username="known001")
    UserFactory(username="gone0001", is_active=False)
    pages = set()
    for name, password in (("known001", "Wrong-Pass-1"), ("nobody01", "Wrong-Pass-1"), ("gone0001", PASSWORD)):
        client = Client()
        response = log_in(client, name, password)
        assert response.status_code == 200
        assert "_auth_user_id" not in client.session
        pages.add(bare(response.content).replace(name, "NAME"))
    assert len(pages) == 1
    assert known.username  # it exists, and nothing on the page says so


@pytest.mark.parametrize("kind", ["known", "initial", "unknown", "unusable", "disabled"])
def test_every_refusal_costs_one_argon2_hash(client: Client, kind: str) -> None:
    user = NewUserFactory() if kind == "initial" else UserFactory(is_active=kind != "disabled")
    if kind == "unusable":
        user.set_unusable_password()
        user.save()
    name = "nobody" if kind == "unknown" else user.username
    worked = []
    encode, verify = TunedArgon2Hasher.encode, TunedArgon2Hasher.verify

    def counted(real: Any) -> Any:
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            worked.append(real.__name__)
            return real(*args, **kwargs)

        return wrapper

    with (
        patch.object(TunedArgon2Hasher, "encode", counted(encode)),
        patch.object(TunedArgon2Hasher, "verify", counted(verify)),
    ):
        log_in(client, name, "Wrong-Pass-1")
    assert len(worked) == 1


def test_every_refusal_asks_the_database_the_same(client: Client, django_assert_max_num_queries: Any) -> None:
    UserFactory(username="known")
    log_in(client, "warm-up", "x")
    with django_assert_max_num_queries(25) as known:
        log_in(client, "known", "Wrong-Pass-1")
    with django_assert_max_num_queries(25) as unknown:
        log_in(client, "unknown", "Wrong-Pass-1")
    assert [q["sql"].split()[0] for q in known] == [q["sql"].split()[0] for q in unknown]


def test_unknown_name_is_kept_masked_for_it_may_be_a_password(client: Client) -> None:
    log_in(client, "Hunter2-Secret", "x")
    [entry] = audited("accounts.login")
    assert not entry.allowed
    assert entry.object_label == "hu…（14 个字符）"
    assert entry.actor_id is None


def test_no_password_in_audit_logs_or_attempts(client: Client, caplog: Any) -> None:
    user = UserFactory()
    with caplog.at_level(logging.DEBUG):
        log_in(client, user, "Very-Secret-1")
        log_in(client, user, PASSWORD)
    kept = repr(list(AuditEntry.objects.values())) + repr(list(AccessAttempt.objects.values())) + caplog.text
    assert "Very-Secret-1" not in kept
    assert PASSWORD not in kept


def test_session_key_changes_at_log_in() -> None:
    user = UserFactory()
    client = Client()
    client.get(LOGIN)
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    before = session.session_key
    log_in(client, user)
    assert client.session.session_key != before
    thief = Client(headers={"cookie": f"{settings.SESSION_COOKIE_NAME}={before}"})
    assert thief.get("/account/sessions/").status_code == 302
    assert not client.session.exists(before)


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        "https://testserver@evil.example/",
        "https://testserver.evil.example/",
        " https://evil.example",
        "\thttps://evil.example",
        "http://localhost/",  # in ALLOWED_HOSTS, and still not the host one came to
    ],
)
def test_next_never_leads_off_this_host(target: str) -> None:
    assert log_in(Client(), UserFactory(), next=target)["Location"] == "/"
    assert (
        Client()
        .post(f"{LOGIN}?next={target}", {"login": UserFactory().username, "password": PASSWORD})["Location"]
        .startswith("/")
    )


def test_next_leads_back_to_ones_page(client: Client) -> None:
    assert log_in(client, UserFactory(), next="/account/tokens/?a=1")["Location"] == "/account/tokens/?a=1"


def test_log_in_needs_the_csrf_token() -> None:
    client = Client(enforce_csrf_checks=True)
    assert log_in(client, UserFactory()).status_code == 403
    assert "_auth_user_id" not in client.session


def test_log_in_with_the_pages_own_token_works() -> None:
    client = Client(enforce_csrf_checks=True)
    client.get(LOGIN)
    token = client.cookies["csrftoken"].value
    assert log_in(client, UserFactory(), csrfmiddlewaretoken=token).status_code == 302


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("", ""),
        ("a" * 65, "x"),
        ("a", "x" * 129),
        ("nul\x00", "x"),
        ("user", "nul\x00"),
        ("\ufdfa" * 64, "x"),  # one sign that grows to eighteen when normalised
        ("😀", "😀"),
        ("' OR 1=1 --", "x"),
        ("<script>", "x"),
    ],
)
def test_odd_input_is_refused_without_fuss(client: Client, name: str, password: str) -> None:
    response = log_in(client, name, password)
    assert response.status_code == 200
    assert "<script>" not in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_page_has_no_script_and_no_style_of_its_own(client: Client) -> None:
    html = client.get(LOGIN).content.decode()
    assert "style=" not in html
    assert "onclick" not in html
    assert "<script>" not in html


def test_log_out_by_post_ends_the_session_and_clears_the_browser(client: Client) -> None:
    user = UserFactory()
    log_in(client, user)
    key = client.session.session_key
    assert client.get("/account/logout/").status_code == 200
    assert "_auth_user_id" in client.session  # asking is not leaving
    response = client.post("/account/logout/", {"next": "https://evil.example"})
    assert response["Location"] == f"{LOGIN}?why=left"
    assert response["Clear-Site-Data"] == '"cache", "storage", "cookies"'
    assert not client.session.exists(key)
    [entry] = audited("accounts.logout")
    assert entry.actor_id == user.pk


def test_only_the_routes_in_use_exist() -> None:
    for name in (
        "account_signup",
        "account_email",
        "account_reset_password",
        "account_confirm_email",
        "account_inactive",
        "account_set_password",
        "mfa_list_webauthn",
        "mfa_trust",
    ):
        with pytest.raises(NoReverseMatch):
            reverse(name)


def test_words_on_arrival_come_from_a_fixed_list(client: Client) -> None:
    assert "已自动退出" in client.get(f"{LOGIN}?why=idle").content.decode()
    assert "evil" not in client.get(f"{LOGIN}?why=evil").content.decode()


def test_host_header_of_another_name_is_refused(client: Client) -> None:
    assert client.get(LOGIN, headers={"host": "evil.example"}).status_code == 400


def test_log_in_writes_little(client: Client, django_assert_max_num_queries: Any) -> None:
    user = UserFactory()
    log_in(Client(), user)  # the audit chain's first row costs more
    client.get(LOGIN)
    with django_assert_max_num_queries(13) as asked:
        log_in(client, user)
    journeys = [
        [statement.split()[0] for statement in query["sql"].split("; ") if not statement.startswith(_TRANSACTION)]
        for query in asked
    ]
    verbs = [verb for journey in journeys for verb in journey]
    # Lock-out and account with its second factor; last log-in, list of sessions, session; audit row and chain.
    assert verbs == ["SELECT", "UPDATE", "INSERT", "INSERT", "SELECT", "INSERT", "UPDATE"]
    assert len([journey for journey in journeys if journey]) == (3 if connection.vendor == "postgresql" else 7)
