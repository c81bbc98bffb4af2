"""Demo log-ins: in a demonstration, and in nothing else."""

import stat
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from liaoyuan.foundation.accounts.models import User
from liaoyuan.foundation.accounts.services import DemoLogin, demo_account_prepare, demo_logins, register_demo_logins
from liaoyuan.foundation.accounts.services.demo import demo_code
from liaoyuan.foundation.accounts.services.second_factor import totp_enrol
from liaoyuan.foundation.accounts.tests.factories import AdminFactory, NewUserFactory, UserFactory
from liaoyuan.foundation.accounts.tests.helpers import CODE, LOGIN, actor_of, log_in, with_totp
from liaoyuan.kernel.errors import NotPermitted
from liaoyuan.kernel.scoping import Actor

pytestmark = pytest.mark.django_db

SYSTEM = Actor.system("演示")
SECRET = "Yanshi-2026!"


@pytest.fixture
def home(settings: Any, tmp_path: Path) -> Path:
    settings.LIAOYUAN = settings.LIAOYUAN.model_copy(update={"home": tmp_path, "demo": True})
    return tmp_path


@pytest.fixture
def admin(home: Path) -> User:
    user = AdminFactory(username="secadmin")
    demo_account_prepare(actor=SYSTEM, user=user, password=SECRET)
    register_demo_logins([DemoLogin("SecAdmin", SECRET, "安全管理员", "管账号")])
    return user


def leave_demo(settings: Any) -> None:
    settings.LIAOYUAN = settings.LIAOYUAN.model_copy(update={"demo": False})


def test_personas_are_listed_and_log_in(admin: User, client: Client) -> None:
    html = client.get(LOGIN).content.decode()
    assert "演示账号" in html
    assert SECRET in html
    assert log_in(client, "SecAdmin", SECRET)["Location"] == CODE
    page = client.get(CODE)
    code = demo_code(admin)
    assert f"<strong>{code}</strong>" in page.content.decode()
    assert client.post(CODE, {"code": code})["Location"] == "/"
    # Used up: the page then shows the next one, so that two visitors in a row both get in.
    second = Client()
    log_in(second, "secadmin", SECRET)
    assert second.post(CODE, {"code": second.get(CODE).context["demo_code"]})["Location"] == "/"


def test_outside_a_demonstration_nothing_of_it_appears(admin: User, client: Client, settings: Any) -> None:
    leave_demo(settings)
    html = client.get(LOGIN).content.decode()
    assert "演示" not in html
    assert SECRET not in html
    log_in(client, admin, SECRET)
    page = client.get(CODE)
    assert page.context["demo_code"] == ""
    assert "演示" not in page.content.decode()
    assert demo_logins() == ()
    assert demo_code(admin) == ""


def test_the_file_is_not_even_opened_outside(admin: User, settings: Any, monkeypatch: Any) -> None:
    leave_demo(settings)
    monkeypatch.setattr("liaoyuan.foundation.accounts.services.demo._read", None)
    monkeypatch.setattr("liaoyuan.foundation.accounts.services.demo._path", None)
    assert demo_logins() == ()


def test_only_registered_accounts_show_their_code(admin: User) -> None:
    other = UserFactory()
    with_totp(other)
    client = Client()
    log_in(client, other)
    page = client.get(CODE)
    assert page.context["demo_code"] == ""
    assert "演示环境" not in page.content.decode()


def test_file_is_for_its_owner_and_is_read_anew(admin: User, home: Path) -> None:
    path = home / "demo-logins.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [login.title for login in demo_logins()] == ["安全管理员"]
    register_demo_logins([DemoLogin("a1", "x", "甲"), DemoLogin("b1", "y", "乙")])
    assert [login.title for login in demo_logins()] == ["甲", "乙"]
    assert not list(home.glob("demo-logins.json.*"))


@pytest.mark.parametrize("content", ["", "{", "[1]", '[{"bogus": 1}]', "null"])
def test_a_damaged_file_shows_no_log_ins(home: Path, client: Client, content: str) -> None:
    (home / "demo-logins.json").write_text(content)
    assert demo_logins() == ()
    assert client.get(LOGIN).status_code == 200


def test_without_a_file_there_are_none(home: Path) -> None:
    assert demo_logins() == ()


def test_only_the_system_prepares_demo_accounts(home: Path) -> None:
    user = NewUserFactory()
    actor = actor_of(AdminFactory())
    with pytest.raises(NotPermitted):
        demo_account_prepare(actor=actor, user=user, password=SECRET)
    with pytest.raises(NotPermitted):
        totp_enrol(actor=actor, user=user)
    user.refresh_from_db()
    assert user.must_change_password
