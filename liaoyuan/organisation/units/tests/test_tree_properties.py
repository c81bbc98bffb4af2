"""Whatever is done to a tree, its paths stay what parents and positions say, unique and in order."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liaoyuan.kernel import bus
from liaoyuan.kernel.errors import DomainError
from liaoyuan.organisation.units import registry, rules
from liaoyuan.organisation.units.events import UnitPathsChanged
from liaoyuan.organisation.units.models import Unit
from liaoyuan.organisation.units.services import (
    paths_rebuild,
    tree_problems,
    unit_create,
    unit_dissolve,
    unit_merge,
    unit_move,
    unit_reorder,
    unit_split,
)
from liaoyuan.organisation.units.tests.factories import SYSTEM, UnitFactory

KINDS = [rules.COMMITTEE, rules.COMMITTEE, rules.GENERAL_BRANCH, rules.BRANCH, rules.JOINT_BRANCH, rules.GROUP]
VERBS = ["create", "create", "move", "move", "before", "merge", "split", "dissolve", "reorder"]
steps = st.lists(
    st.tuples(st.sampled_from(VERBS), st.integers(0, 99), st.integers(0, 99), st.integers(0, 99)), max_size=25
)


def _apply(verb: str, one: int, two: int, three: int, number: int) -> None:
    units = list(Unit.objects.order_by("code").select_related("parent"))
    first, second, third = (units[index % len(units)] for index in (one, two, three))
    if verb == "create":
        unit_create(
            actor=SYSTEM, code=f"N{number}", name=f"组织{number}", kind=KINDS[three % len(KINDS)], parent=first,
            reason="随机",
        )  # fmt: skip
    elif verb == "move":
        unit_move(actor=SYSTEM, unit=first, to_parent=second, reason="随机")
    elif verb == "before" and second.parent is not None:
        unit_move(actor=SYSTEM, unit=first, to_parent=second.parent, before=second.pk, reason="随机")
    elif verb == "merge":
        unit_merge(actor=SYSTEM, sources=[first], target=second, reason="随机")
    elif verb == "split":
        children = [unit.pk for unit in units if unit.parent_id == first.pk and unit.dissolved_on is None]
        unit_split(
            actor=SYSTEM, unit=first, code=f"S{number}", name=f"新设{number}", reason="随机",
            child_ids=children[: 1 + three % 3],
        )  # fmt: skip
    elif verb == "dissolve":
        unit_dissolve(actor=SYSTEM, unit=third, reason="随机")
    elif verb == "reorder":
        children = [unit.pk for unit in units if unit.parent_id == first.pk and unit.dissolved_on is None]
        unit_reorder(actor=SYSTEM, parent=first, children=sorted(children, key=lambda pk: hash((pk, three))))


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_every_order_of_changes_leaves_a_sound_tree(steps, monkeypatch):
    from django.db import transaction

    copies: dict[str, str] = {}

    def follow(event: UnitPathsChanged) -> None:
        for code, path in list(copies.items()):
            for old, new in event.moves:
                if path.startswith(old):
                    copies[code] = new + path[len(old) :]
                    break

    monkeypatch.setattr(registry, "_occupancy", [])
    monkeypatch.setitem(bus._inside, UnitPathsChanged, [follow])
    with transaction.atomic():
        root = UnitFactory(code="R", name="旅党委", kind="committee")
        UnitFactory(code="R1", name="一营党委", kind="committee", parent=root)
        for number, (verb, one, two, three) in enumerate(steps):
            copies = dict(Unit.objects.values_list("code", "path"))
            try:
                with transaction.atomic():
                    _apply(verb, one, two, three, number)
            except DomainError:
                continue
            _check_sound()
            paths_now = dict(Unit.objects.values_list("code", "path"))
            assert {code: paths_now[code] for code in copies} == copies, "the event tells every change of a path"
        assert paths_rebuild() == 0
        transaction.set_rollback(True)


def _check_sound() -> None:
    assert tree_problems() == []
    rows = list(Unit.objects.order_by("path").select_related("parent"))
    assert len({row.path for row in rows}) == len(rows)
    for row in rows:
        assert row.parent is None or row.path.startswith(row.parent.path)
        assert len(row.path) // 4 <= 16
        if row.dissolved_on is None and row.parent is not None:
            assert row.parent.dissolved_on is None
            assert rules.may_stand_under(row.kind, row.parent.kind)
    for parent in rows:
        children = [row for row in rows if row.parent_id == parent.pk]
        assert sorted(children, key=lambda row: row.position) == children


@pytest.mark.django_db
def test_broken_paths_are_found_and_rebuilt():
    root = UnitFactory(code="R", kind="committee")
    one, two = UnitFactory(code="A", parent=root), UnitFactory(code="B", parent=root)
    Unit.objects.filter(pk=one.pk).update(path="ZZZZ")
    Unit.objects.filter(pk=two.pk).update(position=0)
    assert tree_problems() != []
    assert paths_rebuild() == 2
    assert tree_problems() == []
    assert len({*Unit.objects.values_list("path", flat=True)}) == 3


@pytest.mark.django_db
def test_a_ring_made_outside_is_named_and_nothing_changes():
    root = UnitFactory(code="R", kind="committee")
    one = UnitFactory(code="A", kind="committee", parent=root)
    two = UnitFactory(code="B", kind="committee", parent=one)
    Unit.objects.filter(pk=one.pk).update(parent=two)
    before = dict(Unit.objects.values_list("code", "path"))
    with pytest.raises(ValueError, match="A、B"):
        paths_rebuild()
    assert dict(Unit.objects.values_list("code", "path")) == before
    assert tree_problems() == ["A：上级成环", "B：上级成环"]
