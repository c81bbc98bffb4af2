"""Codes that work once, and powers that exclude each other: claimed twice at the same moment."""

from typing import Any

import pytest
from django.test import Client

from liaoyuan.foundation.accounts.models import AdminKind, User
from liaoyuan.foundation.accounts.services import administrator_appoint, administrator_demote
from liaoyuan.foundation.accounts.tests.factories import AdminFactory, UserFactory
from liaoyuan.foundation.accounts.tests.helpers import CODE, code_of, log_in, recovery_codes, with_totp
from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.foundation.audit.services import verify_chain
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.tests.factories import load_role
from liaoyuan.organisation.units.models import Grant
from liaoyuan.organisation.units.services import grant_give
from liaoyuan.organisation.units.tests.factories import UnitFactory
from tests.concurrency.together import refusals, together

pytestmark = pytest.mark.django_db(transaction=True)
SYSTEM = Actor.system("测试")


def posting(code: str, user: User) -> Any:
    """A browser that has given the password and now gives ``code``: whether it is in."""
    client = Client()
    log_in(client, user)

    def send() -> bool:
        client.post(CODE, {"code": code})
        return "_auth_user_id" in client.session

    return send


def test_one_code_lets_one_browser_in():
    user = UserFactory()
    code = code_of(with_totp(user))
    assert sorted(together(*(posting(code, user) for _ in range(4)))) == [False, False, False, True]
    assert AuditEntry.objects.filter(action="accounts.login", actor_id=user.pk).count() == 1


def test_one_recovery_code_lets_one_browser_in():
    user = UserFactory()
    with_totp(user)
    code, *others = recovery_codes(user)
    assert sorted(together(*(posting(code, user) for _ in range(4)))) == [False, False, False, True]
    assert recovery_codes(user) == others


def test_two_recovery_codes_at_once_are_both_used_up():
    user = UserFactory()
    with_totp(user)
    first, second, *others = recovery_codes(user)
    assert together(posting(first, user), posting(second, user)) == [True, True]
    assert recovery_codes(user) == others


def test_an_account_becomes_one_administrator_or_gets_one_role():
    """Three who each give it something that excludes the others."""
    user = UserFactory()
    unit, role = UnitFactory(kind="committee"), load_role("member")

    def appoint(kind: AdminKind) -> Any:
        return lambda: administrator_appoint(actor=SYSTEM, user=user, kind=kind, reason="同时任命")

    outcomes = together(
        appoint(AdminKind.SYSTEM),
        appoint(AdminKind.AUDIT),
        lambda: grant_give(actor=SYSTEM, user=user, role=role, unit=unit, reason="同时授权"),
    )
    assert len(refusals(outcomes)) == 2
    user.refresh_from_db()
    granted = Grant.objects.unscoped("test").filter(user=user).count()
    assert (bool(user.admin_kind), granted) in {(True, 0), (False, 1)}
    done = AuditEntry.objects.filter(action__in=["accounts.administrator_appoint", "units.grant_give"], allowed=True)
    assert done.count() == 1
    assert verify_chain().ok


def test_the_same_grant_twice_at_once_is_given_once():
    user, unit, role = UserFactory(), UnitFactory(kind="committee"), load_role("member")
    outcomes = together(*[lambda: grant_give(actor=SYSTEM, user=user, role=role, unit=unit, reason="同时授权")] * 3)
    assert len(refusals(outcomes)) == 2
    assert Grant.objects.unscoped("test").filter(user=user).count() == 1


def test_the_last_two_security_administrators_cannot_dismiss_each_other():
    both = [AdminFactory(), AdminFactory()]
    outcomes = together(
        *[lambda one=one: administrator_demote(actor=SYSTEM, user=one, reason="同时解除") for one in both]
    )
    assert len(refusals(outcomes)) == 1
    assert User.objects.filter(admin_kind=AdminKind.SECURITY).count() == 1
