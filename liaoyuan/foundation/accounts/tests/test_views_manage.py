"""The security administrator's pages."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from liaoyuan.foundation.accounts.hashers import initial_code
from liaoyuan.foundation.accounts.models import User
from liaoyuan.foundation.accounts.tests.factories import AdminFactory, NewUserFactory, UserFactory
from liaoyuan.foundation.accounts.tests.helpers import audited, enter, log_in, with_totp

pytestmark = pytest.mark.django_db

LIST = "/account/manage/"


@pytest.fixture
def security() -> User:
    user = AdminFactory(username="secadmin", display_name="安管")
    with_totp(user)
    return user


@pytest.fixture
def desk(security: User) -> Client:
    return enter(security)


def act(desk: Client, user: User, verb: str, **fields: object) -> Any:
    data = {f"{verb}-{name}": value for name, value in {"reason": "依规办理", **fields}.items()}
    return desk.post(f"{LIST}{user.pk}/{verb}/", data)


@pytest.mark.parametrize("kind", ["system", "audit", ""])
def test_the_pages_are_the_security_administrators_alone(kind: str) -> None:
    user, target = AdminFactory(admin_kind=kind), NewUserFactory()
    with_totp(user)
    client = enter(user)
    for url in (LIST, f"{LIST}new/", f"{LIST}{target.pk}/"):
        assert client.get(url).status_code == 403
    for verb in ("disable", "slip", "reset", "appoint"):
        response = act(client, target, verb)
        assert response.status_code == 403
        assert initial_code(target.password)[:5] not in response.content.decode()
    target.refresh_from_db()
    assert target.is_active


def test_list_finds_sorts_filters_and_costs_the_same_for_many(desk: Client) -> None:
    UserFactory(username="wangwei", display_name="王伟")
    html = desk.get(f"{LIST}?q=WANG").content.decode()
    assert "wangwei" in html
    assert "secadmin" not in html.split("<tbody")[1].split("</tbody")[0]
    with CaptureQueriesContext(connection) as few:
        desk.get(LIST)
    UserFactory.create_batch(40)
    NewUserFactory.create_batch(5)
    with CaptureQueriesContext(connection) as many:
        assert desk.get(LIST).status_code == 200
    assert len(many) == len(few)


def test_filters_by_state(desk: Client) -> None:
    UserFactory(username="normal01")
    UserFactory(username="gone0001", is_active=False)
    NewUserFactory(username="fresh001")
    UserFactory(username="locked01")
    for _ in range(5):
        log_in(Client(), "locked01", "Wrong-Pass-1")

    def names(query: str) -> set[str]:
        html = desk.get(f"{LIST}?{query}").content.decode().split("<tbody")[1].split("</tbody")[0]
        return {name for name in ("normal01", "gone0001", "fresh001", "locked01", "secadmin") if name in html}

    assert names("state=disabled") == {"gone0001"}
    assert names("state=initial") == {"fresh001"}
    assert names("state=locked") == {"locked01"}
    assert names("state=active") == {"normal01", "fresh001", "secadmin"}
    assert names("admin_kind=security") == {"secadmin"}
    assert names("has_totp=true") == {"secadmin"}


def test_export_is_audited(desk: Client) -> None:
    UserFactory()
    response = desk.get(f"{LIST}?export=xlsx")
    assert response.status_code == 200
    assert "spreadsheet" in response["Content-Type"]
    assert b"".join(response.streaming_content).startswith(b"PK")
    assert audited("accounts.export")[0].detail == {"count": 2}


def test_a_new_account_leads_to_its_slip(desk: Client) -> None:
    response = desk.post(f"{LIST}new/", {"username": "Duty-1", "display_name": "值班席", "reason": "设岗"})
    user = User.objects.get(username="duty-1")
    assert response["Location"] == f"{LIST}{user.pk}/"
    assert "打印初始口令条" in desk.get(response["Location"]).content.decode()
    sheet = act(desk, user, "slip")
    code = initial_code(user.password)
    assert f"{code[:5]}-{code[5:]}" in sheet.content.decode()
    assert "no-store" in sheet["Cache-Control"]


def test_taken_name_is_said_at_the_field(desk: Client) -> None:
    response = desk.post(f"{LIST}new/", {"username": "SECADMIN", "display_name": "甲", "reason": "试"})
    assert response.status_code == 422
    assert "已被使用" in response.content.decode()
    assert User.objects.count() == 1


def test_every_act_needs_a_reason(desk: Client) -> None:
    user = UserFactory()
    for verb in ("disable", "reset", "unlock", "sessions", "totp", "rename", "lock", "appoint"):
        assert act(desk, user, verb, reason="").status_code == 422
    user.refresh_from_db()
    assert user.is_active
    assert user.admin_kind == ""


def test_acts_do_what_they_say(desk: Client) -> None:
    user = UserFactory()
    assert act(desk, user, "disable").status_code == 302
    assert not User.objects.get(pk=user.pk).is_active
    assert act(desk, user, "enable").status_code == 302
    assert act(desk, user, "lock", hours=24).status_code == 302
    assert User.objects.get(pk=user.pk).is_locked
    assert "锁定至" in desk.get(f"{LIST}{user.pk}/").content.decode()
    assert act(desk, user, "unlock").status_code == 302
    assert act(desk, user, "rename", username="renamed1", display_name="改名").status_code == 302
    assert act(desk, user, "sessions").status_code == 302
    assert act(desk, user, "totp").status_code == 302
    assert act(desk, user, "appoint", kind="audit").status_code == 302
    assert User.objects.get(pk=user.pk).admin_kind == "audit"
    assert act(desk, user, "demote").status_code == 302
    reset = act(desk, user, "reset")
    code = initial_code(User.objects.get(pk=user.pk).password)
    assert f"{code[:5]}-{code[5:]}" in reset.content.decode()
    names = {"disable", "enable", "lock", "unlock", "rename", "totp_reset", "administrator_appoint"}
    for name in names | {"administrator_demote", "password_reset"}:
        [entry] = audited(f"accounts.{name}")
        assert (entry.reason, entry.actor_name, entry.object_id) == ("依规办理", "安管", str(user.pk))


def test_a_used_account_has_no_slip(desk: Client) -> None:
    response = act(desk, UserFactory(), "slip")
    assert response.status_code == 422
    assert "已失效" in response.content.decode()


def test_own_account_is_shown_but_not_changed(desk: Client, security: User) -> None:
    html = desk.get(f"{LIST}{security.pk}/").content.decode()
    assert "不能办理自己的账号" in html
    for verb in ("disable", "reset", "demote", "totp"):
        assert act(desk, security, verb).status_code == 403
    security.refresh_from_db()
    assert (security.is_active, security.admin_kind) == (True, "security")


def test_unknown_account_verb_and_method(desk: Client) -> None:
    user = UserFactory()
    assert desk.get(f"{LIST}{uuid4()}/").status_code == 404
    assert act(desk, user, "promote").status_code == 404
    assert desk.get(f"{LIST}{user.pk}/disable/").status_code == 405


def test_odd_addresses_of_the_list(desk: Client) -> None:
    for query in ("state=nonsense", "q=%00", "q=" + "x" * 500, "page=-1", "sort=password", "per=9999", "cols=password"):
        assert desk.get(f"{LIST}?{query}").status_code == 200


def test_no_hash_is_on_any_page(desk: Client) -> None:
    user = UserFactory()
    for url in (LIST, f"{LIST}{user.pk}/", f"{LIST}?cols=password"):
        html = desk.get(url).content.decode()
        assert "argon2" not in html
        assert "initial_sm3" not in html
