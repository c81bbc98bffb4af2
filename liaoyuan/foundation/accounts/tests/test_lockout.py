"""Five failures lock a name for fifteen minutes (SC-02), whoever tries and whether or not it is an account."""

from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.test import Client

from liaoyuan.foundation.accounts.tests.factories import UserFactory
from liaoyuan.foundation.accounts.tests.helpers import CODE, audited, bare, code_of, log_in, with_totp, wrong_code

pytestmark = pytest.mark.django_db


def fail(name: str, times: int, **headers: str) -> Any:
    """The last answer of ``times`` wrong log-ins from fresh browsers."""
    response = None
    for _ in range(times):
        response = log_in(Client(**headers), name, "Wrong-Pass-1")
    return response


def test_fifth_failure_locks_and_the_right_password_waits_too() -> None:
    user = UserFactory()
    assert fail(user.username, 4).status_code == 200
    locked = fail(user.username, 1)
    assert locked.status_code == 429
    assert "15</strong> 分钟" in locked.content.decode()
    assert locked["Retry-After"] == "900"
    client = Client()
    assert log_in(client, user).status_code == 429
    assert "_auth_user_id" not in client.session


def test_success_before_the_fifth_forgets_the_failures() -> None:
    user = UserFactory()
    fail(user.username, 4)
    assert log_in(Client(), user).status_code == 302
    assert fail(user.username, 4).status_code == 200


def test_an_unknown_name_locks_alike_and_the_page_is_the_same() -> None:
    user = UserFactory(username="known001")
    known, unknown = fail(user.username, 5), fail("nobody01", 5)
    assert known.status_code == unknown.status_code == 429
    assert bare(known.content) == bare(unknown.content)


def test_another_browser_address_or_spelling_is_no_way_around() -> None:
    UserFactory(username="zhangwei")
    for number, name in enumerate(("zhangwei", "ZHANGWEI", " ZhangWei", "ｚｈａｎｇｗｅｉ")):
        client = Client(headers={"user-agent": f"Browser {number}"}, REMOTE_ADDR=f"10.0.0.{number + 1}")
        assert log_in(client, name, "Wrong-Pass-1").status_code == 200
    assert fail("zhangwei", 1, REMOTE_ADDR="10.0.0.99").status_code == 429


def test_a_neighbour_on_the_same_handheld_is_not_locked() -> None:
    fail(UserFactory().username, 6)
    assert log_in(Client(), UserFactory()).status_code == 302


def test_trying_during_the_lock_does_not_prolong_it() -> None:
    user = UserFactory()
    fail(user.username, 5)
    before = list(AccessAttempt.objects.values_list("failures_since_start", "attempt_time"))
    assert fail(user.username, 3).status_code == 429
    assert list(AccessAttempt.objects.values_list("failures_since_start", "attempt_time")) == before
    AccessAttempt.objects.update(attempt_time=before[0][1] - timedelta(minutes=15, seconds=1))
    assert log_in(Client(), user).status_code == 302


def test_one_address_that_tries_all_names_is_told_to_wait(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "2/m/ip"}
    answers = [fail(f"nobody{number}", 1) for number in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "请求太频繁" in answers[-1].content.decode()


def test_a_program_gets_a_problem_and_not_a_page() -> None:
    user = UserFactory()
    response = fail(user.username, 6, headers={"accept": "application/json"})
    assert response.status_code == 429
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["detail"] == "连续失败次数过多，请 15 分钟后再试。"


def test_lock_is_audited() -> None:
    user = UserFactory()
    fail(user.username, 6)
    reasons = [entry.reason for entry in audited("accounts.login")]
    assert reasons == ["账号或凭据不正确"] * 4 + ["账号已因连续失败锁定"] * 2


def test_wrong_codes_lock_as_wrong_passwords_do(client: Client) -> None:
    user = UserFactory()
    secret = with_totp(user)
    log_in(client, user)
    for _ in range(4):
        assert client.post(CODE, {"code": wrong_code(secret)}).status_code == 200
    assert client.post(CODE, {"code": wrong_code(secret)}).status_code == 429
    assert client.post(CODE, {"code": code_of(secret)}).status_code == 429
    assert "_auth_user_id" not in client.session
    # Beginning again with the password does not give five more.
    assert log_in(Client(), user).status_code == 429


def test_right_passwords_between_wrong_codes_give_no_more_tries() -> None:
    user = UserFactory()
    secret = with_totp(user)
    for _ in range(4):
        client = Client()
        assert log_in(client, user)["Location"] == CODE
        assert client.post(CODE, {"code": wrong_code(secret)}).status_code == 200
    client = Client()
    assert log_in(client, user)["Location"] == CODE
    assert client.post(CODE, {"code": wrong_code(secret)}).status_code == 429


def test_guessing_the_old_password_in_a_stolen_session_is_counted() -> None:
    user = UserFactory()
    client = Client()
    client.force_login(user)
    form = {"old": "Wrong-Pass-1", "new": "Xin-Kouling-77", "again": "Xin-Kouling-77"}
    answers = [client.post("/account/password/", form).status_code for _ in range(6)]
    assert answers == [422] * 4 + [429, 429]
