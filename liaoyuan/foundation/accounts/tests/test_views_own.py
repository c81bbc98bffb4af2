"""One's own password and sessions."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from liaoyuan.foundation.accounts.hashers import initial_code
from liaoyuan.foundation.accounts.models import PasswordHistory, User
from liaoyuan.foundation.accounts.navigation import password_todo
from liaoyuan.foundation.accounts.services import password_change
from liaoyuan.foundation.accounts.tests.factories import PASSWORD, NewUserFactory, UserFactory
from liaoyuan.foundation.accounts.tests.helpers import actor_of, audited, log_in
from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import DomainError, NotPermitted

pytestmark = pytest.mark.django_db

URL = "/account/password/"
NEW = "Xin-Kouling-77"


def change(client: Client, *, old: str = PASSWORD, new: str = NEW, again: str = "", **more: str) -> Any:
    return client.post(URL, {"old": old, "new": new, "again": again or new, **more})


def test_first_log_in_ends_with_a_password_of_ones_own() -> None:
    user = NewUserFactory()
    code = initial_code(user.password)
    client = Client()
    log_in(client, user, code)
    assert client.get("/account/sessions/")["Location"].startswith(URL)
    assert change(client, old=code, next="/account/sessions/")["Location"] == "/account/sessions/"
    assert client.get("/account/sessions/").status_code == 200
    user.refresh_from_db()
    assert not user.must_change_password
    assert user.password.startswith("argon2$argon2id$")
    assert log_in(Client(), user, code).status_code == 200  # the code is dead
    assert log_in(Client(), user, NEW).status_code == 302


def test_other_sessions_end_and_this_one_gets_a_new_key() -> None:
    user = UserFactory()
    here, there = Client(), Client()
    log_in(here, user)
    log_in(there, user)
    before = here.session.session_key
    assert change(here).status_code == 302
    assert here.get("/account/sessions/").status_code == 200
    assert there.get("/account/sessions/").status_code == 302
    assert here.session.session_key != before
    assert not here.session.exists(before)
    assert [row.session_key for row in UserSession.objects.all()] == [here.session.session_key]
    assert len(audited("accounts.password_change")) == 1
    assert [entry.detail for entry in audited("accounts.sessions_end")] == [{"count": 1}]


def test_neither_password_is_in_the_audit_trail() -> None:
    client = Client()
    log_in(client, UserFactory())
    change(client)
    kept = repr(list(AuditEntry.objects.values()))
    assert NEW not in kept
    assert PASSWORD not in kept


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ("Short-1", "至少 10 个字符"),
        ("alllowercase", "四类中至少包含 3 类"),
        ("lower-case-only", "四类中至少包含 3 类"),
        ("Abc-zhangsan-1", "不能包含自己的账号"),
        ("Abc-ZhangSan-1", "不能包含自己的账号"),
        ("x" * 129 + "A1", ""),
        (PASSWORD, "不能与"),
    ],
)
def test_policy_names_the_rule_and_changes_nothing(new: str, words: str) -> None:
    user = UserFactory(username="zhangsan")
    client = Client()
    log_in(client, user)
    response = change(client, new=new)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert User.objects.get().password == user.password
    assert audited("accounts.password_change") == []


def test_common_passwords_are_refused() -> None:
    user = UserFactory()
    with pytest.raises(DomainError, match="太常见"):
        password_change(actor=actor_of(user), user=user, new="Password123")


def test_the_two_must_agree_and_the_old_must_be_right() -> None:
    client = Client()
    log_in(client, UserFactory())
    assert "两次输入的新口令不一致" in change(client, again="Other-Kouling-7").content.decode()
    assert "现在的口令不正确" in change(client, old="Wrong-Pass-1").content.decode()


def test_the_last_five_are_refused_and_the_sixth_is_free() -> None:
    user = UserFactory()
    for number in range(6):
        password_change(actor=actor_of(user), user=user, new=f"Kouling-Nr-{number}")
    assert PasswordHistory.objects.filter(user=user).count() == 5
    with pytest.raises(DomainError, match="最近 5 次"):
        password_change(actor=actor_of(user), user=user, new="Kouling-Nr-1")
    password_change(actor=actor_of(user), user=user, new="Kouling-Nr-0")


def test_with_history_0_only_the_present_one_is_refused(settings: Any) -> None:
    settings.LIAOYUAN = settings.LIAOYUAN.model_copy(update={"password_history": 0})
    user = UserFactory()
    password_change(actor=actor_of(user), user=user, new="Kouling-Nr-1")
    with pytest.raises(DomainError, match="现在的口令"):
        password_change(actor=actor_of(user), user=user, new="Kouling-Nr-1")
    assert not PasswordHistory.objects.exists()
    assert "0 次" not in Client().get("/account/login/").content.decode()


def test_the_initial_code_itself_is_no_new_password(settings: Any) -> None:
    settings.LIAOYUAN = settings.LIAOYUAN.model_copy(update={"password_min_classes": 2})
    user = NewUserFactory()
    with pytest.raises(DomainError):
        password_change(actor=actor_of(user), user=user, new=initial_code(user.password))


def test_nobody_changes_anothers() -> None:
    user, neighbour = UserFactory(), UserFactory()
    with pytest.raises(NotPermitted):
        password_change(actor=actor_of(neighbour), user=user, new=NEW)
    assert User.objects.get(pk=user.pk).password == user.password


def test_next_after_the_change_stays_on_this_host() -> None:
    client = Client()
    log_in(client, UserFactory())
    assert change(client, next="https://evil.example/")["Location"] == "/account/security/"


def test_change_needs_the_csrf_token() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory())
    assert change(client).status_code == 403


def test_one_sees_and_ends_ones_own_sessions() -> None:
    user = UserFactory()
    here = Client()
    there = Client(headers={"user-agent": "Mozilla/5.0 (Linux; Android 10) Chrome/70"}, REMOTE_ADDR="10.1.2.3")
    log_in(here, user)
    log_in(there, user)
    html = here.get("/account/sessions/").content.decode()
    assert "Android · Chrome" in html
    assert "10.1.2.3" in html
    assert html.count("本机") == 1
    row = UserSession.objects.get(session_key=there.session.session_key)
    assert here.post(f"/account/sessions/{row.pk}/end/").status_code == 302
    assert there.get("/account/sessions/").status_code == 302
    assert here.get("/account/sessions/").status_code == 200
    assert [entry.reason for entry in audited("accounts.sessions_end")] == ["本人结束"]


def test_nobody_ends_anothers_session() -> None:
    mine, yours = Client(), Client()
    log_in(mine, UserFactory())
    log_in(yours, UserFactory())
    row = UserSession.objects.get(session_key=yours.session.session_key)
    assert mine.post(f"/account/sessions/{row.pk}/end/").status_code == 404
    assert mine.post(f"/account/sessions/{2**70}/end/").status_code in {404, 400}
    assert yours.get("/account/sessions/").status_code == 200


def test_all_others_end_at_once() -> None:
    user = UserFactory()
    clients = [Client() for _ in range(3)]
    for client in clients:
        log_in(client, user)
    stranger = Client()
    log_in(stranger, UserFactory())
    assert clients[0].post("/account/sessions/others/end/").status_code == 302
    assert [client.get("/account/sessions/").status_code for client in clients] == [200, 302, 302]
    assert stranger.get("/account/sessions/").status_code == 200


def test_sessions_that_ended_elsewhere_are_not_listed() -> None:
    user = UserFactory()
    here, there = Client(), Client()
    log_in(here, user)
    log_in(there, user)
    there.post("/account/logout/")
    assert here.get("/account/sessions/").context["sessions"][0].current
    assert len(here.get("/account/sessions/").context["sessions"]) == 1


def test_a_hostile_user_agent_is_only_text() -> None:
    client = Client(headers={"user-agent": "<script>alert(1)</script>" * 100})
    log_in(client, UserFactory())
    assert "<script>alert" not in client.get("/account/sessions/").content.decode()


def test_a_password_about_to_expire_is_a_to_do() -> None:
    user = UserFactory(password_changed_at=clock.now() - timedelta(days=85))
    assert [todo.title for todo in password_todo(actor_of(user))] == ["口令将在 4 天内到期"]
    assert list(password_todo(actor_of(UserFactory()))) == []
