"""Moving subtrees: rings, kinds, copies of paths, delegations, concurrency."""

import threading
from datetime import date

import pytest
from django.db import connection, connections

from liaoyuan.kernel import bus
from liaoyuan.kernel.errors import Conflict, DomainError, NotPermitted
from liaoyuan.organisation.units.events import UnitPathsChanged
from liaoyuan.organisation.units.models import Grant, GrantSource, Unit, UnitChange
from liaoyuan.organisation.units.services import grant_give, tree_problems, unit_create, unit_move
from liaoyuan.organisation.units.tests.factories import SYSTEM, UserFactory, acting, brigade, hold

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    return brigade()


def test_a_branch_moves_with_its_groups_and_grants(tree, monkeypatch):
    secretary = hold(tree.a1x1, "group_leader")
    told = []
    monkeypatch.setitem(bus._inside, UnitPathsChanged, [told.append])
    old = tree.a1.path
    moved = unit_move(actor=acting(tree.top, "organisation_clerk"), unit=tree.a1, to_parent=tree.b, reason="调整编组")
    assert moved.path == tree.b.path + "0002"
    assert Unit.objects.get(code="L1-A-1-X2").path == moved.path + "0001"
    assert Grant.objects.get(user=secretary).path == moved.path + "0000"
    assert told == [UnitPathsChanged(moves=((old, moved.path),))]
    assert tree_problems() == []
    change = UnitChange.objects.get(unit=tree.a1, verb="move")
    assert change.before == {"parent_id": str(tree.a.pk), "position": 0}
    assert change.after == {"parent_id": str(tree.b.pk), "position": 2}


def test_a_unit_may_be_put_before_a_sibling(tree):
    unit_move(actor=SYSTEM, unit=tree.a2, to_parent=tree.b, reason="调整", before=tree.b1.pk)
    assert list(Unit.objects.filter(parent=tree.b).order_by("path").values_list("code", flat=True)) == [
        "L1-A-2", "L1-B-1", "L1-B-2",
    ]  # fmt: skip
    unit_move(actor=SYSTEM, unit=tree.b2, to_parent=tree.b, reason="调整", before=tree.a2.pk)
    assert list(Unit.objects.filter(parent=tree.b).order_by("path").values_list("code", flat=True)) == [
        "L1-B-2", "L1-A-2", "L1-B-1",
    ]  # fmt: skip
    assert tree_problems() == []


@pytest.mark.parametrize(
    ("unit", "to_parent", "words"),
    [
        ("a", "a", "成环"),
        ("a", "a1", "成环"),
        ("a1", "a", "本来就在"),
        ("a1", "b1", "不能设在"),
        ("a", "b1", "不能设在"),
        ("a1x1", "b", "不能设在"),
    ],
)
def test_rings_and_wrong_places_are_refused_and_nothing_moves(tree, unit, to_parent, words):
    before = list(Unit.objects.order_by("path").values_list("code", "path"))
    with pytest.raises(DomainError, match=words) as refused:
        unit_move(actor=SYSTEM, unit=getattr(tree, unit), to_parent=getattr(tree, to_parent), reason="调整")
    assert refused.value.field == "to_parent"
    assert list(Unit.objects.order_by("path").values_list("code", "path")) == before
    assert not UnitChange.objects.exists()


def test_both_ends_of_a_move_must_be_the_actors_to_manage(tree):
    actor = acting(tree.a, "organisation_clerk")
    for unit, to_parent in ((tree.a1, tree.b), (tree.b1, tree.a), (tree.a, tree.b)):
        with pytest.raises(NotPermitted):
            unit_move(actor=actor, unit=unit, to_parent=to_parent, reason="越权")
    assert tree_problems() == []
    assert Unit.objects.get(pk=tree.a1.pk).parent_id == tree.a.pk


def test_a_root_does_not_move(tree):
    with pytest.raises(NotPermitted, match="最上级"):
        unit_move(actor=SYSTEM, unit=tree.other, to_parent=tree.top, reason="合并两旅")


def test_a_move_from_an_outdated_preview_is_refused(tree):
    with pytest.raises(Conflict):
        unit_move(actor=SYSTEM, unit=tree.a1, to_parent=tree.b, reason="调整", expected_path=tree.a2.path)


def test_nothing_moves_to_or_with_a_dissolved_unit(tree):
    Unit.objects.filter(pk=tree.b.pk).update(dissolved_on=date(2026, 1, 1))
    for unit, to_parent in ((tree.a1, tree.b), (tree.b1, tree.b)):
        with pytest.raises(DomainError, match=r"已于 2026-01-01 撤销|本来就在"):
            unit_move(actor=SYSTEM, unit=unit, to_parent=to_parent, reason="调整")


def test_a_subtree_too_deep_for_its_new_place_is_refused(tree):
    parent = tree.b
    for level in range(3, 16):
        parent = unit_create(
            actor=SYSTEM, code=f"D{level}", name=f"第{level}级党委", kind="committee", parent=parent, reason="测试"
        )
    with pytest.raises(DomainError, match="会有 17 级"):
        unit_move(actor=SYSTEM, unit=tree.a1, to_parent=parent, reason="调整")


def test_a_delegation_ends_when_its_unit_leaves_the_givers_reach(tree):
    giver = hold(tree.a, "committee_secretary")
    inside = hold(tree.a1, "branch_officer", source=GrantSource.DELEGATION, given_by=giver)
    stays = hold(tree.a2, "branch_officer", source=GrantSource.DELEGATION, given_by=giver)
    unit_move(actor=SYSTEM, unit=tree.a1, to_parent=tree.b, reason="调整")
    assert Grant.objects.get(user=inside).ended_at is not None
    assert Grant.objects.get(user=stays).ended_at is None


@pytest.mark.django_db(transaction=True)
def test_concurrent_moves_leave_a_sound_tree():
    """Two clerks move each the other's battalion below his own, and others move branches about: whoever comes second
    is refused or sees the first's result; there is never a ring and never a wrong path."""
    tree = brigade()
    if connection.vendor == "sqlite":
        # One writer by construction; the order of the two is tried both ways.
        unit_move(actor=SYSTEM, unit=tree.a, to_parent=tree.b, reason="调整")
        with pytest.raises(DomainError):
            unit_move(actor=SYSTEM, unit=tree.b, to_parent=tree.a, reason="调整")
        assert tree_problems() == []
        return
    start = threading.Barrier(4)
    refused: list[Exception] = []

    def work(moves):
        try:
            start.wait(10)
            for unit, to_parent in moves:
                try:
                    unit_move(actor=SYSTEM, unit=unit, to_parent=to_parent, reason="同时调整")
                except DomainError as error:
                    refused.append(error)
        finally:
            connections.close_all()

    def give():
        try:
            start.wait(10)
            role = hold_role
            for number in range(12):
                grant_give(actor=SYSTEM, user=users[number], role=role, unit=tree.a1, reason="同时授权")
        finally:
            connections.close_all()

    users = [UserFactory() for _ in range(12)]
    hold(tree.other, "group_leader")
    hold_role = Grant.objects.get(unit=tree.other).role
    threads = [
        threading.Thread(target=work, args=([(tree.a, tree.b)],)),
        threading.Thread(target=work, args=([(tree.b, tree.a)],)),
        threading.Thread(target=work, args=([(tree.a1, tree.b), (tree.a1, tree.a)] * 6,)),
        threading.Thread(target=give),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    assert tree_problems() == []
    assert Grant.objects.filter(unit=tree.a1).count() == 12
    assert any("成环" in str(error) for error in refused)
