"""The second factor: mandatory where it is, each code once, recovery codes, resets."""

import re
import time
from typing import Any
from unittest.mock import patch

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from liaoyuan.foundation.accounts.services.second_factor import take_step
from liaoyuan.foundation.accounts.tests.factories import AdminFactory, UserFactory
from liaoyuan.foundation.accounts.tests.helpers import (
    CODE,
    LOGIN,
    audited,
    code_of,
    enter,
    log_in,
    recovery_codes,
    with_totp,
    wrong_code,
)

pytestmark = pytest.mark.django_db

ON = "/account/totp/on/"


@pytest.fixture
def user() -> Any:
    return UserFactory()


def test_password_alone_opens_nothing_where_a_second_factor_is_on(client: Client, user: Any) -> None:
    with_totp(user)
    assert log_in(client, user)["Location"] == CODE
    assert "_auth_user_id" not in client.session
    assert client.get("/account/sessions/")["Location"].startswith(LOGIN)
    assert audited("accounts.login") == []


def test_right_code_finishes_the_log_in_and_goes_where_one_wanted(client: Client, user: Any) -> None:
    secret = with_totp(user)
    log_in(client, user, next="/account/tokens/")
    before = client.session.session_key
    assert client.post(CODE, {"code": code_of(secret)})["Location"] == "/account/tokens/"
    assert client.session["_auth_user_id"] == str(user.pk)
    assert client.session.session_key != before
    [entry] = audited("accounts.login")
    assert entry.detail == {"steps": ["password", "totp"]}


def test_full_width_digits_and_blanks_are_read(client: Client, user: Any) -> None:
    secret = with_totp(user)
    log_in(client, user)
    typed = " " + "".join(chr(ord(digit) + 0xFEE0) for digit in code_of(secret)) + " "
    assert client.post(CODE, {"code": typed}).status_code == 302


def test_a_code_is_taken_once_even_by_another_process(user: Any) -> None:
    secret = with_totp(user)
    code = code_of(secret)
    first, second = Client(), Client()
    log_in(first, user)
    log_in(second, user)
    assert first.post(CODE, {"code": code}).status_code == 302
    cache.clear()  # what another process would see of this one's cache
    response = second.post(CODE, {"code": code})
    assert response.status_code == 200
    assert "已用过" in response.content.decode()
    assert "_auth_user_id" not in second.session


def test_an_earlier_code_is_worthless_once_a_later_was_used(user: Any) -> None:
    secret = with_totp(user)
    factor = Authenticator.objects.get(user=user, type="totp")
    assert take_step(factor, code_of(secret, steps=1))
    assert not take_step(factor, code_of(secret))
    assert not take_step(factor, code_of(secret, steps=1))


def test_codes_two_steps_away_are_wrong(client: Client, user: Any) -> None:
    secret = with_totp(user)
    log_in(client, user)
    now = (int(time.time()) // 30) * 30 + 15
    with patch("allauth.mfa.totp.internal.auth.time.time", return_value=now):
        assert client.post(CODE, {"code": code_of(secret, steps=-3)}).status_code == 200
        assert client.post(CODE, {"code": code_of(secret, steps=3)}).status_code == 200
        assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("code", ["", "abcdef", "12345", "1" * 21, "\x00", "٠١٢٣٤٥", "-1", "000000000000"])
def test_odd_codes_are_refused_without_fuss(client: Client, user: Any, code: str) -> None:
    with_totp(user)
    log_in(client, user)
    assert client.post(CODE, {"code": code}).status_code == 200
    assert "_auth_user_id" not in client.session


def test_a_post_without_a_code_is_no_error(client: Client, user: Any) -> None:
    with_totp(user)
    log_in(client, user)
    assert client.post(CODE, {}).status_code == 200


def test_a_recovery_code_works_once(user: Any) -> None:
    with_totp(user)
    code, *others = recovery_codes(user)
    first, second = Client(), Client()
    log_in(first, user)
    log_in(second, user)
    assert first.post(CODE, {"code": code}).status_code == 302
    assert second.post(CODE, {"code": code}).status_code == 200
    assert "_auth_user_id" not in second.session
    assert recovery_codes(user) == others
    assert audited("accounts.login")[0].detail == {"steps": ["password", "recovery_codes"]}


def test_an_account_disabled_between_the_steps_stays_out(client: Client, user: Any) -> None:
    secret = with_totp(user)
    log_in(client, user)
    user.is_active = False
    user.save()
    client.post(CODE, {"code": code_of(secret)})
    assert "_auth_user_id" not in client.session


def test_a_password_changed_between_the_steps_ends_the_first(client: Client, user: Any) -> None:
    secret = with_totp(user)
    log_in(client, user)
    user.set_password("Another-Word-9")
    user.save()
    client.post(CODE, {"code": code_of(secret)})
    assert "_auth_user_id" not in client.session


def test_the_step_cannot_be_entered_without_the_password(client: Client) -> None:
    assert client.get(CODE)["Location"] == LOGIN
    assert client.post(CODE, {"code": "123456"})["Location"] == LOGIN


def test_secret_is_encrypted_at_rest(user: Any) -> None:
    secret = with_totp(user)
    data = repr(list(Authenticator.objects.filter(user=user).values_list("data", flat=True)))
    assert secret not in data
    assert recovery_codes(user)[0] not in data


@pytest.mark.parametrize("kind", ["system", "security", "audit", "flagged"])
def test_who_must_have_one_sets_it_up_before_anything_else(kind: str) -> None:
    user = UserFactory(must_use_totp=True) if kind == "flagged" else AdminFactory(admin_kind=kind)
    client = Client()
    log_in(client, user)
    for url in ("/account/sessions/", "/account/tokens/", "/account/manage/", "/account/security/"):
        assert client.get(url)["Location"] == f"{ON}?next={url.replace('/', '%2F')}"
    page = client.get(ON)
    assert page.status_code == 200
    secret = client.session["mfa.totp.secret"]
    response = client.post(ON, {"code": code_of(secret)})
    assert response["Location"] == "/account/recovery-codes/"
    assert client.get("/account/sessions/").status_code == 200
    assert [entry.actor_id for entry in audited("accounts.totp_on")] == [user.pk]


def test_who_need_not_may_go_on_without(client: Client, user: Any) -> None:
    log_in(client, user)
    assert client.get("/account/sessions/").status_code == 200


def test_the_code_typed_at_set_up_opens_no_log_in(user: Any) -> None:
    client = Client()
    log_in(client, user)
    client.get(ON)
    code = code_of(client.session["mfa.totp.secret"])
    client.post(ON, {"code": code})
    cache.clear()
    other = Client()
    log_in(other, user)
    assert other.post(CODE, {"code": code}).status_code == 200
    assert "_auth_user_id" not in other.session


def test_wrong_first_code_keeps_the_secret_and_turns_nothing_on(client: Client, user: Any) -> None:
    log_in(client, user)
    client.get(ON)
    secret = client.session["mfa.totp.secret"]
    assert client.post(ON, {"code": wrong_code(secret)}).status_code == 200
    assert client.session["mfa.totp.secret"] == secret
    assert not Authenticator.objects.filter(user=user).exists()


def test_qr_code_is_a_data_picture_that_the_csp_allows(client: Client, user: Any) -> None:
    log_in(client, user)
    page = client.get(ON)
    html = page.content.decode()
    assert re.search(r'<img [^>]*src="data:image/svg\+xml;base64,', html)
    assert "img-src 'self' data:" in page["Content-Security-Policy"]
    assert "style=" not in html
    groups = re.search(r"account-secret\">([A-Z2-7 ]+)<", html)
    assert groups
    assert groups[1].replace(" ", "") == client.session["mfa.totp.secret"]


def test_mandatory_factor_cannot_be_switched_off() -> None:
    user = AdminFactory()
    secret = with_totp(user)
    client = Client()
    log_in(client, user)
    client.post(CODE, {"code": code_of(secret)})
    page = client.get("/account/totp/off/").content.decode()
    assert "不能停用" in page
    assert client.post("/account/totp/off/").status_code == 200
    assert Authenticator.objects.filter(user=user, type="totp").exists()


def test_optional_factor_is_switched_off_with_its_codes(client: Client, user: Any) -> None:
    secret = with_totp(user)
    log_in(client, user)
    client.post(CODE, {"code": code_of(secret)})
    assert client.post("/account/totp/off/")["Location"] == "/account/security/"
    assert not Authenticator.objects.filter(user=user).exists()
    assert len(audited("accounts.totp_off")) == 1


@pytest.mark.parametrize("url", [ON, "/account/totp/off/", "/account/recovery-codes/", "/account/recovery-codes/new/"])
def test_sensitive_pages_ask_again_who_one_is_after_five_minutes(user: Any, url: str) -> None:
    if url != ON:
        with_totp(user)
    client = enter(user)  # a session without a fresh proof
    assert client.get(url)["Location"] == f"/account/prove/?next={url.replace('/', '%2F')}"
    wrong = client.post(f"/account/prove/?next={url}", {"password": "Wrong-Pass-1"})
    assert wrong.status_code == 200
    assert client.post(f"/account/prove/?next={url}", {"password": "Xinghuo-2026!"})["Location"] == url
    assert client.get(url).status_code == 200


def test_a_code_proves_it_as_well(user: Any) -> None:
    secret = with_totp(user)
    client = enter(user)
    url = "/account/prove/code/?next=/account/recovery-codes/"
    assert client.get(url).status_code == 200
    assert client.post(url, {"code": wrong_code(secret)}).status_code == 200
    assert client.post(url, {"code": code_of(secret)})["Location"] == "/account/recovery-codes/"


def test_new_recovery_codes_end_the_old(client: Client, user: Any) -> None:
    secret = with_totp(user)
    old = recovery_codes(user)
    log_in(client, user)
    client.post(CODE, {"code": code_of(secret)})
    assert client.post("/account/recovery-codes/new/")["Location"] == "/account/recovery-codes/"
    new = recovery_codes(user)
    assert not set(old) & set(new)
    page = client.get("/account/recovery-codes/").content.decode()
    assert all(code in page for code in new)
    assert [len(audited(f"accounts.recovery_codes_{verb}")) for verb in ("new", "view")] == [1, 1]


def test_recovery_codes_as_a_file(client: Client, user: Any) -> None:
    secret = with_totp(user)
    log_in(client, user)
    client.post(CODE, {"code": code_of(secret)})
    response = client.get("/account/recovery-codes/file/")
    assert response["Content-Type"] == "text/plain"
    assert "attachment" in response["Content-Disposition"]
    assert recovery_codes(user)[0] in response.content.decode()
    assert "no-store" in response["Cache-Control"]


def test_nobody_sees_anothers_codes(user: Any) -> None:
    with_totp(user)
    neighbour = Client()
    log_in(neighbour, UserFactory())
    assert neighbour.get("/account/recovery-codes/").status_code == 404
    assert neighbour.get("/account/totp/off/").status_code == 404


def test_security_page_says_what_is_on(client: Client, user: Any) -> None:
    log_in(client, user)
    assert "未启用" in client.get("/account/security/").content.decode()
    secret = with_totp(user)
    other = Client()
    log_in(other, user)
    other.post(CODE, {"code": code_of(secret)})
    assert "还剩 10 个" in other.get("/account/security/").content.decode()
