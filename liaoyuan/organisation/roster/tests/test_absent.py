"""A column that the file does not have leaves its values alone, in the checks as in what is written."""

import io
from datetime import date
from typing import Any

import pytest

from liaoyuan.kernel.scoping import Actor, actor_for
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.roster.layout import LAYOUTS
from liaoyuan.organisation.roster.services.exporting import export_file
from liaoyuan.organisation.roster.tests.factories import HEADS, person, two_battalions, unit, workbook
from liaoyuan.organisation.roster.tests.test_services_import import SYSTEM, Rows, kinds, run, somebody
from liaoyuan.organisation.units.models import Site

pytestmark = pytest.mark.django_db
# Without these a row of its sheet says of nobody and nothing what it speaks of.
NAMING = {"组织": {"组织编码"}, "人员": {"人员编号"}, "任职": {"人员编号", "组织编码", "职务", "任职日期"},
          "外出": {"人员编号", "开始日期"}}  # fmt: skip
LEFT_OUT = [
    (layout.title, column.title)
    for layout in LAYOUTS
    for column in layout.columns
    if column.title not in NAMING[layout.title]
]


@pytest.fixture
def everything() -> Rows:
    """Every standing, a temporary branch, what has ended: each column has something that another one needs."""
    rows = two_battalions()
    rows["组织"] += [
        unit("L-T", "集训队临时党支部", "临时党支部", "L", 批准组织编码="L", 任务名称="集训",
             计划撤销日期=date(2026, 12, 31), 成立日期=date(2026, 9, 1)),
        unit("L-S", "抗洪临时党支部", "临时党支部", "L", 批准组织编码="L", 任务名称="抗洪", 换届日期=date(2026, 7, 2),
             计划撤销日期=date(2026, 8, 31), 成立日期=date(2026, 7, 1), 撤销日期=date(2026, 8, 20)),
    ]  # fmt: skip
    standings = ("中共预备党员", "发展对象", "入党积极分子", "入党申请人", "共青团员")
    rows["人员"] += [person(12 + index, "L-A-1", standing) for index, standing in enumerate(standings)]
    rows["人员"][4].update(党小组编码="L-A-1-X", 籍贯="江苏南京", 联系电话="19911112222")
    rows["任职"] += [
        {"人员编号": "P0010", "组织编码": "L-S", "职务": "书记", "任职日期": date(2026, 7, 1),
         "免职日期": date(2026, 8, 20)},
        {"人员编号": "P0010", "组织编码": "L-A-1", "职务": "书记", "任职日期": date(2022, 8, 4),
         "免职日期": date(2023, 8, 3)},
    ]  # fmt: skip
    trip = {"人员编号": "P0010", "事由": "驻训", "地点名称": "乙驻训点"}
    rows["外出"] += [
        {**trip, "挂靠组织编码": "L-S", "开始日期": date(2026, 7, 2), "预计结束日期": date(2026, 12, 1),
         "实际结束日期": date(2026, 8, 20)},
        {**trip, "挂靠组织编码": "L-T", "开始日期": date(2026, 9, 2)},
    ]  # fmt: skip
    outcome = run(rows)
    assert outcome.written, outcome.checked.problems
    return rows


def without(rows: Rows, sheet: str, *titles: str) -> bytes:
    heads = {**HEADS, sheet: [title for title in HEADS[sheet] if title not in titles]}
    return workbook(rows, heads)


@pytest.mark.parametrize(("sheet", "title"), LEFT_OUT, ids=lambda part: part)
def test_a_file_that_changes_nothing_changes_nothing_without_a_column_either(
    everything: Rows, sheet: str, title: str
) -> None:
    outcome = run(without(everything, sheet, title))
    assert outcome.checked.problems == []
    assert outcome.plan.empty


def test_an_export_as_it_is_changes_nothing(everything: Rows) -> None:
    target = io.BytesIO()
    export_file(actor=SYSTEM, target=target)
    outcome = run(target.getvalue())
    assert (outcome.checked.problems, outcome.plan.empty) == ([], True)


def test_what_is_there_is_judged_by_what_the_platform_holds(everything: Rows) -> None:
    """The probationer has no 转正日期 on the platform either; the activist was born too late for his application."""
    everything["人员"][4]["政治面貌"] = "中共党员"
    outcome = run({"人员": [everything["人员"][4]]}, heads={"人员": ["人员编号", "政治面貌"]})
    assert kinds(outcome) == {("人员", 2, "missing")}
    line = {"人员编号": "P0014", "出生日期": date(1995, 5, 20)}
    outcome = run({"人员": [line]}, heads={"人员": ["人员编号", "出生日期"]})
    assert kinds(outcome) == {("人员", 2, "id_against_birth"), ("人员", 2, "under_age")}


def test_a_sheet_of_telephone_numbers_asks_for_nothing_but_telephone_numbers(everything: Rows) -> None:
    Person.objects.unscoped("test").filter(number="P0012").update(birth_date=date(2009, 1, 1))
    line = {"人员编号": "P0012", "联系电话": "19933334444"}
    outcome = run({"人员": [line]}, heads={"人员": ["人员编号", "联系电话"]})
    assert (outcome.checked.problems, outcome.written) == ([], True)
    assert somebody("P0012").phone == "19933334444"


@pytest.mark.parametrize(
    ("title", "value"), [("所在党支部编码", "L-B-1"), ("政治面貌", "群众")], ids=["another branch", "no member"]
)
def test_a_party_group_of_which_the_file_says_nothing_is_left_with_the_branch_or_the_party(
    everything: Rows, title: str, value: str
) -> None:
    line = {**everything["人员"][4], title: value}
    titles = ["人员编号", "所在党支部编码", "政治面貌", "入党申请日期", "确定积极分子日期", "确定发展对象日期",
              "支部大会接收日期"]  # fmt: skip
    if value == "群众":
        line = {key: content for key, content in line.items() if key not in titles[3:]}
    outcome = run({"人员": [line]}, heads={"人员": titles})
    assert outcome.written, outcome.checked.problems
    assert outcome.plan.people.changed[0].fields["group"] == ("L-A-1-X", "")
    assert somebody("P0012").group is None


def test_who_stays_keeps_the_group_of_which_the_file_says_nothing(everything: Rows) -> None:
    outcome = run({"人员": [{**everything["人员"][4], "职务": "班长"}]}, heads={"人员": ["人员编号", "所在党支部编码",
                                                                        "政治面貌", "职务"]})  # fmt: skip
    assert outcome.written
    assert somebody("P0012").group.code == "L-A-1-X"


def test_half_a_position_moves_the_place_by_that_half(everything: Rows) -> None:
    for line in everything["外出"]:
        line["纬度"] = 39.5
    assert run(without(everything, "外出", "经度")).written
    assert Site.objects.filter(name="乙驻训点").values_list("lon", "lat").get() == (100.45, 39.5)


def test_new_rows_must_have_what_they_need_and_existing_ones_need_not(everything: Rows) -> None:
    trip = {"人员编号": "P0020", "开始日期": date(2026, 11, 1)}
    outcome = run(without({"外出": [*everything["外出"], trip]}, "外出", "事由"))
    (found,) = [one for one in outcome.checked.problems if one.kind == "column_missing_for_new"]
    assert (found.column, "有 1 行是新增的" in found.message) == ("事由", True)


@pytest.fixture
def clerk_of_a(everything: Rows) -> Actor:
    everything["任职"].append(
        {"人员编号": "P0010", "组织编码": "L-A", "职务": "组织干事", "任职日期": date(2025, 1, 1)}
    )
    assert run(everything).written
    return actor_for(somebody("P0010").user, via="web")


@pytest.mark.parametrize(
    "line",
    [
        {"出生日期": date(1991, 5, 20)},
        {"性别": "女"},
        {"政治面貌": "中共党员"},
        {"党小组编码": "L-A-1-X"},
        {"军衔": "二级上士"},
    ],
    ids=lambda line: next(iter(line)),
)
def test_what_the_platform_holds_of_somebody_elsewhere_is_not_told(clerk_of_a: Actor, line: dict[str, Any]) -> None:
    line = {"人员编号": "P0021", **line}
    outcome = run({"人员": [line]}, actor=clerk_of_a, heads={"人员": list(line)})
    assert kinds(outcome) == {("人员", 2, "out_of_reach")}
