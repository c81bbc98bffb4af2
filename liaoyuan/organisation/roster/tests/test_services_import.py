"""Importing: what is written, what is not, and by whom. Two battalions side by side."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from liaoyuan.foundation.accounts.hashers import initial_code
from liaoyuan.foundation.accounts.models import User
from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import DomainError, NotPermitted
from liaoyuan.kernel.scoping import Actor, actor_for
from liaoyuan.organisation.chronicle import milestones
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.chronicle.services import people_follow, standings_begin
from liaoyuan.organisation.members.models import Membership, Person, Standing, Tenure
from liaoyuan.organisation.roster.plan import Plan
from liaoyuan.organisation.roster.services import apply, import_workbook, look_at
from liaoyuan.organisation.roster.tests.factories import (
    BRIGADE,
    HEADS,
    TODAY,
    person,
    two_battalions,
    unit,
    workbook,
)
from liaoyuan.organisation.units.models import Grant, Site, Unit, UnitChange
from liaoyuan.organisation.units.services import tree_problems
from liaoyuan.organisation.whereabouts.models import Posting, Presence
from liaoyuan.organisation.whereabouts.services.presence import presence_differences

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("测试")
TABLES = (Unit, Person, Standing, Membership, Tenure, Grant, Posting, Presence, User, Site)
Rows = dict[str, list[dict[str, Any]]]


def run(rows: Rows | bytes, *, actor: Actor = SYSTEM, heads: dict[str, list[str]] | None = None) -> Any:
    data = rows if isinstance(rows, bytes) else workbook(rows, heads)
    return import_workbook(data, actor=actor, label="测试.xlsx")


def counts() -> list[int]:
    return [table._base_manager.count() for table in TABLES]


def kinds(outcome: Any) -> set[tuple[str, int, str]]:
    return {(one.sheet, one.row, one.kind) for one in outcome.checked.problems}


def somebody(number: str) -> Person:
    return Person.objects.unscoped("test").get(number=number)


def numbers(plan: Plan) -> dict[str, tuple[int, int, int, int]]:
    return {key: (len(part.created), len(part.changed), part.same, part.absent) for key, part in plan.sections}


@pytest.fixture
def imported() -> Rows:
    rows = two_battalions()
    assert run(rows).written
    return rows


def test_a_first_import_writes_every_row_with_what_follows_from_it(imported: Rows) -> None:
    assert counts() == [7, 4, 12, 4, 2, 2, 2, 4, 4, 2]
    secretary = somebody("P0010")
    assert (secretary.name, secretary.pinyin[:4], secretary.standing) == ("王二平", "wang", "full")
    assert secretary.id_number == imported["人员"][0]["身份证号"]
    assert (secretary.joined_on, secretary.full_since) == (date(2012, 1, 10), date(2013, 1, 10))
    assert secretary.dues_base == 1070050
    assert secretary.group.code == "L-A-1-X"
    assert secretary.home_path == secretary.group.path
    steps = list(secretary.standings.order_by("since").values_list("kind", "since", "until"))
    assert steps[0] == ("applicant", date(2010, 1, 5), date(2010, 6, 1))
    assert steps[-1] == ("full", date(2013, 1, 10), None)
    grant = Grant.objects.unscoped("test").get(user=secretary.user)
    assert (grant.role.code, grant.unit.code, grant.since) == ("branch_secretary", "L-A-1", date(2024, 8, 4))
    assert "未载明调入日期" in secretary.memberships.get().reason
    assert tree_problems() == []
    assert presence_differences() == (4, 0)


def test_every_account_gets_an_initial_code_and_must_change_it(imported: Rows) -> None:
    user = User.objects.get(username="u0010")
    assert user.must_change_password
    assert user.check_password(initial_code(user.password))
    assert user.display_name == "王二平"


def test_who_is_away_is_shown_there_and_who_is_not_at_home(imported: Rows) -> None:
    away, home = somebody("P0011"), somebody("P0010")
    assert (away.presence.kind, away.presence.site.name, away.presence.purpose.name) == ("posting", "乙驻训点", "驻训")
    assert (home.presence.kind, home.presence.site.name) == ("home", "甲营区")


def test_an_attachment_follows_the_posting() -> None:
    rows = two_battalions()
    rows["组织"].append(
        unit("L-T", "集训队临时党支部", "临时党支部", "L", 批准组织编码="L", 任务名称="集训",
             计划撤销日期=date(2026, 12, 31), 成立日期=date(2026, 9, 1))
    )  # fmt: skip
    rows["外出"][0]["挂靠组织编码"] = "L-T"
    assert run(rows).written
    away = somebody("P0011")
    assert (away.attached_unit.code, away.attached_path) == ("L-T", away.attached_unit.path)
    attached = away.memberships.get(kind="attached")
    assert (attached.since, attached.until, attached.source) == (date(2026, 10, 1), None, "whereabouts.posting")
    rows["外出"][0]["实际结束日期"] = date(2026, 11, 20)
    assert run(rows).written
    away.refresh_from_db()
    attached.refresh_from_db()
    assert away.attached_unit is None
    assert attached.until == date(2026, 11, 20)
    assert away.presence.kind == "home"
    assert presence_differences() == (4, 0)


def test_the_same_file_twice_changes_nothing(imported: Rows) -> None:
    before, trail = counts(), AuditEntry.objects.count()
    outcome = run(imported)
    assert outcome.plan.empty
    assert not outcome.written
    assert numbers(outcome.plan) == {
        "units": (0, 0, 7, 0), "people": (0, 0, 4, 0), "tenures": (0, 0, 2, 0), "postings": (0, 0, 2, 0),
    }  # fmt: skip
    assert counts() == before
    assert AuditEntry.objects.count() == trail


def test_the_brigade_twice_changes_nothing() -> None:
    assert run(BRIGADE.read_bytes()).written
    before = counts()
    again = run(BRIGADE.read_bytes())
    assert again.plan.empty
    assert counts() == before
    assert tree_problems() == []
    assert presence_differences() == (1260, 0)


def test_a_changed_file_updates_by_number_and_leaves_the_others_alone(imported: Rows) -> None:
    rows = two_battalions()
    line = rows["人员"][0]
    line.update(职务="副连长", 联系电话="19900001111", 姓名="王改名", 月党费基数=12000)
    outcome = run({"人员": [line]})
    assert numbers(outcome.plan)["people"] == (0, 1, 0, 3)
    changed = somebody("P0010")
    assert (changed.position, changed.phone, changed.name) == ("副连长", "19900001111", "王改名")
    assert (changed.pinyin, changed.dues_base, changed.user.display_name) == ("wanggaiming", 1200000, "王改名")
    other = somebody("P0020")
    assert (other.position, other.name) == ("排长", "王三平")


def test_columns_the_file_lacks_keep_their_values_and_empty_cells_empty_them(imported: Rows) -> None:
    heads = {"人员": ["人员编号", "职务", "学历"]}
    assert run({"人员": [{"人员编号": "P0010", "职务": None, "学历": "硕士研究生"}]}, heads=heads).written
    changed = somebody("P0010")
    assert (changed.position, changed.education, changed.name) == ("", "14", "王二平")


def test_a_move_to_another_branch_ends_one_membership_and_begins_another(imported: Rows) -> None:
    rows = two_battalions()
    rows["人员"][1]["所在党支部编码"] = "L-B-1"
    assert run(rows).written
    moved = somebody("P0011")
    spans = list(moved.memberships.order_by("since").values_list("unit__code", "since", "until"))
    assert [(code, until) for code, _, until in spans] == [("L-A-1", TODAY), ("L-B-1", None)]
    assert spans[1][1] == TODAY
    assert moved.home_path == moved.unit.path
    assert presence_differences() == (4, 0)


def test_a_new_standing_extends_the_history(imported: Rows) -> None:
    rows = two_battalions()
    rows["人员"][1].update(政治面貌="入党申请人", 入党申请日期=date(2026, 11, 2))
    assert run(rows).written
    applicant = somebody("P0011")
    assert applicant.standing == "applicant"
    assert list(applicant.standings.values_list("kind", "since", "until")) == [("applicant", date(2026, 11, 2), None)]


def test_an_ended_post_ends_its_grant(imported: Rows) -> None:
    rows = two_battalions()
    rows["任职"][0]["免职日期"] = date(2026, 11, 1)
    assert run(rows).written
    tenure = Tenure.objects.get(person__number="P0010")
    assert tenure.until == date(2026, 11, 1)
    assert Grant.objects.unscoped("test").get(source_id=tenure.pk).until == date(2026, 11, 1)
    assert Tenure.objects.get(person__number="P0020").until is None


def test_units_are_renamed_moved_and_dissolved(imported: Rows) -> None:
    rows = two_battalions()
    rows["组织"].append(unit("L-C", "C营党委", "党委", "L"))
    assert run(rows).written
    rows = two_battalions()
    rows["组织"].append(unit("L-C", "C营党委", "党委", "L", 撤销日期=date(2026, 11, 20)))
    rows["组织"][2].update(组织名称="甲连党支部", 上级组织编码="L-B")
    assert run(rows).written
    moved = Unit.objects.unscoped("test").get(code="L-A-1")
    assert (moved.name, moved.parent.code) == ("甲连党支部", "L-B")
    assert somebody("P0010").home_path.startswith(moved.path)
    assert Unit.objects.unscoped("test").get(code="L-C").dissolved_on == date(2026, 11, 20)
    assert tree_problems() == []
    assert presence_differences() == (4, 0)
    assert run(rows).plan.empty


def test_a_place_that_moved_takes_everybody_along(imported: Rows) -> None:
    rows = two_battalions()
    for line in rows["组织"]:
        line["经度"] = 118.5
    outcome = run(rows)
    assert outcome.plan.moved == {"甲营区": (117.4, 32.9)}
    assert somebody("P0010").presence.lon == 118.5
    assert presence_differences() == (4, 0)


def test_nothing_is_written_where_one_cell_is_wrong() -> None:
    rows = two_battalions()
    rows["人员"][3]["民族"] = "火星族"
    before = counts()
    outcome = run(rows)
    assert outcome.plan is None
    assert kinds(outcome) == {("人员", 5, "ethnicity_unknown")}
    assert counts() == before


def test_all_or_nothing_when_the_database_refuses_in_the_middle(monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*args: Any, **kwargs: Any) -> None:
        raise IntegrityError("the disk is full")

    before = counts()
    monkeypatch.setattr(apply, "postings_create", break_down)
    with pytest.raises(IntegrityError):
        run(two_battalions())
    assert counts() == before
    assert UnitChange.objects.count() == 0


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda rows: rows["人员"][2].update(身份证号=two_battalions()["人员"][0]["身份证号"]), "id_taken"),
        (lambda rows: rows["人员"][2].update(登录账号="u0010"), "account_taken"),
    ],
)
def test_what_another_person_has_is_refused(imported: Rows, change: Callable[[Rows], None], kind: str) -> None:
    rows = two_battalions()
    change(rows)
    rows["人员"] = rows["人员"][2:3]
    outcome = run({"人员": rows["人员"]})
    assert kind in {item[2] for item in kinds(outcome)}
    assert outcome.plan is None


def test_an_account_cannot_be_taken_over_or_renamed(imported: Rows) -> None:
    rows = two_battalions()
    rows["人员"][0]["登录账号"] = "newname"
    assert ("人员", 2, "account_changed") in kinds(run(rows))
    User.objects.create_user("sysadmin", display_name="系统管理员", admin_kind="system")
    rows["人员"][0]["登录账号"] = "sysadmin"
    assert ("人员", 2, "account_taken") in kinds(run(rows))


def test_an_empty_account_cell_takes_nothing_away_and_a_new_one_gives_the_post_s_grant() -> None:
    rows = two_battalions()
    rows["人员"][0]["登录账号"] = None
    assert run(rows).written
    assert Grant.objects.unscoped("test").filter(unit__code="L-A-1").count() == 0
    rows["人员"][0]["登录账号"] = "U0010"
    assert run(rows).written
    assert Grant.objects.unscoped("test").get(unit__code="L-A-1").user.username == "u0010"
    rows["人员"][0]["登录账号"] = None
    assert run(rows).plan.empty
    assert somebody("P0010").user.username == "u0010"


def test_overlaps_with_what_is_recorded_are_refused(imported: Rows) -> None:
    rows = two_battalions()
    trip = {**rows["外出"][0], "开始日期": date(2026, 11, 5), "事由": "休假"}
    assert ("外出", 2, "posting_overlap_recorded") in kinds(run({"外出": [trip]}))
    post = {**rows["任职"][0], "任职日期": date(2025, 1, 1)}
    assert ("任职", 2, "tenure_overlap_recorded") in kinds(run({"任职": [post]}))


def test_who_has_left_is_not_changed_by_a_file(imported: Rows) -> None:
    Person.objects.unscoped("test").filter(number="P0011").update(active=False, left_on=TODAY)
    rows = two_battalions()
    rows["人员"][1]["职务"] = "班长"
    assert ("人员", 3, "person_left") in kinds(run(rows))


@pytest.fixture
def clerk_of_a(imported: Rows) -> Actor:
    """Battalion A's clerk: roster.import over L-A and nothing else."""
    rows = two_battalions()
    rows["任职"].append({"人员编号": "P0010", "组织编码": "L-A", "职务": "组织干事", "任职日期": date(2025, 1, 1)})
    assert run(rows).written
    return actor_for(somebody("P0010").user, via="web")


def test_a_clerk_imports_in_the_own_battalion(clerk_of_a: Actor) -> None:
    new = person(15, "L-A-1", "群众")
    assert run({"人员": [new]}, actor=clerk_of_a).written
    assert somebody("P0015").unit.code == "L-A-1"


@pytest.mark.parametrize(
    "rows",
    [
        {"人员": [person(25, "L-B-1", "群众")]},
        {"人员": [{**two_battalions()["人员"][3], "职务": "班长"}]},
        {"人员": [{**two_battalions()["人员"][3], "所在党支部编码": "L-A-1"}]},
        {"人员": [{**two_battalions()["人员"][1], "所在党支部编码": "L-B-1"}]},
        {"组织": [unit("L-B-2", "B营二连党支部", "党支部", "L-B", 批准组织编码="L")]},
        {"组织": [{**two_battalions()["组织"][4], "组织名称": "改名"}]},
        {"组织": [unit("M", "另一个旅党委", "党委")]},
        {"任职": [{"人员编号": "P0020", "组织编码": "L-B-1", "职务": "副书记", "任职日期": date(2025, 1, 1)}]},
        {"任职": [{"人员编号": "P0010", "组织编码": "L-B-1", "职务": "副书记", "任职日期": date(2025, 1, 1)}]},
        {"外出": [{"人员编号": "P0020", "事由": "休假", "地点名称": "乙驻训点", "开始日期": date(2026, 11, 1)}]},
    ],
    ids=lambda rows: next(iter(rows)),
)
def test_a_clerk_cannot_touch_the_battalion_beside(clerk_of_a: Actor, rows: Rows) -> None:
    before = counts()
    outcome = run(rows, actor=clerk_of_a)
    assert "out_of_reach" in {item[2] for item in kinds(outcome)}
    assert not outcome.written
    assert counts() == before


def test_nobody_keeps_his_own_standing_branch_or_posts_by_a_file(clerk_of_a: Actor) -> None:
    rows = two_battalions()
    own = {"人员": [{**rows["人员"][0], "党小组编码": None}]}
    assert ("人员", 2, "own_record") in kinds(run(own, actor=clerk_of_a))
    post = {"任职": [{"人员编号": "P0010", "组织编码": "L-A-1", "职务": "宣传委员", "任职日期": date(2025, 1, 1)}]}
    assert ("任职", 2, "own_record") in kinds(run(post, actor=clerk_of_a))
    phone = {"人员": [{**rows["人员"][0], "联系电话": "19911112222"}]}
    assert run(phone, actor=clerk_of_a).written


def test_without_the_capability_nothing_is_even_looked_at(imported: Rows) -> None:
    secretary = actor_for(somebody("P0010").user, via="web")
    with pytest.raises(NotPermitted):
        look_at(workbook(two_battalions()), actor=secretary)


def test_a_post_cannot_give_more_than_the_importer_holds(clerk_of_a: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any) -> None:
        raise NotPermitted("谁也不能授出自己没有的权限。")

    monkeypatch.setattr(apply, "assert_may_give", refuse)
    new = person(16, "L-A-1")
    post = {"人员编号": "P0016", "组织编码": "L-A-1", "职务": "副书记", "任职日期": date(2025, 1, 1)}
    before = counts()
    with pytest.raises(DomainError):
        run({"人员": [new], "任职": [post]}, actor=clerk_of_a)
    assert counts() == before


def test_an_import_is_in_the_trail_without_any_secret(imported: Rows) -> None:
    entry = AuditEntry.objects.get(action="roster.import")
    assert entry.detail["people"] == {"created": 4, "changed": 0}
    assert imported["人员"][0]["身份证号"] not in str(entry.detail)


def test_future_postings_wait_for_their_day() -> None:
    rows = two_battalions()
    rows["外出"][0].update(开始日期=TODAY + timedelta(5), 预计结束日期=TODAY + timedelta(20))
    assert run(rows).written
    away = somebody("P0011")
    assert away.presence.kind == "home"
    assert away.attached_unit is None


def test_the_heads_of_the_tests_are_those_of_the_layout() -> None:
    from liaoyuan.organisation.roster.layout import LAYOUTS

    assert {layout.title: [column.title for column in layout.columns] for layout in LAYOUTS} == HEADS


def test_many_newcomers_are_told_to_the_chronicle_by_one_statement_as_few_are_one_by_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(apply, "MANY", 0)
    assert run(two_battalions()).written
    told = Fact.objects.unscoped("test").filter(source_app="members", kind__in=milestones.STANDINGS)
    standing = Standing.objects.filter(kind__in=milestones.OF_STANDING, since__isnull=False, since__lte=TODAY)
    assert told.count() == standing.filter(person__unit__isnull=False).count() > 0
    # What compares every row with every fact finds nothing to add, to correct or to withdraw.
    assert people_follow(actor=SYSTEM) == 0
    assert standings_begin(actor=SYSTEM, since=clock.now() - timedelta(days=1)) == 0
