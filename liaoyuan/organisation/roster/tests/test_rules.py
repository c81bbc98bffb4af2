"""Every defect, alone: the workbook of the brigade with one thing spoiled has exactly that problem."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from liaoyuan.organisation.members.rules.identity import check_character
from liaoyuan.organisation.roster.tests.factories import BRIGADE, USED, check, find, get, kinds, put, small, spoiled

Book = Any
Where = tuple[str, int, str]


def _member(book: Book, **more: Any) -> int:
    return find(book, "人员", 政治面貌="中共党员", **more)


def wrong_check_digit(book: Book) -> tuple[Where, str]:
    row = _member(book)
    number = get(book, "人员", row, "身份证号")
    put(book, "人员", row, "身份证号", number[:17] + ("0" if number[17] != "0" else "1"))
    return ("人员", row, "身份证号"), "id_check_digit"


def id_against_birth(book: Book) -> tuple[Where, str]:
    row = find(book, "人员", 政治面貌="群众")
    day = get(book, "人员", row, "出生日期")
    put(book, "人员", row, "出生日期", day.replace(day=1 if day.day != 1 else 2))
    return ("人员", row, "身份证号"), "id_against_birth"


def id_against_sex(book: Book) -> tuple[Where, str]:
    row = _member(book)
    put(book, "人员", row, "性别", "女" if get(book, "人员", row, "性别") == "男" else "男")
    return ("人员", row, "身份证号"), "id_against_sex"


def id_with_impossible_birth(book: Book) -> tuple[Where, str]:
    row = _member(book)
    body = "99900019900231001"
    put(book, "人员", row, "身份证号", body + check_character(body))
    return ("人员", row, "身份证号"), "id_birth_impossible"


def id_too_short(book: Book) -> tuple[Where, str]:
    row = _member(book)
    put(book, "人员", row, "身份证号", get(book, "人员", row, "身份证号")[:16])
    return ("人员", row, "身份证号"), "id_form"


def id_stored_as_number(book: Book) -> tuple[Where, str]:
    row = _member(book)
    put(book, "人员", row, "身份证号", 999000198905110014)
    return ("人员", row, "身份证号"), "id_is_number"


def unknown_unit_of_person(book: Book) -> tuple[Where, str]:
    row = find(book, "人员", 政治面貌="群众")
    put(book, "人员", row, "所在党支部编码", "L09-Y9-Z9")
    return ("人员", row, "所在党支部编码"), "unit_unknown"


def person_in_a_committee(book: Book) -> tuple[Where, str]:
    row = find(book, "人员", 政治面貌="群众")
    put(book, "人员", row, "所在党支部编码", "L01-Y1")
    return ("人员", row, "所在党支部编码"), "unit_not_branch"


def home_in_temporary_branch(book: Book) -> tuple[Where, str]:
    row = find(book, "人员", 政治面貌="群众")
    put(book, "人员", row, "所在党支部编码", "L01-T1")
    return ("人员", row, "所在党支部编码"), "home_in_temporary_branch"


def group_of_other_branch(book: Book) -> tuple[Where, str]:
    row = _member(book)
    other = "L01-Y1-Z2-X1" if get(book, "人员", row, "所在党支部编码") != "L01-Y1-Z2" else "L01-Y1-Z3-X1"
    put(book, "人员", row, "党小组编码", other)
    return ("人员", row, "党小组编码"), "group_of_other_branch"


def group_unknown(book: Book) -> tuple[Where, str]:
    row = _member(book)
    put(book, "人员", row, "党小组编码", "L01-Y1-Z1-X99")
    return ("人员", row, "党小组编码"), "group_unknown"


def group_is_a_branch(book: Book) -> tuple[Where, str]:
    row = _member(book)
    put(book, "人员", row, "党小组编码", "L01-Y1-Z1")
    return ("人员", row, "党小组编码"), "group_is_no_group"


def group_for_non_member(book: Book) -> tuple[Where, str]:
    row = find(book, "人员", 政治面貌="共青团员")
    put(book, "人员", row, "党小组编码", get(book, "人员", row, "所在党支部编码") + "-X1")
    return ("人员", row, "党小组编码"), "group_for_non_member"


def unknown_parent(book: Book) -> tuple[Where, str]:
    row = find(book, "组织", 类别="党小组")
    put(book, "组织", row, "上级组织编码", "L01-NONE")
    return ("组织", row, "上级组织编码"), "parent_unknown"


def wrong_kind_of_parent(book: Book) -> tuple[Where, str]:
    row = find(book, "组织", 组织编码="L01-Y1-Z1")
    put(book, "组织", row, "上级组织编码", "L01-Y1-Z2")
    return ("组织", row, "上级组织编码"), "wrong_place"


def temporary_branch_without_approver(book: Book) -> tuple[Where, str]:
    row = find(book, "组织", 组织编码="L01-T1")
    put(book, "组织", row, "批准组织编码", None)
    return ("组织", row, "批准组织编码"), "temporary_without_approver"


def unknown_approver(book: Book) -> tuple[Where, str]:
    row = find(book, "组织", 组织编码="L01-T2")
    put(book, "组织", row, "批准组织编码", "L77")
    return ("组织", row, "批准组织编码"), "approver_unknown"


def approving_branch(book: Book) -> tuple[Where, str]:
    row = find(book, "组织", 组织编码="L01-Y2-Z1")
    put(book, "组织", row, "可审批预备党员", "是")
    return ("组织", row, "可审批预备党员"), "cannot_approve"


def unknown_kind_of_unit(book: Book) -> tuple[Where, str]:
    row = find(book, "组织", 类别="党小组")
    put(book, "组织", row, "类别", "党中队")
    return ("组织", row, "类别"), "unit_kind_unknown"


def founded_in_the_future(book: Book) -> tuple[Where, str]:
    row = find(book, "组织", 类别="党小组")
    put(book, "组织", row, "成立日期", date(2027, 1, 1))
    return ("组织", row, "成立日期"), "in_future"


def duplicate_unit(book: Book) -> tuple[Where, str]:
    row = find(book, "组织", 类别="党小组")
    sheet = book["组织"]
    sheet.append([cell.value for cell in sheet[row]])
    return ("组织", sheet.max_row, "组织编码"), "duplicate_code"


def longitude_out_of_range(book: Book) -> tuple[Where, str]:
    row = find(book, "外出", 事由="借调")
    put(book, "外出", row, "地点名称", "从未到过的地方甲")
    put(book, "外出", row, "经度", 217.0)
    return ("外出", row, "经度"), "longitude_out_of_range"


def latitude_out_of_range(book: Book) -> tuple[Where, str]:
    row = find(book, "外出", 事由="借调")
    put(book, "外出", row, "地点名称", "从未到过的地方乙")
    put(book, "外出", row, "纬度", -91)
    return ("外出", row, "纬度"), "latitude_out_of_range"


def coordinates_swapped(book: Book) -> tuple[Where, str]:
    row = find(book, "外出", 事由="借调")
    lon, lat = get(book, "外出", row, "经度"), get(book, "外出", row, "纬度")
    put(book, "外出", row, "地点名称", "从未到过的地方丙")
    put(book, "外出", row, "经度", lat)
    put(book, "外出", row, "纬度", lon)
    return ("外出", row, "经度"), "position_swapped"


def duplicate_number(book: Book) -> tuple[Where, str]:
    first = find(book, "人员", 政治面貌="群众")
    USED.add(("人员", first))
    row = find(book, "人员", 政治面貌="群众")
    away = {line[0].value for line in book["外出"].iter_rows(min_row=2)}
    while get(book, "人员", row, "人员编号") in away:
        USED.add(("人员", row))
        row = find(book, "人员", 政治面貌="群众")
    put(book, "人员", row, "人员编号", get(book, "人员", first, "人员编号"))
    return ("人员", row, "人员编号"), "duplicate_number"


def duplicate_account(book: Book) -> tuple[Where, str]:
    row = find(book, "人员", 政治面貌="群众", 人员类别="义务兵")
    put(book, "人员", row, "登录账号", get(book, "人员", 5, "登录账号").upper())
    return ("人员", row, "登录账号"), "duplicate_account"


def impossible_date(book: Book) -> tuple[Where, str]:
    row = find(book, "人员", 政治面貌="入党申请人")
    put(book, "人员", row, "入党申请日期", "2026-02-30")
    return ("人员", row, "入党申请日期"), "date_impossible"


def unreadable_date(book: Book) -> tuple[Where, str]:
    row = find(book, "人员", 政治面貌="入党申请人")
    put(book, "人员", row, "入党申请日期", "去年春天")
    return ("人员", row, "入党申请日期"), "date_unreadable"


def dates_out_of_order(book: Book) -> tuple[Where, str]:
    row = find(book, "人员", 政治面貌="入党积极分子")
    applied, listed = get(book, "人员", row, "入党申请日期"), get(book, "人员", row, "确定积极分子日期")
    put(book, "人员", row, "入党申请日期", listed)
    put(book, "人员", row, "确定积极分子日期", applied)
    return ("人员", row, "确定积极分子日期"), "out_of_order"


def activist_for_less_than_a_year(book: Book) -> tuple[Where, str]:
    row = find(book, "人员", 政治面貌="发展对象")
    chosen = get(book, "人员", row, "确定发展对象日期")
    put(book, "人员", row, "入党申请日期", chosen - timedelta(360))
    put(book, "人员", row, "确定积极分子日期", chosen - timedelta(350))
    return ("人员", row, "确定发展对象日期"), "too_soon"


def probation_too_short(book: Book) -> tuple[Where, str]:
    row = _without_post(book)
    received = get(book, "人员", row, "支部大会接收日期")
    put(book, "人员", row, "转正日期", received + timedelta(300))
    return ("人员", row, "转正日期"), "too_soon"


def _without_post(book: Book) -> int:
    posts = {row[0].value for row in book["任职"].iter_rows(min_row=2)}
    for row in book["人员"].iter_rows(min_row=2):
        if row[13].value == "中共党员" and row[0].value not in posts and ("人员", row[0].row) not in USED:
            return int(row[0].row)
    raise LookupError


def date_in_the_future(book: Book) -> tuple[Where, str]:
    row = find(book, "人员", 政治面貌="入党申请人")
    put(book, "人员", row, "入党申请日期", date(2027, 3, 1))
    return ("人员", row, "入党申请日期"), "in_future"


def applied_under_eighteen(book: Book) -> tuple[Where, str]:
    row = find(book, "人员", 政治面貌="入党申请人")
    born = get(book, "人员", row, "出生日期")
    put(book, "人员", row, "入党申请日期", born.replace(year=born.year + 17, day=min(born.day, 28)))
    return ("人员", row, "入党申请日期"), "under_age"


def date_beyond_standing(book: Book) -> tuple[Where, str]:
    row = find(book, "人员", 政治面貌="入党申请人")
    put(book, "人员", row, "确定积极分子日期", date(2026, 11, 21))
    return ("人员", row, "确定积极分子日期"), "beyond_standing"


def full_member_without_date(book: Book) -> tuple[Where, str]:
    row = _without_post(book)
    put(book, "人员", row, "转正日期", None)
    return ("人员", row, "转正日期"), "missing"


def negative_dues(book: Book) -> tuple[Where, str]:
    row = _member(book)
    put(book, "人员", row, "月党费基数", -100)
    return ("人员", row, "月党费基数"), "dues_negative"


def dues_in_words(book: Book) -> tuple[Where, str]:
    row = _member(book)
    put(book, "人员", row, "月党费基数", "一千元整")
    return ("人员", row, "月党费基数"), "number_unreadable"


def unknown_ethnicity(book: Book) -> tuple[Where, str]:
    row = find(book, "人员", 政治面貌="群众", 人员类别="义务兵")
    put(book, "人员", row, "民族", "火星族")
    return ("人员", row, "民族"), "ethnicity_unknown"


def unknown_education(book: Book) -> tuple[Where, str]:
    row = find(book, "人员", 政治面貌="群众", 人员类别="义务兵")
    put(book, "人员", row, "学历", "自学成才")
    return ("人员", row, "学历"), "education_unknown"


def unknown_rank(book: Book) -> tuple[Where, str]:
    row = find(book, "人员", 政治面貌="群众", 人员类别="义务兵")
    put(book, "人员", row, "军衔", "特级上士")
    return ("人员", row, "军衔"), "rank_unknown"


def rank_against_category(book: Book) -> tuple[Where, str]:
    row = find(book, "人员", 人员类别="义务兵")
    put(book, "人员", row, "军衔", "少校")
    return ("人员", row, "军衔"), "rank_against_category"


def officer_without_rank(book: Book) -> tuple[Where, str]:
    row = find(book, "人员", 人员类别="军官")
    put(book, "人员", row, "军衔", None)
    return ("人员", row, "军衔"), "rank_missing"


def civilian_with_rank(book: Book) -> tuple[Where, str]:
    row = find(book, "人员", 人员类别="文职人员")
    put(book, "人员", row, "军衔", "中尉")
    return ("人员", row, "军衔"), "rank_not_allowed"


def unknown_category(book: Book) -> tuple[Where, str]:
    row = find(book, "人员", 政治面貌="群众", 人员类别="义务兵")
    put(book, "人员", row, "人员类别", "民兵")
    return ("人员", row, "人员类别"), "category_unknown"


def unknown_standing(book: Book) -> tuple[Where, str]:
    row = find(book, "人员", 政治面貌="群众")
    put(book, "人员", row, "政治面貌", "社会贤达")
    return ("人员", row, "政治面貌"), "standing_unknown"


def unknown_sex(book: Book) -> tuple[Where, str]:
    row = find(book, "人员", 政治面貌="群众", 人员类别="义务兵")
    put(book, "人员", row, "性别", "丙")
    return ("人员", row, "性别"), "sex_unknown"


def bad_phone(book: Book) -> tuple[Where, str]:
    row = find(book, "人员", 政治面貌="群众", 人员类别="义务兵")
    put(book, "人员", row, "联系电话", "打总机转")
    return ("人员", row, "联系电话"), "phone_unreadable"


def bad_account(book: Book) -> tuple[Where, str]:
    row = find(book, "人员", 政治面貌="群众", 人员类别="义务兵")
    put(book, "人员", row, "登录账号", "张三!")
    return ("人员", row, "登录账号"), "account_unreadable"


def bad_name(book: Book) -> tuple[Where, str]:
    row = find(book, "人员", 政治面貌="群众", 人员类别="义务兵")
    put(book, "人员", row, "姓名", "王=1+1")
    return ("人员", row, "姓名"), "name_unreadable"


def missing_name(book: Book) -> tuple[Where, str]:
    row = find(book, "人员", 政治面貌="群众", 人员类别="义务兵")
    put(book, "人员", row, "姓名", " 　")
    return ("人员", row, "姓名"), "missing"


def missing_id(book: Book) -> tuple[Where, str]:
    row = find(book, "人员", 政治面貌="群众", 人员类别="义务兵")
    put(book, "人员", row, "身份证号", None)
    return ("人员", row, "身份证号"), "missing"


def born_tomorrow(book: Book) -> tuple[Where, str]:
    row = find(book, "人员", 政治面貌="群众")
    put(book, "人员", row, "身份证号", get(book, "人员", row, "身份证号"))
    put(book, "人员", row, "出生日期", date(2026, 11, 23))
    return ("人员", row, "出生日期"), "birth_impossible"


def tenure_of_probationary(book: Book) -> tuple[Where, str]:
    row = find(book, "人员", 政治面貌="中共预备党员")
    branch = get(book, "人员", row, "所在党支部编码")
    book["任职"].append([get(book, "人员", row, "人员编号"), branch, "青年委员", date(2026, 1, 5), None])
    return ("任职", book["任职"].max_row, "任职日期"), "not_full_member"


def tenure_of_nobody(book: Book) -> tuple[Where, str]:
    row = find(book, "任职", 职务="组织委员", 免职日期=None)
    put(book, "任职", row, "人员编号", "P999999")
    return ("任职", row, "人员编号"), "person_unknown"


def tenure_nowhere(book: Book) -> tuple[Where, str]:
    row = find(book, "任职", 职务="组织委员", 免职日期=None)
    put(book, "任职", row, "组织编码", "L55")
    return ("任职", row, "组织编码"), "unit_unknown"


def unknown_post(book: Book) -> tuple[Where, str]:
    row = find(book, "任职", 职务="组织委员", 免职日期=None)
    put(book, "任职", row, "职务", "大总管")
    return ("任职", row, "职务"), "post_unknown"


def tenure_ends_before_start(book: Book) -> tuple[Where, str]:
    row = find(book, "任职", 职务="书记", 免职日期=None)
    put(book, "任职", row, "免职日期", date(2015, 1, 1))
    return ("任职", row, "免职日期"), "ends_before_start"


def tenure_twice(book: Book) -> tuple[Where, str]:
    row = find(book, "任职", 职务="宣传委员", 免职日期=None)
    USED.add(("任职", row))
    sheet = book["任职"]
    sheet.append([cell.value for cell in sheet[row]])
    return ("任职", sheet.max_row, "任职日期"), "tenure_overlap"


def group_leader_of_a_branch(book: Book) -> tuple[Where, str]:
    row = find(book, "任职", 职务="宣传委员", 免职日期=None)
    put(book, "任职", row, "职务", "党小组长")
    return ("任职", row, "职务"), "post_not_here"


def overlapping_postings(book: Book) -> tuple[Where, str]:
    row = find(book, "外出", 事由="驻训")
    sheet = book["外出"]
    sheet.append([cell.value for cell in sheet[row]])
    put(book, "外出", sheet.max_row, "开始日期", date(2026, 11, 1))
    put(book, "外出", sheet.max_row, "事由", "休假")
    return ("外出", sheet.max_row, "开始日期"), "posting_overlap"


def unknown_purpose(book: Book) -> tuple[Where, str]:
    row = find(book, "外出", 事由="休假", 实际结束日期=None)
    put(book, "外出", row, "事由", "云游")
    return ("外出", row, "事由"), "purpose_unknown"


def posting_of_nobody(book: Book) -> tuple[Where, str]:
    row = find(book, "外出", 事由="休假", 实际结束日期=None)
    put(book, "外出", row, "人员编号", "P999999")
    return ("外出", row, "人员编号"), "person_unknown"


def posting_ends_before_start(book: Book) -> tuple[Where, str]:
    row = find(book, "外出", 事由="休假", 实际结束日期=None)
    put(book, "外出", row, "预计结束日期", date(2020, 1, 1))
    return ("外出", row, "预计结束日期"), "ends_before_start"


def posting_back_in_the_future(book: Book) -> tuple[Where, str]:
    row = find(book, "外出", 事由="休假", 实际结束日期=None)
    put(book, "外出", row, "实际结束日期", date(2026, 12, 1))
    return ("外出", row, "实际结束日期"), "in_future_day"


def attached_to_unknown(book: Book) -> tuple[Where, str]:
    row = find(book, "外出", 事由="休假", 实际结束日期=None)
    put(book, "外出", row, "挂靠组织编码", "L01-T9")
    return ("外出", row, "挂靠组织编码"), "unit_unknown"


def attached_to_a_committee(book: Book) -> tuple[Where, str]:
    row = find(book, "外出", 事由="休假", 实际结束日期=None)
    put(book, "外出", row, "挂靠组织编码", "L01-Y2")
    return ("外出", row, "挂靠组织编码"), "unit_not_branch"


def attached_to_dissolved(book: Book) -> tuple[Where, str]:
    row = find(book, "外出", 事由="休假", 实际结束日期=None)
    put(book, "外出", row, "挂靠组织编码", "L01-T3")
    return ("外出", row, "挂靠组织编码"), "attached_after_end"


def half_a_position(book: Book) -> tuple[Where, str]:
    row = find(book, "外出", 事由="休假", 实际结束日期=None)
    put(book, "外出", row, "纬度", None)
    return ("外出", row, "纬度"), "position_half"


def one_place_in_two_positions(book: Book) -> tuple[Where, str]:
    last = max(row[0].row for row in book["外出"].iter_rows(min_row=2)
               if row[2].value == "西北·张掖驻训点" and ("外出", row[0].row) not in USED)  # fmt: skip
    put(book, "外出", last, "经度", 100.99)
    return ("外出", last, "经度"), "site_twice"


def retired_rank(book: Book) -> tuple[Where, str]:
    row = find(book, "人员", 军衔="二级上士")
    put(book, "人员", row, "军衔", "上士")
    return ("人员", row, "军衔"), "rank_retired"


def month_without_day(book: Book) -> tuple[Where, str]:
    row = find(book, "人员", 政治面貌="入党积极分子")
    day = get(book, "人员", row, "入党申请日期")
    put(book, "人员", row, "入党申请日期", f"{day.year}.{day.month}")
    return ("人员", row, "入党申请日期"), "date_without_day"


DEFECTS: list[Callable[[Book], tuple[Where, str]]] = [
    wrong_check_digit, id_against_birth, id_against_sex, id_with_impossible_birth, id_too_short, id_stored_as_number,
    unknown_unit_of_person, person_in_a_committee, home_in_temporary_branch, group_of_other_branch, group_unknown,
    group_is_a_branch, group_for_non_member, unknown_parent, wrong_kind_of_parent, temporary_branch_without_approver,
    unknown_approver, approving_branch, unknown_kind_of_unit, founded_in_the_future, duplicate_unit,
    longitude_out_of_range, latitude_out_of_range, coordinates_swapped, duplicate_number, duplicate_account,
    impossible_date, unreadable_date, dates_out_of_order, activist_for_less_than_a_year, probation_too_short,
    date_in_the_future, applied_under_eighteen, date_beyond_standing, full_member_without_date, negative_dues,
    dues_in_words, unknown_ethnicity, unknown_education, unknown_rank, rank_against_category, officer_without_rank,
    civilian_with_rank, unknown_category, unknown_standing, unknown_sex, bad_phone, bad_account, bad_name, missing_name,
    missing_id, born_tomorrow, tenure_of_probationary, tenure_of_nobody, tenure_nowhere, unknown_post,
    tenure_ends_before_start, tenure_twice, group_leader_of_a_branch, overlapping_postings, unknown_purpose,
    posting_of_nobody, posting_ends_before_start, posting_back_in_the_future, attached_to_unknown,
    attached_to_a_committee, attached_to_dissolved, half_a_position, one_place_in_two_positions, retired_rank,
    month_without_day,
]  # fmt: skip
# Defects that cannot help bringing another one along.
COMPANIONS = {
    "id_with_impossible_birth": {"id_birth_impossible"},
    "wrong_kind_of_parent": {"wrong_place"},
    "unknown_kind_of_unit": {"unit_kind_unknown"},
    "born_tomorrow": {"id_against_birth"},
    "founded_in_the_future": {"before_founding", "tenure_before_founding"},
    "duplicate_number": {"duplicate_number"},
    "group_leader_of_a_branch": {"post_held_twice"},
    "date_in_the_future": set(),
    "dates_out_of_order": {"under_age"},
    "probation_too_short": set(),
    "tenure_nowhere": set(),
    "unknown_parent": {"group_of_other_branch"},
}


def test_the_brigade_as_shipped_has_no_problem_at_all() -> None:
    assert check(BRIGADE).problems == []


@pytest.fixture(autouse=True)
def _fresh_rows() -> None:
    USED.clear()


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.__name__)
def test_each_defect_alone_is_named_at_its_cell(defect: Callable[[Book], tuple[Where, str]]) -> None:
    told: list[tuple[Where, str]] = []
    checked = check(spoiled(lambda book: told.append(defect(book)), small()))
    (where, kind), found = told[0], kinds(checked)
    assert (*where, kind) in found
    others = {item[3] for item in found if item != (*where, kind)}
    assert others <= COMPANIONS.get(defect.__name__, set())
    assert checked.refused is (kind not in {"rank_retired", "date_without_day"})
    problem = next(one for one in checked.problems if one.kind == kind)
    assert problem.message.endswith(("。", "）"))
    assert "%(" not in problem.message


def test_a_cycle_of_units_is_named_at_each_of_them() -> None:
    def spoil(book: Book) -> None:
        put(book, "组织", find(book, "组织", 组织编码="L01-Y1"), "上级组织编码", "L01-Y2")
        put(book, "组织", find(book, "组织", 组织编码="L01-Y2"), "上级组织编码", "L01-Y1")

    found = {(item[1], item[3]) for item in kinds(check(spoiled(spoil, small()))) if item[3] == "parent_cycle"}
    assert len(found) >= 2


def test_a_unit_above_itself_is_a_cycle() -> None:
    def spoil(book: Book) -> None:
        put(book, "组织", find(book, "组织", 组织编码="L01-Y1-Z1-X1"), "上级组织编码", "L01-Y1-Z1-X1")

    assert "parent_cycle" in {item[3] for item in kinds(check(spoiled(spoil, small())))}


def test_duplicate_id_number_names_the_first_row() -> None:
    def spoil(book: Book) -> None:
        for title in ("身份证号", "出生日期", "性别"):
            put(book, "人员", 30, title, get(book, "人员", 4, title))

    found = [one for one in check(spoiled(spoil, small())).problems if one.kind == "duplicate_id"]
    assert [(one.row, one.column) for one in found] == [(30, "身份证号")]
    assert "第 4 行" in found[0].message


def test_all_defects_together_are_all_named() -> None:
    """On rows of their own, where one would hide another."""
    told: dict[str, tuple[Where, str]] = {}

    def spoil(book: Book) -> None:
        for defect in DEFECTS:
            where, _ = told[defect.__name__] = defect(book)
            USED.add((where[0], where[1]))

    checked = check(spoiled(spoil))
    found = kinds(checked)
    assert {name: what for name, what in told.items() if (*what[0], what[1]) not in found} == {}
    assert len(told) == len(DEFECTS) >= 65
