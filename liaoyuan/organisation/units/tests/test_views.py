"""The pages: who gets what, errors at the field, nothing without a reason; a constant number of queries."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.kernel.ids import new_id
from liaoyuan.organisation.units import registry
from liaoyuan.organisation.units.models import Grant, GrantSource, Site, Unit
from liaoyuan.organisation.units.registry import UnitPerson, UnitTab
from liaoyuan.organisation.units.tests.factories import SiteFactory, UnitFactory, UserFactory, brigade, hold

pytestmark = pytest.mark.django_db
UNIT_ROUTES = [
    "detail",
    "create",
    "edit",
    "order",
    "move",
    "split",
    "merge",
    "dissolve",
    "grants",
    "grant_give",
    "delegate",
]


@pytest.fixture
def tree(monkeypatch):
    monkeypatch.setattr(registry, "_occupancy", [])
    monkeypatch.setattr(registry, "_tabs", {})
    return brigade()


def login(user) -> Client:
    client = Client()
    client.force_login(user, backend="liaoyuan.foundation.accounts.backends.AccountBackend")
    return client


def as_(unit, role) -> Client:
    return login(hold(unit, role))


def page(client, route, *args, **query):
    return client.get(reverse(f"units:{route}", args=args), query)


def text(response):
    return response.content.decode()


def test_strangers_are_sent_to_log_in(tree):
    for route, args in (("tree", []), ("detail", [tree.a.pk]), ("my_access", []), ("sites", []), ("roles", [])):
        assert Client().get(reverse(f"units:{route}", args=args)).status_code == 302


@pytest.mark.parametrize("route", UNIT_ROUTES)
def test_a_neighbours_unit_does_not_exist(tree, route):
    assert page(as_(tree.b, "organisation_clerk"), route, tree.a1.pk).status_code == 404


@pytest.mark.parametrize("route", UNIT_ROUTES)
def test_the_clerk_opens_every_page_of_a_unit(tree, route):
    response = page(as_(tree.top, "organisation_clerk"), route, tree.a1.pk)
    assert response.status_code == 200
    assert "合成一营一连党支部" in text(response)


@pytest.mark.parametrize("route", [route for route in UNIT_ROUTES if route != "detail"])
def test_an_officer_gets_the_reason_not_the_form(tree, route):
    response = page(as_(tree.a1, "branch_officer"), route, tree.a1.pk)
    assert response.status_code == 403
    assert "权限" in text(response) or "上级党组织决定" in text(response) or "职权" in text(response)


def test_whoever_belongs_nowhere_gets_the_reason(tree):
    response = page(login(UserFactory()), "tree")
    assert response.status_code == 403
    assert "还没有可以查看的组织" in text(response)


def test_the_tree_page_and_its_fragment_come_from_one_part(tree):
    client = as_(tree.top, "organisation_clerk")
    whole = client.get(reverse("units:tree"))
    part = client.get(reverse("units:tree"), {"open": "L1-A"}, headers={"HX-Request": "true"})
    assert "<html" in text(whole)
    assert "<html" not in text(part)
    assert "合成一营一连党支部" in text(part)
    assert f'data-move="{reverse("units:move", args=[tree.a1.pk])}"' in text(part)


def test_only_what_the_actor_may_move_is_draggable(tree):
    content = text(as_(tree.a, "organisation_clerk").get(reverse("units:tree")))
    assert reverse("units:move", args=[tree.a1.pk]) in content
    assert reverse("units:move", args=[tree.a.pk]) not in content
    assert "data-move" not in text(as_(tree.a, "inspector").get(reverse("units:tree")))


def test_names_are_escaped(tree):
    Unit.objects.filter(pk=tree.a1.pk).update(name="<script>alert(1)</script>", host_body="<b>")
    client = as_(tree.top, "organisation_clerk")
    for response in (page(client, "detail", tree.a1.pk), page(client, "tree", q="script")):
        assert "<script>alert" not in text(response)
        assert "&lt;script&gt;" in text(response)


def test_a_branch_is_founded_from_the_form(tree):
    client = as_(tree.a, "organisation_clerk")
    data = {"code": "L1-A-3", "name": "合成一营三连党支部", "kind": "branch", "reason": "旅批〔2026〕1号"}
    response = client.post(reverse("units:create", args=[tree.a.pk]), data)
    unit = Unit.objects.get(code="L1-A-3")
    assert response.headers["Location"] == reverse("units:detail", args=[unit.pk])
    assert unit.path == tree.a.path + "0002"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"code": "L1-B"}, "已被使用"),
        ({"code": "坏 码"}, "组织编码只能由"),
        ({"name": ""}, "必填"),
        ({"kind": "group"}, "选"),
        ({"founded_on": "2099-01-01"}, "还没有到"),
        ({"founded_on": "0001-01-01"}, "1900 年至 2100 年"),
        ({"elected_on": "0026-11-24"}, "1900 年至 2100 年"),
        ({"kind": "temporary_branch", "founded_on": "2026-01-01", "planned_end_on": "9999-12-31"}, "1900 年至 2100 年"),
        ({"founded_on": "昨天"}, "日期"),
        ({"kind": "temporary_branch"}, "须经上级党组织批准"),
        ({"reason": ""}, "必填"),
    ],
)
def test_a_refused_form_says_why_at_the_field_and_writes_nothing(tree, change, words):
    count = Unit.objects.count()
    data = {"code": "L1-A-3", "name": "合成一营三连党支部", "kind": "branch", "reason": "旅批〔2026〕1号", **change}
    response = as_(tree.a, "organisation_clerk").post(reverse("units:create", args=[tree.a.pk]), data)
    assert response.status_code == 200
    assert words in text(response)
    assert Unit.objects.count() == count


def test_an_edit_saves_and_an_outdated_one_is_refused(tree):
    client = as_(tree.a, "organisation_clerk")
    address = reverse("units:edit", args=[tree.a1.pk])
    form = client.get(address).context["form"]
    data = {name: "" if value is None else value for name, value in form.initial.items()}
    data |= {"name": "合成一营尖刀连党支部", "reason": "更名", "on": "2026-11-22", "can_approve_members": ""}
    assert client.post(address, data).status_code == 302
    assert Unit.objects.get(pk=tree.a1.pk).name == "合成一营尖刀连党支部"
    refused = client.post(address, {**data, "name": "另一个名字党支部"})
    assert "刚被他人修改过" in text(refused)
    assert Unit.objects.get(pk=tree.a1.pk).name == "合成一营尖刀连党支部"


def test_a_move_is_previewed_before_it_is_confirmed(tree):
    hold(tree.b, "committee_secretary", user=UserFactory(display_name="何向东"))
    client = as_(tree.top, "organisation_clerk")
    address = reverse("units:move", args=[tree.a1.pk]) + f"?to={tree.b.pk}"
    shown = text(client.get(address))
    assert "把“合成一营一连党支部”移到“合成二营党委”" in shown
    assert "何向东" in shown
    assert Unit.objects.get(pk=tree.a1.pk).parent_id == tree.a.pk
    data = {"on": "2026-11-22", "reason": "调整编组", "expected_path": tree.a1.path}
    assert client.post(address, {**data, "reason": ""}).status_code == 200
    assert "刚被他人改变" in text(client.post(address, {**data, "expected_path": "0000"}))
    assert Unit.objects.get(pk=tree.a1.pk).parent_id == tree.a.pk
    assert client.post(address, data).status_code == 302
    assert Unit.objects.get(pk=tree.a1.pk).path == tree.b.path + "0002"


@pytest.mark.parametrize("query", ["to=", "to=nonsense", "before=1", "to=%00"])
def test_a_move_without_a_readable_target_asks_for_one(tree, query):
    response = as_(tree.top, "organisation_clerk").get(reverse("units:move", args=[tree.a1.pk]) + "?" + query)
    assert response.status_code == 200
    assert "看看影响" in text(response)


def test_a_preview_of_a_forbidden_move_says_why_and_offers_no_button(tree):
    client = as_(tree.top, "organisation_clerk")
    address = reverse("units:move", args=[tree.a1.pk]) + f"?to={tree.b1.pk}"
    assert "不能设在" in text(client.get(address))
    assert "确认移动" not in text(client.get(address))
    client.post(address, {"on": "2026-11-22", "reason": "硬来", "expected_path": tree.a1.path})
    assert Unit.objects.get(pk=tree.a1.pk).parent_id == tree.a.pk


def test_dropping_where_one_may_not_manage_is_refused(tree):
    client = as_(tree.a, "organisation_clerk")
    hold(tree.b, "inspector", user=Grant.objects.get(unit=tree.a).user)
    assert page(client, "move", tree.a1.pk, to=tree.b.pk).status_code == 403


def test_children_are_put_into_order(tree):
    client = as_(tree.a, "organisation_clerk")
    client.post(reverse("units:order", args=[tree.a.pk]), {f"place-{tree.a2.pk}": "0", f"place-{tree.a1.pk}": "x"})
    assert [unit.code for unit in Unit.objects.filter(parent=tree.a).order_by("path")] == ["L1-A-2", "L1-A-1"]


def test_split_merge_and_dissolve_from_their_forms(tree, monkeypatch):
    monkeypatch.setattr(registry, "_people", [])
    client = as_(tree.a, "organisation_clerk")
    split = {
        "code": "L1-A-9",
        "name": "侦察排党支部",
        "on": "2026-11-22",
        "reason": "人多",
        "child_ids": [tree.a1x2.pk],
    }
    assert client.post(reverse("units:split", args=[tree.a1.pk]), split).status_code == 302
    new = Unit.objects.get(code="L1-A-9")
    assert Unit.objects.get(pk=tree.a1x2.pk).parent_id == new.pk
    confirm = {"on": "2026-11-22", "reason": "撤编"}
    refused = client.post(reverse("units:dissolve", args=[new.pk]), confirm)
    assert "下面还有 1 个组织" in text(refused)
    merged = client.post(reverse("units:merge", args=[new.pk]), {**confirm, "target": tree.a1.pk})
    assert merged.headers["Location"] == reverse("units:detail", args=[tree.a1.pk])
    assert Unit.objects.get(pk=new.pk).dissolved_on == date(2026, 11, 22)
    assert client.post(reverse("units:dissolve", args=[tree.a1x1.pk]), confirm).status_code == 302
    assert "已于 2026-11-22 撤销" in text(page(client, "detail", tree.a1x1.pk))


def test_a_merge_offers_only_what_fits_and_is_ones_own(tree):
    form = page(as_(tree.a, "organisation_clerk"), "merge", tree.a1.pk).context["form"]
    assert [unit.code for unit in form.fields["target"].queryset] == ["L1-A-2"]


def test_grants_are_given_delegated_and_taken_back_on_pages(tree, monkeypatch):
    person = UserFactory(username="dy1", display_name="程远航")
    monkeypatch.setattr(registry, "_people", [lambda actor, unit: [UnitPerson(new_id(), "程远航", user_id=person.pk)]])
    client = as_(tree.a, "organisation_clerk")
    give = reverse("units:grant_give", args=[tree.a1.pk])
    role = client.get(give).context["form"].fields["role"].queryset.get(code="group_leader")
    data = {"role": role.pk, "since": "2026-11-22", "until": "", "reason": "指定"}
    for wrong in ({}, {"user": "nobody"}, {"user": "dy1", "person": str(person.pk)}, {"person": str(new_id())}):
        assert client.post(give, {**data, **wrong}).status_code == 200
    assert not Grant.objects.filter(user=person).exists()
    assert client.post(give, {**data, "person": str(person.pk)}).status_code == 302
    grant = Grant.objects.get(user=person)
    assert "程远航" in text(page(client, "grants", tree.a1.pk))
    assert "程远航" in text(page(client, "grant_end", grant.pk))
    end = reverse("units:grant_end", args=[grant.pk])
    assert "必填" in text(client.post(end, {"reason": ""}))
    assert client.post(end, {"reason": "完成"}).status_code == 302
    assert "程远航" not in text(page(client, "grants", tree.a1.pk))
    assert "程远航" in text(page(client, "grants", tree.a1.pk, past=1))


def test_a_secretary_delegates_and_sees_it_under_my_access(tree):
    UserFactory(username="dy2", display_name="程远航")
    client = as_(tree.a1, "branch_secretary")
    address = reverse("units:delegate", args=[tree.a1.pk])
    role = client.get(address).context["form"].fields["role"].queryset.get(code="branch_officer")
    data = {"user": "dy2", "role": role.pk, "since": "2026-11-22", "reason": "外出学习"}
    assert "必填" in text(client.post(address, {**data, "until": ""}))
    assert "最长 366 天" in text(client.post(address, {**data, "until": "2028-01-01"}))
    assert client.post(address, {**data, "until": "2026-12-31"}).status_code == 302
    assert "我委托出去的" in text(page(client, "my_access"))
    delegated = Grant.objects.get(source=GrantSource.DELEGATION)
    other = as_(tree.b1, "branch_secretary")
    assert page(other, "grant_end", delegated.pk).status_code == 404


def test_looking_at_anothers_access_is_written_down(tree):
    user = hold(tree.a1, "branch_secretary")
    client = as_(tree.a, "inspector")
    assert "能做什么、在哪里、为什么" in text(page(client, "access", user.pk))
    assert AuditEntry.objects.filter(action="units.view_access", object_id=str(user.pk)).count() == 1
    assert page(as_(tree.b, "inspector"), "access", user.pk).status_code == 404
    assert page(as_(tree.a1, "branch_officer"), "access", user.pk).status_code == 403
    assert page(as_(tree.b1, "branch_officer"), "access", user.pk).status_code == 404


def test_sites_are_kept_by_managers_and_seen_by_all(tree):
    site = SiteFactory(name="皖东·滁州营区")
    clerk, officer = as_(tree.a, "organisation_clerk"), as_(tree.a1, "branch_officer")
    assert "皖东·滁州营区" in text(page(officer, "sites"))
    assert page(officer, "site_create").status_code == 403
    assert page(officer, "site_edit", site.pk).status_code == 403
    assert officer.post(reverse("units:site_switch", args=[site.pk])).status_code == 403
    for wrong in (
        {"lon": "181"},
        {"lat": "-91"},
        {"lon": "东"},
        {"name": "皖东·滁州营区"},
        {"name": "=A1"},
        {"lon": "nan"},
    ):
        data = {"name": "新点位", "lon": "117.4", "lat": "32.9", **wrong}
        assert clerk.post(reverse("units:site_create"), data).status_code == 200
    assert Site.objects.count() == 1
    assert (
        clerk.post(reverse("units:site_create"), {"name": "新点位", "lon": "117.4", "lat": "32.9"}).status_code == 302
    )
    edited = {"name": "滁州营区", "lon": "118.3", "lat": "32.3"}
    assert clerk.post(reverse("units:site_edit", args=[site.pk]), edited).status_code == 302
    Unit.objects.filter(pk=tree.a1.pk).update(site=site)
    clerk.post(reverse("units:site_switch", args=[site.pk]))
    assert Site.objects.get(pk=site.pk).active
    Unit.objects.filter(pk=tree.a1.pk).update(site=None)
    clerk.post(reverse("units:site_switch", args=[site.pk]))
    assert not Site.objects.get(pk=site.pk).active
    assert "滁州营区" in text(page(clerk, "site_edit", site.pk))


@pytest.mark.parametrize("on", ["", "2026-01-01", "2999-01-01", "昨天", "2026-13-01", "x" * 500])
def test_the_past_page_takes_any_day(tree, on):
    response = page(as_(tree.top, "inspector"), "past", on=on)
    assert response.status_code == 200
    assert "合成一营党委" in text(response)


def test_a_tab_of_another_app_is_shown_at_its_own_address(tree):
    registry.add_unit_tab(UnitTab("none", "没有", "units/roles.html", 1, lambda actor, unit: None))
    registry.add_unit_tab(
        UnitTab(
            "extra",
            "附加页",
            "ui/_empty.html",
            2,
            lambda actor, unit: {"title": f"附加于{unit.code}", "picture": "key"},
        )
    )
    client = as_(tree.top, "inspector")
    assert "附加页" in text(page(client, "detail", tree.a1.pk))
    assert "没有</a>" not in text(page(client, "detail", tree.a1.pk))
    assert "附加于L1-A-1" in text(page(client, "detail", tree.a1.pk, tab="extra"))
    assert page(client, "detail", tree.a1.pk, tab="?").status_code == 200


def test_roles_are_told_in_words(tree):
    shown = text(page(login(UserFactory()), "roles"))
    assert "维护组织：设立、调整、撤销" in shown
    assert "units.manage" not in shown


@pytest.mark.parametrize(("route", "args"), [("tree", []), ("detail", ["a"]), ("past", []), ("grants", ["a"])])
def test_pages_cost_the_same_number_of_queries_however_many_units(tree, route, args, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = as_(tree.top, "organisation_clerk")
    ids = [getattr(tree, name).pk for name in args]
    page(client, route, *ids)
    with CaptureQueriesContext(
        connection,
    ) as few:
        page(client, route, *ids)
    for number in range(15):
        unit = UnitFactory(code=f"MORE{number}", parent=tree.a)
        hold(unit, "branch_secretary")
        hold(tree.a, "committee_member")
    with CaptureQueriesContext(connection) as many:
        page(client, route, *ids)
    assert len(many) == len(few), "\n".join(query["sql"][:200] for query in many)
