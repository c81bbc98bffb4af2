"""Making, naming, switching off, locking accounts; the three administrators; initial codes."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client

from liaoyuan.foundation.accounts import selectors
from liaoyuan.foundation.accounts.grants import administrator_grants
from liaoyuan.foundation.accounts.hashers import initial_code
from liaoyuan.foundation.accounts.models import AdminKind, ApiToken, User
from liaoyuan.foundation.accounts.policies import can_manage
from liaoyuan.foundation.accounts.services import (
    NewAccount,
    account_create,
    account_disable,
    account_enable,
    account_lock,
    account_rename,
    account_unlock,
    accounts_create,
    administrator_appoint,
    administrator_demote,
    administrators,
    assert_not_admin,
    initial_codes_issue,
    password_reset_to_initial,
    register_role_check,
    sessions_end_all,
    token_create,
    totp_requirement_set,
    totp_reset,
)
from liaoyuan.foundation.accounts.tests.factories import AdminFactory, NewUserFactory, UserFactory
from liaoyuan.foundation.accounts.tests.helpers import actor_of, audited, log_in, with_totp
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import Conflict, DomainError, NotPermitted
from liaoyuan.kernel.scoping import Actor

pytestmark = pytest.mark.django_db

SYSTEM = Actor.system("测试")
CLERK = Actor(user_id=None, name="干事", grants={"members.manage": ("0001",)})


@pytest.fixture
def security() -> Actor:
    return actor_of(AdminFactory())


def test_new_account_has_an_initial_code_and_must_change_it(security: Actor) -> None:
    user = account_create(actor=security, username=" Zhang.San ", display_name=" 张  三 ", reason="值班席位")
    assert (user.username, user.display_name, user.must_change_password) == ("zhang.san", "张 三", True)
    assert len(initial_code(user.password)) == 10
    [entry] = audited("accounts.create")
    assert (entry.object_label, entry.reason) == ("zhang.san", "值班席位")


@pytest.mark.parametrize("name", ["zhangsan", "ZHANGSAN", " ZhangSan ", "ｚｈａｎｇｓａｎ"])
def test_names_are_unique_in_whatever_capitals(security: Actor, name: str) -> None:
    UserFactory(username="zhangsan")
    with pytest.raises(DomainError, match="“zhangsan”已被使用") as caught:
        account_create(actor=security, username=name, display_name="张三")
    assert caught.value.field == "username"
    assert User.objects.filter(username="zhangsan").count() == 1


@pytest.mark.parametrize("name", ["", " ", "a", "a b", "a\x00b", "a" * 65, "<b>", "=1", "a/b", "\u202eab"])
def test_impossible_names_are_refused_at_the_field(security: Actor, name: str) -> None:
    with pytest.raises(DomainError) as caught:
        account_create(actor=security, username=name, display_name="张三")
    assert caught.value.field == "username"


def test_the_database_itself_refuses_capitals() -> None:
    user = UserFactory(username="lisi")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=user.pk).update(username="LiSi")


def test_many_are_made_all_or_none_with_few_queries(django_assert_max_num_queries: Any) -> None:
    wanted = [NewAccount(f"p{number:05}", f"测试{number}") for number in range(1000)]
    with django_assert_max_num_queries(30):
        users = accounts_create(actor=CLERK, wanted=wanted, by="members.manage")
    assert [user.username for user in users] == [one.username for one in wanted]
    assert len({user.password for user in users}) == 1000
    assert audited("accounts.create")[0].detail == {"count": 1000}
    for bad in (
        [NewAccount("fresh1", "甲"), NewAccount("P00007", "乙")],
        [NewAccount("f1", "甲"), NewAccount("F1", "乙")],
    ):
        with pytest.raises(DomainError):
            accounts_create(actor=CLERK, wanted=bad, by="members.manage")
    assert User.objects.count() == 1000


def test_who_may_make_accounts() -> None:
    with pytest.raises(NotPermitted):
        account_create(actor=CLERK, username="someone", display_name="某")
    with pytest.raises(NotPermitted):
        account_create(actor=CLERK, username="someone", display_name="某", by="members.reveal")
    account_create(actor=CLERK, username="someone", display_name="某", by="members.manage")


def test_delegated_authority_never_reaches_an_administrator() -> None:
    admin = AdminFactory()
    for verb in (account_disable, password_reset_to_initial):
        with pytest.raises(NotPermitted, match="管理员账号"):
            verb(actor=CLERK, user=admin, reason="试", by="members.manage")
    admin.refresh_from_db()
    assert admin.is_active


def test_nobody_manages_his_own_account() -> None:
    user = AdminFactory()
    actor = actor_of(user)
    for verb in (account_disable, password_reset_to_initial, totp_reset, sessions_end_all, administrator_demote):
        with pytest.raises(NotPermitted, match="自己的账号"):
            verb(actor=actor, user=user, reason="试")
    with pytest.raises(NotPermitted):
        administrator_appoint(actor=actor, user=user, kind="audit", reason="试")
    user.refresh_from_db()
    assert (user.is_active, user.admin_kind) == (True, "security")


@pytest.mark.parametrize("kind", ["system", "audit", ""])
def test_only_the_security_administrator_manages_accounts(kind: str) -> None:
    actor, user = actor_of(AdminFactory(admin_kind=kind)), UserFactory()
    assert not can_manage(actor, user)
    with pytest.raises(NotPermitted):
        account_disable(actor=actor, user=user, reason="试")
    with pytest.raises(NotPermitted):
        list(selectors.accounts(actor))


def test_rename_keeps_the_password_and_refuses_a_taken_name(security: Actor) -> None:
    user, other = UserFactory(), UserFactory(username="taken")
    renamed = account_rename(actor=security, user=user, username="New.Name", display_name="新名", reason="更正")
    assert (renamed.username, renamed.display_name) == ("new.name", "新名")
    assert log_in(Client(), "new.name").status_code == 302
    with pytest.raises(DomainError):
        account_rename(actor=security, user=user, username=other.username.upper(), reason="试")
    assert User.objects.get(pk=user.pk).username == "new.name"


def test_disabling_ends_sessions_and_tokens_at_once(security: Actor) -> None:
    user = AdminFactory(admin_kind="audit")
    token_create(actor=actor_of(user), user=user, name="对接", capabilities=["audit.view"], days=9)
    client = Client()
    log_in(client, user)
    account_disable(actor=security, user=user, reason="离队")
    assert client.get("/account/sessions/")["Location"].startswith("/account/login/")
    assert ApiToken.objects.get().revoked_at is not None
    assert [entry.reason for entry in audited("accounts.disable")] == ["离队"]
    account_enable(actor=security, user=user, reason="归队")
    assert client.get("/account/sessions/").status_code == 302  # what ended stays ended
    assert ApiToken.objects.get().revoked_at is not None


def test_lock_and_unlock(security: Actor) -> None:
    user = UserFactory()
    client = Client()
    log_in(client, user)
    until = clock.now() + timedelta(hours=1)
    account_lock(actor=security, user=user, until=until, reason="调查")
    assert client.get("/account/sessions/").status_code == 302
    assert log_in(client, user).status_code == 200
    with clock.set_to(until + timedelta(seconds=1)):
        assert log_in(Client(), user).status_code == 302
    account_unlock(actor=security, user=user, reason="查清")
    assert log_in(Client(), user).status_code == 302
    with pytest.raises(DomainError, match="将来"):
        account_lock(actor=security, user=user, until=clock.now(), reason="试")


def test_unlock_forgets_the_five_failures(security: Actor) -> None:
    user, neighbour = UserFactory(), UserFactory()
    for one in (user, neighbour):
        for _ in range(5):
            log_in(Client(), one, "Wrong-Pass-1")
    assert selectors.locked_out_names() == {user.username, neighbour.username}
    account_unlock(actor=security, user=user, reason="本人到场")
    assert log_in(Client(), user).status_code == 302
    assert log_in(Client(), neighbour).status_code == 429


def test_reset_gives_a_fresh_code_and_ends_the_rest(security: Actor) -> None:
    user = NewUserFactory()
    old = initial_code(user.password)
    slip = password_reset_to_initial(actor=security, user=user, reason="口令条遗失")
    assert slip.username == user.username
    assert slip.code.replace("-", "") != old
    assert log_in(Client(), user, old).status_code == 200
    assert log_in(Client(), user, slip.code).status_code == 302
    assert [entry.reason for entry in audited("accounts.password_reset")] == ["口令条遗失"]


def test_slips_are_issued_for_unused_accounts_only_and_each_is_audited(security: Actor) -> None:
    fresh, used, gone = NewUserFactory(), UserFactory(), NewUserFactory(is_active=False)
    slips = initial_codes_issue(actor=security, users=[used, fresh, gone])
    assert [slip.username for slip in slips] == [fresh.username]
    entries = audited("accounts.initial_code_issue")
    assert [entry.object_id for entry in entries] == [str(fresh.pk)]
    assert slips[0].code.replace("-", "") not in repr([vars(entry) for entry in entries])


def test_slips_need_the_capability_and_spare_administrators() -> None:
    secretary = Actor(user_id=None, name="书记", grants={"accounts.initial_codes": ("0001",)})
    assert len(initial_codes_issue(actor=secretary, users=[NewUserFactory()])) == 1
    with pytest.raises(NotPermitted):
        initial_codes_issue(actor=secretary, users=[NewUserFactory(admin_kind="audit")])
    with pytest.raises(NotPermitted):
        initial_codes_issue(actor=CLERK, users=[NewUserFactory()])


def test_totp_reset_ends_sessions(security: Actor) -> None:
    user = UserFactory()
    with_totp(user)
    client = Client()
    client.force_login(user)
    totp_reset(actor=security, user=user, reason="手机遗失")
    assert not Authenticator.objects.filter(user=user).exists()
    assert [entry.reason for entry in audited("accounts.totp_reset")] == ["手机遗失"]


def test_higher_apps_say_who_must_use_a_second_factor() -> None:
    user = UserFactory()
    totp_requirement_set(actor=CLERK, user=user, required=True, by="members.manage")
    assert User.objects.get().needs_second_factor
    totp_requirement_set(actor=CLERK, user=user, required=False, by="members.manage")
    assert not User.objects.get().needs_second_factor


# --- the three administrators


@pytest.mark.parametrize("kind", ["system", "security", "audit"])
def test_grants_come_with_the_kind_and_reach_everywhere(kind: str) -> None:
    actor = actor_of(AdminFactory(admin_kind=kind))
    expected = {
        "system": {"system.manage"},
        "security": {"accounts.view", "accounts.manage", "units.view", "units.view_access"},
        "audit": {"audit.view"},
    }[kind]
    assert set(actor.grants) == expected
    assert set(actor.grants.values()) == {("",)}
    assert list(administrator_grants(UserFactory())) == []


def test_administrators_are_exclusive_of_each_other(security: Actor) -> None:
    user = UserFactory()
    administrator_appoint(actor=security, user=user, kind="audit", reason="任命")
    with pytest.raises(Conflict, match="三员不得兼任"):
        administrator_appoint(actor=security, user=user, kind="system", reason="试")
    assert User.objects.get(pk=user.pk).admin_kind == "audit"
    administrator_demote(actor=security, user=user, reason="轮换")
    assert User.objects.get(pk=user.pk).admin_kind == ""
    with pytest.raises(Conflict, match="不是管理员"):
        administrator_demote(actor=security, user=user, reason="试")


def test_who_has_a_role_or_a_person_cannot_become_one(security: Actor, monkeypatch: Any) -> None:
    monkeypatch.setattr(administrators, "_role_checks", [])
    holder, free = UserFactory(), UserFactory()
    check = register_role_check(lambda user: "他担任支部书记。" if user.pk == holder.pk else "")
    register_role_check(check)
    with pytest.raises(Conflict, match="支部书记"):
        administrator_appoint(actor=security, user=holder, kind="audit", reason="试")
    assert User.objects.get(pk=holder.pk).admin_kind == ""
    administrator_appoint(actor=security, user=free, kind="audit", reason="任命")
    assert len(administrators._role_checks) == 1


@pytest.mark.parametrize("kind", ["", "superuser", "SECURITY"])
def test_there_are_three_kinds_and_no_fourth(security: Actor, kind: str) -> None:
    with pytest.raises(DomainError):
        administrator_appoint(actor=security, user=UserFactory(), kind=kind, reason="试")


def test_an_administrator_gets_no_grant() -> None:
    with pytest.raises(Conflict, match="安全管理员"):
        assert_not_admin(AdminFactory())
    assert_not_admin(UserFactory())


def test_the_last_security_administrator_stays() -> None:
    only = AdminFactory()
    with pytest.raises(Conflict, match="唯一的安全管理员"):
        administrator_demote(actor=SYSTEM, user=only, reason="试")
    AdminFactory()
    administrator_demote(actor=SYSTEM, user=only, reason="轮换")


def test_appointing_ends_what_was_open_under_the_old_rights(security: Actor) -> None:
    user = UserFactory()
    client = Client()
    log_in(client, user)
    administrator_appoint(actor=security, user=user, kind="system", reason="任命")
    assert client.get("/account/sessions/")["Location"].startswith("/account/login/")


def test_a_disabled_account_is_not_appointed(security: Actor) -> None:
    with pytest.raises(Conflict, match="已停用"):
        administrator_appoint(actor=security, user=UserFactory(is_active=False), kind="audit", reason="试")


def test_first_administrators_by_command_once(capsys: Any) -> None:
    call_command("create_administrators")
    shown = capsys.readouterr().out
    assert set(User.objects.values_list("admin_kind", flat=True)) == {"system", "security", "audit"}
    security = User.objects.get(admin_kind=AdminKind.SECURITY)
    code = initial_code(security.password)
    assert f"账号 secadmin\t初始口令 {code[:5]}-{code[5:]}" in shown
    with pytest.raises(CommandError, match="已有管理员"):
        call_command("create_administrators")
    assert User.objects.count() == 3
