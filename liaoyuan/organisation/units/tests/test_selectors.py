"""Reading: the tree in one query, past days, who may do what; nothing leaks sideways."""

from datetime import date

import pytest
from django.db import connection

from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import NotInScope, NotPermitted
from liaoyuan.kernel.ids import new_id
from liaoyuan.kernel.paths import child
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.units import registry
from liaoyuan.organisation.units.models import Grant, GrantSource, Post, Role, Unit
from liaoyuan.organisation.units.proofs import tree_proof
from liaoyuan.organisation.units.registry import UnitCount
from liaoyuan.organisation.units.selectors import (
    TreeQuery,
    access_of,
    move_preview,
    overdue_temporary_branches,
    sites,
    tree,
    tree_as_of,
    unit_by_code,
    unit_get,
    unit_grants,
    user_by_account,
)
from liaoyuan.organisation.units.services import (
    delegation_give,
    grants_of_tenure,
    unit_dissolve,
    unit_move,
    unit_update,
)
from liaoyuan.organisation.units.tests.factories import SYSTEM, SiteFactory, UnitFactory, UserFactory, act, acting, hold
from liaoyuan.organisation.units.tests.factories import brigade as make_brigade

pytestmark = pytest.mark.django_db


@pytest.fixture
def brigade(monkeypatch):
    monkeypatch.setattr(registry, "_counters", {})
    monkeypatch.setattr(registry, "_occupancy", [])
    monkeypatch.setattr(registry, "_access", [])
    return make_brigade()


def shown(actor, **query):
    return [(row.unit.code, row.grey) for row in tree(actor, TreeQuery(**query)).rows]


def test_a_secretary_sees_his_branch_with_greyed_ancestors_and_nothing_beside(brigade):
    assert shown(acting(brigade.a1, "branch_secretary")) == [
        ("L1", True), ("L1-A", True), ("L1-A-1", False), ("L1-A-1-X1", False), ("L1-A-1-X2", False),
    ]  # fmt: skip


def test_the_tree_opens_level_by_level_from_the_address(brigade):
    actor = acting(brigade.top, "inspector")
    assert [code for code, _ in shown(actor)] == ["L1", "L1-A", "L1-B"]
    assert [code for code, _ in shown(actor, open=frozenset({"L1-B"}))] == ["L1", "L1-A", "L1-B", "L1-B-1", "L1-B-2"]
    # Opened under something closed: not shown. Unknown codes: ignored.
    assert [code for code, _ in shown(actor, open=frozenset({"L1-B-1", "?"}))] == ["L1", "L1-A", "L1-B"]
    assert len(shown(actor, open=frozenset({"*"}))) == 15


def test_opening_a_neighbours_code_shows_nothing_of_it(brigade):
    assert "L1-B-1" not in dict(shown(acting(brigade.a, "inspector"), open=frozenset({"L1", "L1-B", "*"})))


@pytest.mark.parametrize("text", ["一连", "l1-a-1", "yilian", "HCYYYLDZB", "合成 一连", "Ｌ1－Ａ－1"])
def test_search_by_name_code_pinyin_and_initials_shows_hits_and_what_leads_to_them(brigade, text):
    found = tree(acting(brigade.top, "inspector"), TreeQuery(q=text, kind="branch")).rows
    assert "L1-A-1" in {row.unit.code for row in found if row.hit}
    assert [row.unit.code for row in found][:2] == ["L1", "L1-A"]


def test_search_stays_in_scope(brigade):
    rows = tree(acting(brigade.a, "inspector"), TreeQuery(q="合成二营")).rows
    assert [row.unit.code for row in rows if not row.grey] == []


@pytest.mark.parametrize("text", ["%", "_", "'", '"; DROP TABLE', "\\", "一" * 60])
def test_odd_searches_find_nothing_and_break_nothing(brigade, text):
    assert [row for row in tree(acting(brigade.top, "inspector"), TreeQuery(q=text)).rows if row.hit] == []


def test_the_tree_costs_two_queries_with_counts_however_many_units(brigade, django_assert_num_queries):
    actor = acting(brigade.top, "inspector")

    @registry.register_counter
    def count(actor, units):
        return {unit.pk: UnitCount(Grant.objects.filter(path="?").count() + 5, 3, 2) for unit in units[:1]}

    for _ in range(2):
        with django_assert_num_queries(2):
            rows = tree(actor, TreeQuery(open=frozenset({"*"}))).rows
            assert rows[0].count.people == 5
        for number in range(20):
            UnitFactory(code=f"MORE{number}-{_}", parent=brigade.b)


def test_dissolved_units_are_shown_only_when_asked_for(brigade):
    unit_dissolve(actor=SYSTEM, unit=brigade.a1x1, reason="撤编")
    actor = acting(brigade.a1, "branch_secretary")
    assert "L1-A-1-X1" not in dict(shown(actor))
    assert "L1-A-1-X1" in dict(shown(actor, dissolved=True))


def test_nobody_sees_an_empty_tree_not_everything(brigade):
    assert shown(Actor.nobody()) == []
    assert tree_as_of(Actor.nobody(), date(2026, 11, 22)) == []


def test_a_unit_out_of_reach_looks_like_an_unknown_one(brigade):
    actor = acting(brigade.a, "inspector")
    assert unit_get(actor, brigade.a1.pk).code == "L1-A-1"
    for wrong in (brigade.b1.pk, brigade.top.pk, brigade.other.pk, new_id()):
        with pytest.raises(NotInScope):
            unit_get(actor, wrong)
    with pytest.raises(NotInScope):
        unit_by_code(actor, "L1-B-1")


def test_the_tree_of_a_past_day_is_told_from_the_changes(brigade):
    actor = acting(brigade.top, "inspector")
    unit_update(actor=SYSTEM, unit=brigade.a1, name="合成一营尖刀连党支部", reason="更名", on=date(2026, 3, 1))
    unit_move(actor=SYSTEM, unit=brigade.a1, to_parent=brigade.b, reason="调整", on=date(2026, 5, 1))
    unit_dissolve(actor=SYSTEM, unit=brigade.a2x1, reason="撤编", on=date(2026, 7, 1))
    UnitFactory(code="NEW", parent=brigade.a, founded_on=date(2026, 8, 1))

    def on(day):
        return {unit.code: unit for unit in tree_as_of(actor, day)}

    before = on(date(2026, 2, 28))
    assert (before["L1-A-1"].name, before["L1-A-1"].parent_id) == ("合成一营一连党支部", brigade.a.pk)
    renamed = on(date(2026, 3, 1))
    assert (renamed["L1-A-1"].name, renamed["L1-A-1"].parent_id) == ("合成一营尖刀连党支部", brigade.a.pk)
    moved = on(date(2026, 5, 1))
    assert moved["L1-A-1"].parent_id == brigade.b.pk
    assert list(moved)[-3:] == ["L1-A-1", "L1-A-1-X1", "L1-A-1-X2"]
    assert "L1-A-2-X1" in on(date(2026, 6, 30))
    assert "L1-A-2-X1" not in on(date(2026, 7, 1))
    assert "NEW" not in on(date(2026, 7, 31))
    assert "NEW" in on(date(2026, 8, 1))
    assert on(date(2017, 9, 21)) == {}
    assert on(date(2026, 3, 1))["L1-A-1-X1"].depth == 4


def test_the_past_stays_in_scope(brigade):
    assert {unit.code for unit in tree_as_of(acting(brigade.a1, "branch_secretary"), date(2026, 1, 1))} == {
        "L1-A-1", "L1-A-1-X1", "L1-A-1-X2",
    }  # fmt: skip


def test_a_move_preview_says_what_comes_along_and_who_gains_and_loses(brigade, django_assert_num_queries):
    loser, gainer = hold(brigade.a, "committee_secretary"), hold(brigade.b, "committee_secretary")
    hold(brigade.top, "inspector")
    hold(brigade.a1, "branch_secretary")
    preview = move_preview(acting(brigade.top, "organisation_clerk"), brigade.a1, brigade.b)
    assert (preview.units, preview.grants) == (3, 1)
    assert (preview.old_trail, preview.new_trail) == ("旅党委 › 合成一营党委", "旅党委 › 合成二营党委")
    assert [name.split("（")[0] for name in preview.gains] == [gainer.display_name]
    assert [name.split("（")[0] for name in preview.loses] == [loser.display_name]


def test_who_may_act_in_a_unit_comes_with_where_it_is_inherited_from(brigade):
    clerk, secretary = hold(brigade.top, "organisation_clerk"), hold(brigade.a1, "branch_secretary")
    hold(brigade.b1, "branch_secretary")
    found = unit_grants(act(clerk), brigade.a1)
    assert [(row.grant.user, row.inherited) for row in found] == [(secretary, False), (clerk, True)]
    with pytest.raises(NotPermitted):
        unit_grants(acting(brigade.a1, "branch_officer"), brigade.a1)
    with pytest.raises(NotPermitted):
        unit_grants(acting(brigade.b, "inspector"), brigade.a1)


def test_why_somebody_may_is_told_with_its_chain(brigade):
    secretary, deputy = UserFactory(display_name="周立成"), UserFactory()
    grants_of_tenure(
        user=secretary, tenure_id=new_id(), post=Post.objects.get(code="secretary"), unit=brigade.a1,
        since=date(2024, 8, 4), until=None,
    )  # fmt: skip
    delegation_give(
        actor=act(secretary), to_user=deputy, role=Role.objects.get(code="branch_secretary"), unit=brigade.a1,
        until=date(2026, 12, 1), reason="外出学习",
    )  # fmt: skip
    own = access_of(act(secretary), secretary.pk)
    assert own.lines[0].chain == (
        "任合成一营一连党支部书记",
        "该职务在“合成一营一连党支部”赋予角色“支部书记”",
        "适用于“合成一营一连党支部”及其全部下级",
    )
    assert "units.delegate" in own.lines[0].capabilities
    seen = access_of(acting(brigade.a, "inspector"), deputy.pk)
    assert seen.lines[0].chain[0] == "周立成委托（外出学习）"
    assert "units.delegate" not in seen.lines[0].capabilities
    assert (seen.lines[0].until, seen.lines[0].source) == (date(2026, 12, 1), GrantSource.DELEGATION)
    assert [words for words, name, _lines in seen.by_capability if name == "members.manage"] == ["维护人员档案"]


def test_anothers_access_is_seen_only_within_reach(brigade):
    user = hold(brigade.a1, "branch_secretary")
    hold(brigade.b1, "branch_officer", user=user)
    seen = access_of(acting(brigade.a, "inspector"), user.pk)
    assert [line.unit_name for line in seen.lines] == ["合成一营一连党支部"]
    assert seen.narrowed
    elsewhere = hold(brigade.b2, "branch_officer")
    for wrong in (elsewhere.pk, new_id()):
        with pytest.raises(NotInScope):
            access_of(acting(brigade.a, "inspector"), wrong)
    assert len(access_of(act(user), user.pk).lines) == 2


def test_without_the_right_to_see_access_a_neighbour_is_refused_and_a_stranger_is_unknown(brigade):
    neighbour, stranger = hold(brigade.a1, "branch_secretary"), hold(brigade.b1, "branch_secretary")
    officer = acting(brigade.a1, "branch_officer")
    with pytest.raises(NotPermitted):
        access_of(officer, neighbour.pk)
    for unseen in (stranger.pk, UserFactory().pk, new_id()):
        with pytest.raises(NotInScope):
            access_of(officer, unseen)


def test_overdue_temporary_branches_are_their_managers_to_do(brigade):
    values = {"kind": "temporary_branch", "approved_by": brigade.top, "mission": "防汛"}
    late = UnitFactory(code="T1", parent=brigade.a, planned_end_on=date(2026, 11, 21), **values)
    UnitFactory(code="T2", parent=brigade.a, planned_end_on=date(2026, 11, 22), **values)
    UnitFactory(code="T3", parent=brigade.b, planned_end_on=date(2026, 1, 1), **values)
    assert overdue_temporary_branches(acting(brigade.a, "organisation_clerk")) == [late]
    assert overdue_temporary_branches(acting(brigade.a, "inspector")) == []


def test_an_account_is_found_by_its_name_or_by_a_name_that_is_the_only_one(brigade):
    one = UserFactory(username="zhou", display_name="周立成")
    UserFactory(display_name="同名"), UserFactory(display_name="同名")
    assert user_by_account(" ZHOU ") == one
    assert user_by_account("周立成") == one
    assert user_by_account("同名") is None
    assert user_by_account("") is None


def test_the_proof_names_the_first_difference(brigade):
    assert (tree_proof().ok, tree_proof().checked) == (True, 16)
    Unit.objects.filter(pk=brigade.a1.pk).update(path="ZZZZ")
    proof = tree_proof()
    assert not proof.ok
    assert "L1-A-1" in proof.sentence


def test_a_subtree_filter_uses_the_index_on_both_databases():
    """The actor's own condition, on enough rows, with fresh statistics: an index range, never a scan."""
    rows, position = [], 0
    for top in range(40):
        root = Unit(code=f"E{top}", name="党委", kind="committee", position=top, path=child("", top))
        rows.append(root)
        for position in range(150):
            path = child(root.path, position)
            rows.append(
                Unit(code=f"E{top}-{position}", name="支部", kind="branch", parent=root, position=position, path=path)
            )
    Unit.objects.bulk_create(rows)
    actor = Actor(user_id=None, name="甲", grants={"units.view": (child("", 7),)})
    narrowed = Unit.objects.visible_to(actor, "units.view")
    assert narrowed.count() == 151
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    for query in (narrowed.order_by("path")[:50], narrowed.values("pk")):
        plan = query.explain()
        if connection.vendor == "postgresql":
            assert "Index" in plan, plan
            assert "Seq Scan" not in plan, plan
        else:
            assert "SEARCH units_unit USING" in plan, plan
            assert "SCAN" not in plan, plan
            assert "TEMP B-TREE" not in plan, plan


def test_future_grants_do_not_count_today(brigade):
    user = hold(brigade.a1, "branch_secretary", since=date(2026, 12, 1))
    assert act(user).grants == {}
    assert access_of(act(user), user.pk).later[0].since == date(2026, 12, 1)
    with clock.set_to(date(2026, 12, 1)):
        assert act(user).holds("members.manage")


def test_sites_show_units_of_the_reach_only(brigade):
    site = SiteFactory()
    Unit.objects.filter(pk__in=[brigade.a1.pk, brigade.b1.pk]).update(site=site)
    assert sites(acting(brigade.a, "inspector")).get(pk=site.pk).unit_count == 1
    assert list(sites(Actor.nobody())) == []
