"""Ways to spoil the sheet 人员: each spoils one thing and says where and what the check must call it."""

from datetime import date, timedelta
from typing import Any

from liaoyuan.organisation.members.rules.identity import check_character
from liaoyuan.organisation.roster.tests.factories import USED, find, get, put

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


def id_against_sex_left_unknown(book: Book) -> tuple[Where, str]:
    row = _member(book)
    put(book, "人员", row, "性别", "未知")
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


def id_with_a_letter(book: Book) -> tuple[Where, str]:
    row = _member(book)
    put(book, "人员", row, "身份证号", get(book, "人员", row, "身份证号")[:16] + "O1")
    return ("人员", row, "身份证号"), "id_character"


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


def retired_rank(book: Book) -> tuple[Where, str]:
    row = find(book, "人员", 军衔="二级上士")
    put(book, "人员", row, "军衔", "上士")
    return ("人员", row, "军衔"), "rank_retired"


def month_without_day(book: Book) -> tuple[Where, str]:
    row = find(book, "人员", 政治面貌="入党积极分子")
    day = get(book, "人员", row, "入党申请日期")
    put(book, "人员", row, "入党申请日期", f"{day.year}.{day.month}")
    return ("人员", row, "入党申请日期"), "date_without_day"


def bad_number(book: Book) -> tuple[Where, str]:
    row = find(book, "人员", 政治面貌="群众", 人员类别="义务兵")
    put(book, "人员", row, "人员编号", "P=1 2")
    return ("人员", row, "人员编号"), "person_number_unreadable"
