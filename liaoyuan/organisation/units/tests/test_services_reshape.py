"""Splitting, merging and dissolving."""

from datetime import date

import pytest

from liaoyuan.kernel import bus
from liaoyuan.kernel.errors import Conflict, DomainError, NotPermitted
from liaoyuan.kernel.ids import new_id
from liaoyuan.organisation.units import registry
from liaoyuan.organisation.units.events import UnitDissolved, UnitMerged, UnitSplit
from liaoyuan.organisation.units.models import Grant, Unit, UnitChange
from liaoyuan.organisation.units.services import tree_problems, unit_dissolve, unit_merge, unit_split
from liaoyuan.organisation.units.tests.factories import SYSTEM, UnitFactory, acting, brigade, hold

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    return brigade()


@pytest.fixture
def told(monkeypatch):
    """Events heard inside the transaction; higher apps' handlers and checks are left out."""
    heard = []
    for event in (UnitSplit, UnitMerged, UnitDissolved):
        monkeypatch.setitem(bus._inside, event, [heard.append])
    monkeypatch.setattr(registry, "_occupancy", [])
    return heard


def test_a_split_founds_a_sibling_and_hands_over_groups_and_people(tree, told):
    person = new_id()
    new = unit_split(
        actor=acting(tree.a, "organisation_clerk"),
        unit=tree.a1,
        code="L1-A-9",
        name="合成一营侦察排党支部",
        reason="人员超过五十人",
        on=date(2026, 11, 1),
        child_ids=[tree.a1x2.pk],
        person_ids=[person],
    )
    assert (new.parent_id, new.kind, new.founded_on) == (tree.a.pk, "branch", date(2026, 11, 1))
    assert Unit.objects.get(pk=tree.a1x2.pk).path == new.path + "0000"
    assert Unit.objects.get(pk=tree.a1x1.pk).parent_id == tree.a1.pk
    assert tree_problems() == []
    assert told == [UnitSplit(tree.a1.pk, new.pk, (person,), (tree.a1x2.pk,), date(2026, 11, 1), "人员超过五十人")]
    assert set(UnitChange.objects.values_list("unit__code", "verb")) == {
        ("L1-A-9", "create"), ("L1-A-1-X2", "move"), ("L1-A-1", "split"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("unit", "children", "people", "field"),
    [
        ("a1", [], [], "child_ids"),
        ("a1", ["b1x1"], [], "child_ids"),
        ("a1", ["a1"], [], "child_ids"),
        ("a", ["a1"], [1], "person_ids"),
    ],
)
def test_a_split_hands_over_only_what_is_its_own(tree, told, unit, children, people, field):
    count = Unit.objects.count()
    with pytest.raises(DomainError) as refused:
        unit_split(
            actor=SYSTEM,
            unit=getattr(tree, unit),
            code="NEW-1",
            name="新组织",
            reason="拆分",
            child_ids=[getattr(tree, name).pk for name in children],
            person_ids=[new_id() for _ in people],
        )
    assert refused.value.field == field
    assert (Unit.objects.count(), told) == (count, [])


def test_a_root_cannot_be_split(tree, told):
    with pytest.raises(DomainError, match="最上级"):
        unit_split(actor=SYSTEM, unit=tree.top, code="N1", name="新党委", reason="拆分", child_ids=[tree.a.pk])


def test_a_merge_moves_the_children_and_ends_the_sources(tree, told):
    leader = hold(tree.a2, "branch_secretary")
    unit_merge(
        actor=acting(tree.a, "organisation_clerk"),
        sources=[tree.a2],
        target=tree.a1,
        reason="缩编",
        on=date(2026, 11, 2),
    )
    source = Unit.objects.get(pk=tree.a2.pk)
    assert source.dissolved_on == date(2026, 11, 2)
    assert list(Unit.objects.filter(parent=tree.a1).order_by("path").values_list("code", flat=True)) == [
        "L1-A-1-X1", "L1-A-1-X2", "L1-A-2-X1", "L1-A-2-X2",
    ]  # fmt: skip
    assert tree_problems() == []
    assert [type(event) for event in told] == [UnitMerged, UnitDissolved]
    assert told[0].source_ids == (tree.a2.pk,)
    assert Grant.objects.get(user=leader).ended_at is not None


def test_a_merge_is_undone_where_people_are_left_behind(tree, told, monkeypatch):
    monkeypatch.setattr(registry, "_occupancy", [lambda unit_ids: 3 if tree.a2.pk in unit_ids else 0])
    with pytest.raises(Conflict, match="还有 3 人"):
        unit_merge(actor=SYSTEM, sources=[tree.a2], target=tree.a1, reason="缩编")
    assert Unit.objects.get(pk=tree.a2.pk).dissolved_on is None
    assert Unit.objects.get(pk=tree.a2x1.pk).parent_id == tree.a2.pk
    assert tree_problems() == []


def test_only_units_of_a_kind_merge(tree, told):
    temporary = UnitFactory(
        code="T1", kind="temporary_branch", parent=tree.a, approved_by=tree.top, mission="防汛",
        planned_end_on=date(2027, 1, 1),
    )  # fmt: skip
    joint = UnitFactory(code="J1", kind="joint_branch", parent=tree.a)
    for sources, target in (
        ([tree.a], tree.b1),
        ([temporary], tree.a1),
        ([tree.a1], temporary),
        ([tree.a1], tree.a1),
        ([tree.a1, tree.a1], tree.a2),
        ([], tree.a1),
        ([tree.a], tree.top),
        ([tree.a1x1], tree.a2x1),
    ):
        with pytest.raises(DomainError):
            unit_merge(actor=SYSTEM, sources=sources, target=target, reason="合并")
    assert not Unit.objects.filter(dissolved_on__isnull=False).exists()
    unit_merge(actor=SYSTEM, sources=[joint], target=tree.a1, reason="合并")
    assert Unit.objects.get(pk=joint.pk).dissolved_on == date(2026, 11, 22)


def test_a_merge_across_two_commands_needs_both(tree, told):
    with pytest.raises(NotPermitted):
        unit_merge(actor=acting(tree.a, "organisation_clerk"), sources=[tree.b1], target=tree.a1, reason="吞并")
    assert Unit.objects.get(pk=tree.b1.pk).dissolved_on is None


def test_a_unit_with_units_or_people_below_it_does_not_end(tree, told, monkeypatch):
    with pytest.raises(DomainError, match="还有 2 个组织"):
        unit_dissolve(actor=SYSTEM, unit=tree.a1, reason="撤编")
    monkeypatch.setattr(registry, "_occupancy", [lambda unit_ids: "还有 1 名党员未转出。"])
    with pytest.raises(Conflict, match="还有 1 名党员未转出"):
        unit_dissolve(actor=SYSTEM, unit=tree.a1x1, reason="撤编")
    assert not Unit.objects.filter(dissolved_on__isnull=False).exists()
    assert told == []


def test_an_empty_unit_ends_with_its_grants_and_stays_as_history(tree, told):
    leader = hold(tree.a1x1, "group_leader")
    elsewhere = hold(tree.a1x2, "group_leader")
    unit = unit_dissolve(actor=acting(tree.a, "organisation_clerk"), unit=tree.a1x1, reason="撤编")
    assert unit.dissolved_on == date(2026, 11, 22)
    assert told == [UnitDissolved(unit.pk, date(2026, 11, 22), "撤编")]
    assert Grant.objects.get(user=leader).ended_at is not None
    assert Grant.objects.get(user=elsewhere).ended_at is None
    with pytest.raises(DomainError, match="已于 2026-11-22 撤销"):
        unit_dissolve(actor=SYSTEM, unit=tree.a1x1, reason="再撤")


def test_the_level_above_decides_over_an_end(tree, told):
    for actor in (acting(tree.a1, "organisation_clerk"), acting(tree.b, "organisation_clerk")):
        with pytest.raises(NotPermitted):
            unit_dissolve(actor=actor, unit=tree.a1, reason="自行撤销")
