"""Grants: nobody gives more than he holds; delegations end by themselves; the three administrators hold none."""

from datetime import date, timedelta

import pytest

from liaoyuan.foundation.accounts.models import User
from liaoyuan.foundation.accounts.services import administrator_appoint
from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import Conflict, DomainError, NotPermitted
from liaoyuan.kernel.ids import new_id
from liaoyuan.organisation.units.models import Grant, GrantSource, Post, Role
from liaoyuan.organisation.units.services import (
    delegation_give,
    grant_end,
    grant_give,
    grants_drop_for_source,
    grants_of_tenure,
    unit_update,
)
from liaoyuan.organisation.units.tasks import grants_of_the_day
from liaoyuan.organisation.units.tests.factories import SYSTEM, UserFactory, act, acting, brigade, hold

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    return brigade()


def role(code):
    return Role.objects.get(code=code)


def _delegate(giver, unit, code="branch_officer", **values):
    values = {"to_user": UserFactory(), "until": date(2026, 12, 31), "reason": "书记外出学习", **values}
    return delegation_give(actor=act(giver), role=role(code), unit=unit, **values)


def test_a_clerk_appoints_within_his_reach(tree):
    user = UserFactory()
    grant = grant_give(
        actor=acting(tree.a, "organisation_clerk"),
        user=user,
        role=role("branch_secretary"),
        unit=tree.a1,
        reason="代管",
    )
    assert (grant.source, grant.path, grant.since, grant.until) == (
        "appointment",
        tree.a1.path,
        date(2026, 11, 22),
        None,
    )
    assert act(user).reach("members.manage") == (tree.a1.path,)
    assert AuditEntry.objects.filter(action="units.grant_give", object_id=str(grant.pk)).count() == 1


@pytest.mark.parametrize(("unit", "giver"), [("b1", "a"), ("top", "a"), ("a", "a1"), ("other", "top")])
def test_nobody_grants_outside_his_reach(tree, unit, giver):
    with pytest.raises(NotPermitted):
        grant_give(
            actor=acting(getattr(tree, giver), "organisation_clerk"),
            user=UserFactory(),
            role=role("group_leader"),
            unit=getattr(tree, unit),
            reason="越权",
        )
    assert not Grant.objects.filter(source=GrantSource.APPOINTMENT).exists()


def test_nobody_grants_a_capability_he_does_not_hold(tree):
    Role.objects.create(code="granter", name="只会授权", capabilities=["units.view", "units.grant"])
    with pytest.raises(NotPermitted, match="登记外出"):
        grant_give(
            actor=acting(tree.a, "granter"),
            user=UserFactory(),
            role=role("branch_secretary"),
            unit=tree.a1,
            reason="多给",
        )
    assert not Grant.objects.filter(source=GrantSource.APPOINTMENT).exists()


def test_capabilities_are_checked_path_by_path(tree):
    """He grants in A and holds the secretary's powers in B: not the secretary's powers in A."""
    Role.objects.create(code="granter", name="只会授权", capabilities=["units.view", "units.grant"])
    user = hold(tree.a, "granter")
    hold(tree.b, "organisation_clerk", user=user)
    with pytest.raises(NotPermitted):
        grant_give(actor=act(user), user=UserFactory(), role=role("branch_secretary"), unit=tree.a1, reason="拼凑")
    assert grant_give(actor=act(user), user=UserFactory(), role=role("branch_secretary"), unit=tree.b1, reason="正当")


def test_what_was_delegated_is_neither_granted_nor_delegated_on(tree):
    clerk = hold(tree.a, "organisation_clerk")
    deputy = _delegate(clerk, tree.a, "organisation_clerk").user
    actor = act(deputy)
    assert actor.covers("members.manage", tree.a1.path)
    assert not actor.holds("units.grant")
    assert not actor.holds("units.delegate")
    with pytest.raises(NotPermitted):
        grant_give(actor=actor, user=UserFactory(), role=role("group_leader"), unit=tree.a1, reason="转授")
    # His own small post does not let him pass on what was delegated to him.
    hold(tree.a1, "branch_secretary", user=deputy)
    with pytest.raises(NotPermitted):
        _delegate(deputy, tree.a1, "organisation_clerk")
    assert _delegate(deputy, tree.a1, "branch_officer").path == tree.a1.path


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"until": date(2027, 11, 23)}, "until"),
        ({"until": date(2026, 11, 21)}, "until"),
        ({"since": date(2026, 11, 21)}, "since"),
        ({"reason": ""}, "reason"),
        ({"reason": "长" * 201}, "reason"),
    ],
)
def test_a_delegation_has_an_end_within_a_year_and_a_reason(tree, values, field):
    with pytest.raises(DomainError) as refused:
        _delegate(hold(tree.a1, "branch_secretary"), tree.a1, **values)
    assert refused.value.field == field
    assert not Grant.objects.filter(source=GrantSource.DELEGATION).exists()


def test_a_delegation_of_exactly_one_year_is_allowed(tree):
    assert _delegate(hold(tree.a1, "branch_secretary"), tree.a1, until=date(2027, 11, 22)).until == date(2027, 11, 22)


def test_a_delegation_does_not_outlive_the_givers_own_post(tree):
    giver = hold(tree.a1, "branch_secretary", until=date(2026, 12, 15))
    with pytest.raises(DomainError, match="2026-12-15"):
        _delegate(giver, tree.a1, until=date(2026, 12, 16))
    assert _delegate(giver, tree.a1, until=date(2026, 12, 15)).until == date(2026, 12, 15)


def test_a_delegation_ends_by_date(tree):
    user = _delegate(hold(tree.a1, "branch_secretary"), tree.a1).user
    for day, reach in (
        (date(2026, 12, 31), (tree.a1.path,)),
        (date(2027, 1, 1), ()),
    ):
        with clock.set_to(day):
            assert act(user).reach("members.view_file") == reach


def test_a_delegation_begins_by_date(tree):
    user = _delegate(hold(tree.a1, "branch_secretary"), tree.a1, since=date(2026, 12, 1)).user
    assert act(user).reach("members.view_file") == ()
    with clock.set_to(date(2026, 12, 1)):
        assert act(user).reach("members.view_file") == (tree.a1.path,)


def test_a_delegation_ends_when_the_givers_tenure_does(tree):
    giver, tenure = UserFactory(), new_id()
    post = Post.objects.get(code="secretary")
    values = {"user": giver, "tenure_id": tenure, "post": post, "unit": tree.a1, "since": date(2024, 8, 4)}
    grants_of_tenure(until=None, **values)
    delegation = _delegate(giver, tree.a1)
    grants_of_tenure(until=date(2026, 11, 21), **values)
    delegation.refresh_from_db()
    assert delegation.ended_at is not None
    assert act(delegation.user).grants == {}


def test_the_nightly_job_ends_delegations_whose_giver_has_run_out(tree):
    giver = hold(tree.a1, "branch_secretary")
    delegation = _delegate(giver, tree.a1)
    Grant.objects.filter(user=giver).update(until=date(2026, 11, 30))
    with clock.set_to(date(2026, 12, 1)):
        grants_of_the_day.call()
    delegation.refresh_from_db()
    assert delegation.ended_at is not None


def test_grants_are_not_backdated_doubled_or_given_to_oneself(tree):
    clerk = hold(tree.a, "organisation_clerk")
    user = UserFactory()
    values = {"actor": act(clerk), "role": role("group_leader"), "unit": tree.a1, "reason": "指定"}
    for change, error in (
        ({"since": date(2026, 11, 21)}, DomainError),
        ({"until": date(2026, 11, 21)}, DomainError),
        ({"user": clerk}, DomainError),
        ({"user": UserFactory(is_active=False)}, DomainError),
        ({"reason": " "}, DomainError),
    ):
        with pytest.raises(error):
            grant_give(**{"user": user, **values, **change})
    grant_give(user=user, **values)
    with pytest.raises(Conflict):
        grant_give(user=user, **values, since=date(2027, 1, 1))
    assert Grant.objects.filter(source=GrantSource.APPOINTMENT).count() == 1


def test_the_three_administrators_hold_no_grant_and_holders_become_none(tree):
    admin = UserFactory(admin_kind="security")
    with pytest.raises(Conflict):
        grant_give(actor=SYSTEM, user=admin, role=role("group_leader"), unit=tree.a1, reason="兼任")
    with pytest.raises(Conflict):
        grants_of_tenure(
            user=admin, tenure_id=new_id(), post=Post.objects.get(code="secretary"), unit=tree.a1,
            since=date(2024, 1, 1), until=None,
        )  # fmt: skip
    assert not Grant.objects.exists()
    # Even a row that got there by other ways gives nothing.
    hold(tree.a1, "branch_secretary", user=admin)
    assert act(admin).reach("members.view") == ()
    holder = hold(tree.a1, "branch_secretary")
    with pytest.raises(Conflict, match="三员"):
        administrator_appoint(actor=SYSTEM, user=holder, kind="audit", reason="兼任")
    assert User.objects.get(pk=holder.pk).admin_kind == ""


def test_a_grant_taken_back_ends_at_once(tree):
    clerk = acting(tree.a, "organisation_clerk")
    user = UserFactory()
    grant = grant_give(actor=clerk, user=user, role=role("group_leader"), unit=tree.a1, reason="指定")
    with pytest.raises(NotPermitted):
        grant_end(actor=acting(tree.b, "organisation_clerk"), grant=grant, reason="越权")
    assert act(user).holds("members.view")
    grant_end(actor=clerk, grant=grant, reason="任务完成")
    assert not act(user).holds("members.view")
    with pytest.raises(Conflict):
        grant_end(actor=clerk, grant=grant, reason="再收")
    grant.refresh_from_db()
    assert (grant.end_reason, grant.until) == ("任务完成", date(2026, 11, 22))


def test_the_giver_takes_his_delegation_back_but_nobody_the_grant_of_a_post(tree):
    giver = hold(tree.a1, "branch_secretary")
    delegation = _delegate(giver, tree.a1)
    grant_end(actor=act(giver), grant=delegation, reason="已归队")
    assert not act(delegation.user).holds("members.view")
    with pytest.raises(NotPermitted, match="免职"):
        grant_end(actor=SYSTEM, grant=Grant.objects.get(user=giver), reason="绕过免职")


def test_a_tenure_gives_the_role_of_its_post_and_the_units_kind(tree):
    post = Post.objects.get(code="secretary")
    for unit, code in ((tree.a1, "branch_secretary"), (tree.a, "committee_secretary")):
        grant = grants_of_tenure(
            user=UserFactory(), tenure_id=new_id(), post=post, unit=unit, since=date(2024, 8, 4), until=None
        )
        assert (grant.role.code, grant.source, grant.path) == (code, "tenure", unit.path)


def test_repeating_a_tenure_changes_nothing_and_a_new_account_takes_over(tree):
    first, second, tenure = UserFactory(), UserFactory(), new_id()
    values = {"tenure_id": tenure, "post": Post.objects.get(code="secretary"), "unit": tree.a1}
    values |= {"since": date(2024, 8, 4), "until": None}
    grants_of_tenure(user=first, **values)
    grants_of_tenure(user=first, **values)
    assert AuditEntry.objects.filter(action="units.grant_by_tenure").count() == 1
    grants_of_tenure(user=second, **values)
    assert (act(first).grants, act(second).reach("members.manage")) == ({}, (tree.a1.path,))
    assert grants_of_tenure(user=None, **values) is None
    assert act(second).grants == {}
    assert grants_of_tenure(user=second, **values).ended_at is None
    assert grants_drop_for_source(source_id=tenure) == 1
    assert act(second).grants == {}


def test_the_second_factor_is_asked_while_a_grant_asks_for_it(tree):
    def must(user):
        return User.objects.get(pk=user.pk).must_use_totp

    brigade_secretary, clerk, company = UserFactory(), UserFactory(), UserFactory()
    post, clerk_post = Post.objects.get(code="secretary"), Post.objects.get(code="organisation_clerk")
    since = date(2024, 8, 4)
    tenure = new_id()
    grants_of_tenure(user=brigade_secretary, tenure_id=new_id(), post=post, unit=tree.top, since=since, until=None)
    grants_of_tenure(user=clerk, tenure_id=tenure, post=clerk_post, unit=tree.a, since=since, until=None)
    grants_of_tenure(user=company, tenure_id=new_id(), post=post, unit=tree.a1, since=since, until=None)
    assert (must(brigade_secretary), must(clerk), must(company)) == (True, True, False)
    unit_update(actor=SYSTEM, unit=tree.top, can_approve_members=False, reason="收回审批权")
    assert (must(brigade_secretary), must(clerk)) == (False, True)
    grants_of_tenure(user=clerk, tenure_id=tenure, post=clerk_post, unit=tree.a, since=since, until=date(2026, 11, 30))
    assert must(clerk)
    with clock.set_to(date(2026, 12, 1)):
        grants_of_the_day.call()
    assert not must(clerk)


def test_the_administrators_second_factor_is_left_alone(tree):
    admin = UserFactory(admin_kind="audit", must_use_totp=True)
    grants_of_the_day.call()
    assert User.objects.get(pk=admin.pk).must_use_totp is True


def test_the_grant_source_costs_one_query(tree, django_assert_num_queries):
    user = hold(tree.a1, "branch_secretary")
    hold(tree.b, "inspector", user=user)
    from liaoyuan.organisation.units.selectors import grant_pairs

    with django_assert_num_queries(1):
        pairs = set(grant_pairs(user))
    assert ("members.manage", tree.a1.path) in pairs
    assert ("members.manage", tree.b.path) not in pairs


def test_the_grant_source_holds_what_is_in_force_today_and_nothing_else(tree):
    from liaoyuan.organisation.units.selectors import grant_pairs

    user, other = UserFactory(), UserFactory()
    role = Role.objects.get(code="branch_secretary")
    day, step, ended = clock.today(), timedelta(days=1), clock.now()
    spans = [
        (day, None, None), (day, day, None), (day - step, day, None), (day - step, day - step, None),
        (day + step, None, None), (day - step, None, ended), (day - step, day + step, ended),
    ]  # fmt: skip
    units = [tree.top, tree.a, tree.a1, tree.b, tree.a, tree.a1, tree.b]
    for (since, until, taken_back), unit in zip(spans, units, strict=True):
        for one in (user, other):
            Grant.objects.create(
                user=one, role=role, unit=unit, path=unit.path, since=since, until=until, ended_at=taken_back,
                source=GrantSource.APPOINTMENT,
            )  # fmt: skip
    for one in (user, other):
        current = Grant.objects.unscoped("the rule").current(day).filter(user=one)
        wanted = {(name, grant.path) for grant in current for name in grant.role.capabilities}
        assert set(grant_pairs(one)) == wanted
        assert {path for _name, path in wanted} == {tree.top.path, tree.a.path, tree.a1.path}
    assert list(grant_pairs(UserFactory())) == []
