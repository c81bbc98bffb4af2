"""Ways to spoil the sheets 组织, 任职 and 外出: each spoils one thing and says where and what it must be called."""

from datetime import date
from typing import Any

from liaoyuan.organisation.roster.tests.factories import USED, find, get, put

Book = Any
Where = tuple[str, int, str]


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


def planned_to_end_in_the_next_century(book: Book) -> tuple[Where, str]:
    row = find(book, "组织", 类别="党小组")
    put(book, "组织", row, "计划撤销日期", date(2100, 12, 31))
    return ("组织", row, "计划撤销日期"), "too_far"


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
