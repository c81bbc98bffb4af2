"""What a clerk of one battalion reads in the answers to his file: nothing about the battalion beside."""

from datetime import date, timedelta
from typing import Any

import pytest

from liaoyuan.foundation.accounts.models import User
from liaoyuan.kernel.scoping import Actor, actor_for
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.roster.messages import Problem
from liaoyuan.organisation.roster.services import import_workbook, look_at
from liaoyuan.organisation.roster.tests.factories import HEADS, TODAY, id_number, person, two_battalions, unit, workbook
from liaoyuan.organisation.units.models import Unit

pytestmark = pytest.mark.django_db
Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture
def clerk_of_a() -> Actor:
    rows = two_battalions()
    rows["任职"].append({"人员编号": "P0010", "组织编码": "L-A", "职务": "组织干事", "任职日期": date(2025, 1, 1)})
    rows["人员"].append(person(22, "L-B-1", "入党申请人", 登录账号="zhang.b"))
    assert import_workbook(workbook(rows), actor=Actor.system("测试"), label="x").written
    return actor_for(Person.objects.unscoped("test").get(number="P0010").user, via="web")


def answer(rows: Rows, actor: Actor) -> list[Problem]:
    return look_at(workbook(rows), actor=actor).checked.problems


def only(rows: Rows, actor: Actor) -> Problem:
    (found,) = answer(rows, actor)
    return found


def test_another_s_id_number_is_refused_without_saying_whose(clerk_of_a: Actor) -> None:
    new = person(15, "L-A-1", "群众", 身份证号=id_number(20))
    found = only({"人员": [new]}, clerk_of_a)
    assert (found.column, found.kind, found.severity) == ("身份证号", "id_taken", "error")
    assert found.message == (
        "这个身份证号在平台上已登记在另一人名下。请对照证件核对；确属同一人的，请联系上级组织干事。"
    )


def test_an_id_number_in_reach_still_names_its_owner(clerk_of_a: Actor) -> None:
    new = person(15, "L-A-1", "群众", 身份证号=id_number(11))
    assert "P0011" in only({"人员": [new]}, clerk_of_a).message
    everywhere = Actor.system("测试")
    new = person(15, "L-A-1", "群众", 身份证号=id_number(20))
    assert "P0020" in only({"人员": [new]}, everywhere).message


@pytest.mark.parametrize("account", ["zhang.b", "nobody.b"])
def test_another_s_account_is_refused_without_saying_whose(clerk_of_a: Actor, account: str) -> None:
    User.objects.create(username="nobody.b", display_name="系统管理员", password="!")
    found = only({"人员": [person(15, "L-A-1", "群众", 登录账号=account)]}, clerk_of_a)
    assert (found.column, found.kind) == ("登录账号", "account_taken")
    assert found.message == f"登录账号 {account} 已被使用。请换一个账号。"


def test_an_account_in_reach_still_names_its_owner(clerk_of_a: Actor) -> None:
    found = only({"人员": [person(15, "L-A-1", "群众", 登录账号="u0011")]}, clerk_of_a)
    assert (found.kind, "P0011" in found.message) == ("account_taken", True)


def test_somebody_elsewhere_gives_nothing_away_but_that_the_number_cannot_be_used(clerk_of_a: Actor) -> None:
    """Neither his account, nor his standing, nor that he left."""
    line = person(22, "L-A-1", "群众", 登录账号="other")
    found = only({"人员": [line]}, clerk_of_a)
    assert (found.column, found.kind) == ("人员编号", "out_of_reach")
    Person.objects.unscoped("test").filter(number="P0022").update(active=False, left_on=TODAY)
    assert only({"人员": [line]}, clerk_of_a) == found


def test_a_branch_elsewhere_is_not_named(clerk_of_a: Actor) -> None:
    Unit.objects.unscoped("test").filter(code="L-B-1").update(kind="temporary_branch", dissolved_on=TODAY)
    found = only({"人员": [person(15, "L-B-1", "群众")]}, clerk_of_a)
    assert (found.column, found.kind, "B营" in found.message) == ("所在党支部编码", "out_of_reach", False)
    group = only({"人员": [person(15, "L-A-1", 党小组编码="L-B-1-X")]}, clerk_of_a)
    assert (group.kind, "B营" in group.message) == ("group_of_other_branch", False)


def test_an_unknown_number_and_one_elsewhere_look_the_same(clerk_of_a: Actor) -> None:
    for sheet, more in (
        ("任职", {"组织编码": "L-A-1", "职务": "书记", "任职日期": date(2025, 1, 1)}),
        ("外出", {"事由": "休假", "地点名称": "乙驻训点", "开始日期": date(2026, 10, 1)}),
    ):
        told = [only({sheet: [{"人员编号": number, **more}]}, clerk_of_a) for number in ("P0020", "P0022", "P9999")]
        assert {(one.column, one.kind) for one in told} == {("人员编号", "out_of_reach")}
        assert len({one.message[5:] for one in told}) == 1
    assert only({"任职": [{"人员编号": "P9999", "组织编码": "L-A-1", "职务": "书记", "任职日期": TODAY}]},
                Actor.system("测试")).kind == "person_unknown"  # fmt: skip


def test_posts_and_postings_elsewhere_keep_their_days(clerk_of_a: Actor) -> None:
    """The recorded ones would answer with the day on which they began."""
    post = {"人员编号": "P0020", "组织编码": "L-B-1", "职务": "书记", "任职日期": date(2025, 1, 1)}
    assert {one.kind for one in answer({"任职": [post]}, clerk_of_a)} == {"out_of_reach"}
    trip = {"人员编号": "P0021", "事由": "休假", "地点名称": "乙驻训点", "挂靠组织编码": "L-B-1",
            "开始日期": date(2026, 11, 1)}  # fmt: skip
    found = only({"外出": [trip]}, clerk_of_a)
    assert (found.kind, "2026-10-01" in found.message) == ("out_of_reach", False)


def test_a_post_in_a_unit_elsewhere_does_not_tell_when_it_was_founded(clerk_of_a: Actor) -> None:
    post = {"人员编号": "P0010", "组织编码": "L-B-1", "职务": "书记", "任职日期": date(2016, 1, 1)}
    found = only({"任职": [post]}, clerk_of_a)
    assert (found.column, found.kind, "B营" in found.message) == ("组织编码", "out_of_reach", False)


def test_a_unit_elsewhere_does_not_name_what_stands_below_it(clerk_of_a: Actor) -> None:
    line = unit("L-B-1", "B营一连党支部", "党支部", "L-B", 批准组织编码="L", 撤销日期=TODAY - timedelta(1))
    found = only({"组织": [line]}, clerk_of_a)
    assert (found.kind, "小组" in found.message) == ("out_of_reach", False)


def test_without_the_column_of_numbers_that_is_said_once_and_not_at_every_row(clerk_of_a: Actor) -> None:
    """Neither who is unknown for it nor who is elsewhere is told: they must look the same."""
    heads = {**HEADS, "人员": [title for title in HEADS["人员"] if title != "人员编号"]}
    post = {"组织编码": "L-A-1", "职务": "副书记", "任职日期": date(2025, 1, 1)}
    trip = {"事由": "休假", "地点名称": "乙驻训点", "开始日期": date(2026, 10, 1)}
    rows = {
        "人员": [person(15, "L-A-1")],
        "任职": [{"人员编号": number, **post} for number in ("P0015", "P0020", "P9999")],
        "外出": [{"人员编号": number, **trip} for number in ("P0015", "P0020", "P9999")],
    }
    found = look_at(workbook(rows, heads), actor=clerk_of_a).checked.problems
    assert [(one.sheet, one.column, one.kind) for one in found] == [("人员", "人员编号", "column_missing")]
    rows["任职"][0]["组织编码"] = "L-B-1"
    found = look_at(workbook(rows, heads), actor=clerk_of_a).checked.problems
    assert [(one.sheet, one.column, one.kind) for one in found][1:] == [("任职", "组织编码", "out_of_reach")]


def test_a_new_unit_below_an_unknown_or_circular_one_is_told_so_and_not_that_it_is_elsewhere(
    clerk_of_a: Actor,
) -> None:
    """What is wrong is the superior; a unit of one's own with a slip in its 上级组织编码 is not somebody else's."""
    unknown = answer({"组织": [unit("L-A-8", "A营八连党支部", "党支部", "L-Q", 批准组织编码="L")]}, clerk_of_a)
    assert [(one.column, one.kind) for one in unknown if one.severity == "error"] == [
        ("上级组织编码", "parent_unknown")
    ]
    lines = [
        unit("L-A-8", "A营八连党支部", "党支部", "L-A-9", 批准组织编码="L"),
        unit("L-A-9", "A营九连党支部", "党支部", "L-A-8", 批准组织编码="L"),
    ]
    assert {one.kind for one in answer({"组织": lines}, clerk_of_a)} == {"parent_cycle"}


def test_a_new_unit_elsewhere_or_above_everything_is_still_refused(clerk_of_a: Actor) -> None:
    below_b = unit("L-B-8", "B营八连党支部", "党支部", "L-B", 批准组织编码="L")
    assert only({"组织": [below_b]}, clerk_of_a).kind == "out_of_reach"
    assert only({"组织": [unit("Q", "另一个党委", "党委")]}, clerk_of_a).kind == "out_of_reach"
