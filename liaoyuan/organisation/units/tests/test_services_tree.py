"""Founding, keeping and ordering units."""

from datetime import date

import pytest

from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.kernel.errors import Conflict, DomainError, NotPermitted
from liaoyuan.organisation.units import registry
from liaoyuan.organisation.units.models import Unit, UnitChange
from liaoyuan.organisation.units.services import tree_problems, unit_create, unit_reorder, unit_update
from liaoyuan.organisation.units.tests.factories import SYSTEM, SiteFactory, acting, brigade

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    return brigade()


def _create(actor, parent, **values):
    values = {
        "code": "L1-A-3",
        "name": "合成一营三连党支部",
        "kind": "branch",
        "reason": "旅批〔2026〕1号",
        **values,
    }
    return unit_create(actor=actor, parent=parent, **values)


def test_a_clerk_founds_a_branch_as_the_last_child(tree):
    unit = _create(acting(tree.top, "organisation_clerk"), tree.a, code="ｌ1－a－3 ", name=" 合成一营  三连党支部 ")
    assert (unit.code, unit.name, unit.position) == ("L1-A-3", "合成一营 三连党支部", 2)
    assert unit.path == tree.a.path + "0002"
    assert (unit.pinyin, unit.initials) == ("hechengyiyingsanliandangzhibu", "hcyysldzb")
    change = UnitChange.objects.get(unit=unit)
    assert (change.verb, change.reason, change.after["name"]) == (
        "create",
        "旅批〔2026〕1号",
        "合成一营 三连党支部",
    )
    assert AuditEntry.objects.get(action="units.create").object_id == str(unit.pk)


def test_a_neighbours_clerk_cannot_found_there(tree):
    with pytest.raises(NotPermitted):
        _create(acting(tree.b, "organisation_clerk"), tree.a)
    assert not Unit.objects.filter(code="L1-A-3").exists()


def test_nobody_but_the_platform_founds_a_root(tree):
    with pytest.raises(NotPermitted):
        _create(acting(tree.top, "organisation_clerk"), None, kind="committee")
    assert _create(SYSTEM, None, kind="committee").path == "0002"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"code": "L1-A"}, "code"),
        ({"code": ""}, "code"),
        ({"code": "L1/A"}, "code"),
        ({"code": "=1+1"}, "code"),
        ({"code": "A" * 49}, "code"),
        ({"code": "L1--A"}, "code"),
        ({"name": "一"}, "name"),
        ({"name": "=SUM(A1)"}, "name"),
        ({"name": "支" * 81}, "name"),
        ({"kind": "group"}, "parent"),
        ({"kind": "cell"}, "kind"),
        ({"founded_on": date(2999, 1, 1)}, "founded_on"),
        ({"founded_on": date(2020, 1, 1), "elected_on": date(2019, 12, 31)}, "elected_on"),
        ({"kind": "temporary_branch"}, "approved_by"),
        ({"can_approve_members": True}, "can_approve_members"),
        ({"reason": " "}, "reason"),
        ({"reason": "由" * 301}, "reason"),
    ],
)
def test_bad_data_is_refused_at_its_field_and_nothing_is_written(tree, values, field):
    count = Unit.objects.count()
    with pytest.raises(DomainError) as refused:
        _create(SYSTEM, tree.a, **values)
    assert refused.value.field == field
    assert "%(" not in refused.value.message
    assert Unit.objects.count() == count
    assert not UnitChange.objects.exists()


def test_a_temporary_branch_needs_approver_above_mission_and_end(tree):
    values = {"kind": "temporary_branch", "mission": "防汛", "planned_end_on": date(2027, 1, 1)}
    for approver, change, field in (
        (tree.b, {}, "approved_by"),
        (tree.a1, {}, "approved_by"),
        (tree.top, {"mission": ""}, "mission"),
        (tree.top, {"planned_end_on": None}, "planned_end_on"),
    ):
        with pytest.raises(DomainError) as refused:
            _create(SYSTEM, tree.a, **values | change, approved_by=approver)
        assert refused.value.field == field
        assert refused.value.clause == "《中国共产党支部工作条例（试行）》第8条"
    assert _create(SYSTEM, tree.a, **values, approved_by=tree.top).mission == "防汛"


def test_the_tree_is_at_most_sixteen_levels_deep(tree):
    parent = tree.top
    for level in range(2, 17):
        parent = unit_create(
            actor=SYSTEM, code=f"D{level}", name=f"第{level}级党委", kind="committee", parent=parent, reason="测试"
        )
    assert len(parent.path) == 64
    with pytest.raises(DomainError, match="最多 16 级"):
        unit_create(actor=SYSTEM, code="D17", name="第17级党支部", kind="branch", parent=parent, reason="测试")


def test_renaming_is_written_down_with_what_it_was(tree):
    unit = unit_update(actor=SYSTEM, unit=tree.a1, name="合成一营尖刀连党支部", reason="授予称号", on=date(2026, 1, 5))
    change = UnitChange.objects.get(unit=unit)
    assert (change.verb, change.on) == ("rename", date(2026, 1, 5))
    assert (change.before, change.after) == ({"name": "合成一营一连党支部"}, {"name": "合成一营尖刀连党支部"})
    assert Unit.objects.get(pk=unit.pk).initials == "hcyyjdldzb"


def test_an_update_that_changes_nothing_writes_nothing(tree):
    unit_update(actor=SYSTEM, unit=tree.a1, name=" 合成一营一连党支部", reason="")
    assert not UnitChange.objects.exists()
    assert not AuditEntry.objects.exists()


def test_two_people_editing_the_same_unit_do_not_overwrite_each_other(tree):
    seen = tree.a1.updated_at
    unit_update(actor=SYSTEM, unit=tree.a1, host_body="一连", reason="补登", expected=seen)
    with pytest.raises(Conflict):
        unit_update(actor=SYSTEM, unit=tree.a1, host_body="二连", reason="补登", expected=seen)
    assert Unit.objects.get(pk=tree.a1.pk).host_body == "一连"


def test_a_battalion_clerk_keeps_its_data_but_not_its_approving_power(tree):
    actor = acting(tree.a, "organisation_clerk")
    site = SiteFactory()
    assert unit_update(actor=actor, unit=tree.a, site=site, reason="换防").site_id == site.pk
    with pytest.raises(NotPermitted):
        unit_update(actor=actor, unit=tree.a, can_approve_members=True, reason="想批就批")
    assert Unit.objects.get(pk=tree.a.pk).can_approve_members is False


def test_a_new_kind_must_suit_the_children(tree):
    with pytest.raises(DomainError) as refused:
        unit_update(actor=SYSTEM, unit=tree.a1, kind="general_branch", reason="升格")
    assert refused.value.field == "kind"
    assert unit_update(actor=SYSTEM, unit=tree.a, kind="general_branch", reason="改设").kind == "general_branch"


def test_a_branch_with_people_becomes_no_temporary_one(tree, monkeypatch):
    values = {"approved_by": tree.top, "mission": "防汛", "planned_end_on": date(2027, 1, 1), "reason": "改编"}
    monkeypatch.setattr(registry, "_occupancy", [lambda unit_ids: int(tree.a1.pk in unit_ids)])
    with pytest.raises(DomainError, match="有 1 人的组织关系") as refused:
        unit_update(actor=SYSTEM, unit=tree.a1, kind="temporary_branch", **values)
    assert (refused.value.field, refused.value.clause) == ("kind", "《中国共产党支部工作条例（试行）》第8条")
    assert Unit.objects.get(pk=tree.a1.pk).kind == "branch"
    assert unit_update(actor=SYSTEM, unit=tree.a2, kind="temporary_branch", **values).kind == "temporary_branch"
    monkeypatch.setattr(registry, "_occupancy", [lambda unit_ids: 1])  # what is one already is not asked again
    assert unit_update(actor=SYSTEM, unit=tree.a2, mission="抢险", reason="任务变更").mission == "抢险"


@pytest.mark.parametrize("on", [date(2999, 1, 1), date(2017, 9, 21)])
def test_a_change_takes_effect_on_a_day_that_has_come_and_after_the_founding(tree, on):
    with pytest.raises(DomainError) as refused:
        unit_update(actor=SYSTEM, unit=tree.a1, name="新名称党支部", reason="更名", on=on)
    assert refused.value.field == "on"
    assert Unit.objects.get(pk=tree.a1.pk).name == "合成一营一连党支部"


def test_changes_of_one_unit_do_not_go_back_in_time(tree):
    unit_update(actor=SYSTEM, unit=tree.a1, name="甲党支部", reason="更名", on=date(2026, 5, 1))
    with pytest.raises(DomainError) as refused:
        unit_update(actor=SYSTEM, unit=tree.a1, name="乙党支部", reason="更名", on=date(2026, 4, 30))
    assert refused.value.field == "on"


def test_only_known_columns_can_be_updated(tree):
    with pytest.raises(TypeError):
        unit_update(actor=SYSTEM, unit=tree.a1, path="9999", reason="使坏")


def test_reordering_moves_the_subtrees_that_change_places(tree):
    unit_reorder(actor=acting(tree.a, "organisation_clerk"), parent=tree.a, children=[tree.a2.pk, tree.a1.pk])
    assert tree_problems() == []
    assert list(Unit.objects.filter(path__startswith=tree.a.path).order_by("path").values_list("code", flat=True)) == [
        "L1-A", "L1-A-2", "L1-A-2-X1", "L1-A-2-X2", "L1-A-1", "L1-A-1-X1", "L1-A-1-X2",
    ]  # fmt: skip


def test_a_reorder_of_an_outdated_list_changes_nothing(tree):
    for children in ([tree.a1.pk], [tree.a1.pk, tree.a1.pk], [tree.a1.pk, tree.b1.pk]):
        with pytest.raises(Conflict):
            unit_reorder(actor=SYSTEM, parent=tree.a, children=children)
    assert list(Unit.objects.filter(parent=tree.a).values_list("code", flat=True)) == ["L1-A-1", "L1-A-2"]
