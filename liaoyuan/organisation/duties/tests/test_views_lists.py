"""Board, list and calendar: counted in the database, never sideways, honest about what is hidden."""

import re
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.kernel import clock
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.duties.models import Duty
from liaoyuan.organisation.duties.selectors.board import Board, board
from liaoyuan.organisation.duties.selectors.mine import my_duty_ids
from liaoyuan.organisation.duties.selectors.month import month
from liaoyuan.organisation.duties.selectors.rows import duties_visible
from liaoyuan.organisation.duties.services import duties_evaluate
from liaoyuan.organisation.duties.tests.conftest import TODAY, Scene, apply_on, happened
from liaoyuan.organisation.units.services import unit_move

LIST = reverse("duties:list")


def text(response) -> str:  # type: ignore[no-untyped-def]
    return re.sub(r"\s+", " ", response.content.decode())


def row(found: Board, code: str) -> tuple[str, int, int, int]:
    one = next(one for one in found.rows if one.unit.code == code)
    return one.count.level, one.count.total, one.count.late, one.count.soon


def open_of(path: str) -> int:
    return Duty.objects.unscoped("test").filter(path__startswith=path, state="open").count()


def test_the_board_counts_each_subtree_and_is_red_where_anything_is_late(scene: Scene) -> None:
    house = scene.house
    found = board(house.actor("organisation_clerk"))
    assert found.unit == house.root
    level, total, late, soon = row(found, "L-A")
    assert (level, total, late) == ("late", open_of(house.battalion_a.path), 1)
    assert soon >= 1
    level, total, late, _soon = row(found, "L-B")
    assert (level, total, late) == ("soon", open_of(house.battalion_b.path), 0)
    assert found.whole.total == open_of("")


def test_drilling_down_ends_at_the_unit_itself(scene: Scene) -> None:
    house = scene.house
    found = board(house.actor("organisation_clerk"), house.branch_a.pk)
    assert [one.code for one in found.trail] == ["L", "L-A"]
    own = next(one for one in found.rows if one.own)
    assert own.unit == house.branch_a
    assert sum(one.count.total for one in found.rows) == open_of(house.branch_a.path)
    families = {family: (tally.total, tally.late) for family, _name, tally in found.families}
    assert families["DM"] == (2, 1)


def test_a_secretary_sees_his_own_side_only(client: Client, scene: Scene) -> None:
    house = scene.house
    house.login(client, "branch_secretary")
    page = text(client.get(reverse("duties:board")))
    assert "甲营一连党支部" in page
    assert "乙营" not in page
    assert client.get(reverse("duties:board"), {"unit": house.branch_b.pk}).status_code == 404
    assert client.get(reverse("duties:board"), {"unit": "x"}).status_code == 404
    listed = text(client.get(LIST, {"state": "all"}))
    assert "甲申请" in listed
    assert "乙申请" not in listed


def test_the_board_of_two_reaches_shows_both_tops(scene: Scene) -> None:
    house = scene.house
    actor = house.actor("branch_secretary")
    both = type(actor)(
        actor.user_id, actor.name, actor.person_id,
        {"duties.view": (house.branch_a.path, house.battalion_b.path), "members.view_file": ("",)},
    )  # fmt: skip
    found = board(both)
    assert found.unit is None
    assert {one.unit.code: one.count.total for one in found.rows} == {
        "L-A-Z1": open_of(house.branch_a.path), "L-B": open_of(house.battalion_b.path),
    }  # fmt: skip


def test_the_board_costs_the_same_with_more_of_everything(scene: Scene, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    house = scene.house
    actor = house.actor("organisation_clerk")
    apply_on(house.branch_a, "头一人", date(2026, 11, 1))
    duties_evaluate()
    with django_assert_num_queries(4):
        board(actor)
    for number in range(5):
        apply_on(house.branch_a, f"又一人{number}", date(2026, 11, 1))
    duties_evaluate()
    with django_assert_num_queries(4):
        board(actor)


def test_what_was_counted_is_kept_until_a_duty_changes_and_for_the_same_reach_only(
    scene: Scene,
    django_assert_num_queries,  # type: ignore[no-untyped-def]
) -> None:
    house = scene.house
    clerk, secretary = house.actor("organisation_clerk"), house.actor("branch_secretary")
    before = board(clerk).whole.total
    with django_assert_num_queries(3):
        assert board(clerk).whole.total == before
    assert board(secretary).whole.total == open_of(house.branch_a.path) < before
    apply_on(house.branch_b, "再一人", date(2026, 11, 1))
    duties_evaluate()
    assert board(clerk).whole.total == open_of("") > before
    with clock.set_to(clock.today() + timedelta(days=400)):
        assert board(clerk).whole.late > 0
    unit_move(actor=Actor.system("test"), unit=house.branch_b, to_parent=house.battalion_a, reason="调整隶属")
    house.battalion_a.refresh_from_db()
    assert row(board(clerk), "L-A")[1] == open_of(house.battalion_a.path)


def test_a_member_sees_what_is_about_himself_and_no_board(client: Client, scene: Scene) -> None:
    house = scene.house
    house.login(client, "member")
    assert client.get(reverse("duties:board")).status_code == 403
    page = client.get(LIST, {"state": "all"})
    keys = set(duties_visible(house.actor("member")).values_list("person_id", flat=True))
    assert keys == {house.people["member"].pk}
    assert "甲申请" not in text(page)


def test_what_follows_from_a_penalty_is_hidden_from_who_may_not_read_files(scene: Scene) -> None:
    house = scene.house
    punished = house.people["member"]
    happened(punished, "discipline.warning", date(2026, 11, 1))
    duties_evaluate()
    duty = scene.duty(punished, "DP-02")
    Duty.objects.unscoped("test").filter(pk=duty.pk).update(path=house.group_a.path, unit=house.group_a)

    def sees(persona: str) -> bool:
        return duties_visible(house.actor(persona)).filter(pk=duty.pk).exists()

    assert not sees("group_leader")  # duties.view, but no files
    assert not sees("branch_secretary_b")
    assert sees("branch_secretary")
    assert sees("inspector")
    assert sees("member")  # his own


def test_the_list_is_worst_first_and_says_who(client: Client, scene: Scene) -> None:
    page = text(scene.house.login(client, "branch_secretary").get(LIST))
    late = page.index("甲逾期递交入党申请书已满30天")
    assert late < page.index("甲申请递交入党申请书即将满30天")
    assert "逾期 52 天" in page
    assert "甲指导员（书记）" in page


@pytest.mark.parametrize(
    ("query", "inside", "outside"),
    [
        ({"state": "late"}, "甲逾期", "甲申请"),
        ({"state": "soon", "family": "DM"}, "甲申请", "甲逾期"),
        ({"rule": "DM-03"}, "甲申请", "支部党员大会还没有"),
        ({"family": "MT"}, "支部党员大会还没有", "甲申请"),
        ({"since": "2026-11-25", "until": "2026-11-25"}, "甲申请", "甲逾期"),
        ({"mine": "yes", "rule": "DM-03"}, "甲申请", "支部党员大会还没有"),
        ({"q": "甲逾期"}, "甲逾期递交", "甲申请递交"),
        ({"state": "closed"}, "没有符合", "甲申请"),
    ],
)
def test_the_filters_narrow(client: Client, scene: Scene, query: dict[str, str], inside: str, outside: str) -> None:
    page = text(scene.house.login(client, "branch_secretary").get(LIST, query))
    assert inside in page
    assert outside not in page


@pytest.mark.parametrize(
    "query",
    [
        {"state": "'; drop"}, {"rule": "XX"}, {"unit": "abc"}, {"since": "昨天"}, {"until": "2026-13-40"},
        {"mine": "no"}, {"family": "\x00"}, {"sort": "-nothing"}, {"page": "99999999999"}, {"q": "\x00%_"},
    ],
)  # fmt: skip
def test_filters_that_make_no_sense_break_nothing(client: Client, scene: Scene, query: dict[str, str]) -> None:
    assert scene.house.login(client, "branch_secretary").get(LIST, query).status_code == 200


def test_the_unit_filter_offers_ones_own_side(client: Client, scene: Scene) -> None:
    house = scene.house
    page = house.login(client, "branch_secretary").get(LIST, {"unit": str(house.branch_b.pk)})
    assert "甲申请" not in text(page)
    assert "乙申请" not in text(page)


def test_the_list_costs_a_constant_number_of_queries(
    client: Client, scene: Scene, django_assert_max_num_queries
) -> None:  # type: ignore[no-untyped-def]
    house = scene.house
    house.login(client, "branch_secretary")
    client.get(LIST)
    for number in range(8):
        apply_on(house.branch_a, f"又一人{number}", date(2026, 11, 1))
    duties_evaluate()
    with django_assert_max_num_queries(16):
        client.get(LIST)


def test_the_export_holds_what_is_shown_and_is_on_the_trail(client: Client, scene: Scene) -> None:
    house = scene.house
    house.login(client, "branch_secretary")
    response = client.get(LIST, {"rule": "DM-03", "export": "xlsx"})
    sheet = load_workbook(BytesIO(b"".join(response.streaming_content))).active
    lines = [[cell.value for cell in line] for line in sheet.iter_rows()]
    assert lines[0][:2] == ["事项", "状态"]
    assert {line[0] for line in lines[1:]} == {
        "甲逾期递交入党申请书已满30天，还没有谈话记录，请立即安排谈话",
        "甲申请递交入党申请书即将满30天，请尽快安排谈话",
    }
    assert AuditEntry.objects.filter(action="duties.export").count() == 1
    house.login(client, "inspector")  # may look, may not take away
    assert "export=xlsx" not in text(client.get(LIST))
    assert client.get(LIST, {"export": "xlsx"})["Content-Type"].startswith("text/html")


def test_mine_is_what_i_answer_for_by_post(scene: Scene) -> None:
    house = scene.house
    mine = set(my_duty_ids(house.actor("branch_secretary")))
    assert scene.duty(scene.applicant).pk in mine
    assert scene.duty(scene.other).pk not in mine
    above = set(my_duty_ids(house.actor("battalion_secretary")))
    assert scene.duty(scene.applicant).pk not in above
    own = Duty.objects.unscoped("test").filter(person=house.people["battalion_secretary"])
    assert above >= {one.pk for one in own if one.rule == "ED-01"}


def test_the_month_counts_each_day_and_names_three(scene: Scene) -> None:
    house = scene.house
    actor = house.actor("branch_secretary")
    found = month(actor, date(2026, 11, 1))
    cells = {cell.on: cell for week in found.weeks for cell in week}
    assert cells[date(2026, 11, 25)].duties[0].sentence.startswith("甲申请递交")
    last = cells[date(2026, 11, 30)]
    assert last.total == Duty.objects.unscoped("t").filter(
        path__startswith=house.branch_a.path, due=date(2026, 11, 30), state="open"
    ).count()  # fmt: skip
    assert len(last.duties) <= 3
    assert last.more == last.total - len(last.duties)
    assert cells[TODAY].today
    mine = month(actor, date(2026, 11, 1), mine=True)
    assert mine.total <= found.total


def test_the_month_costs_a_constant_number_of_queries(scene: Scene, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    actor = scene.house.actor("organisation_clerk")
    with django_assert_num_queries(5):
        month(actor, date(2026, 11, 1))
    for number in range(5):
        apply_on(scene.house.branch_a, f"又一人{number}", date(2026, 11, 1))
    duties_evaluate()
    with django_assert_num_queries(5):
        month(actor, date(2026, 11, 1))


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("2026-12", "2026 年 12 月"), ("2027-02", "2027 年 2 月"), ("", "2026 年 11 月"), ("2026-13", "2026 年 11 月"),
     ("0001-01", "2026 年 11 月"), ("\x00", "2026 年 11 月"), ("9999-12", "2026 年 11 月")],
)  # fmt: skip
def test_the_month_asked_for_is_shown_or_this_one(client: Client, scene: Scene, asked: str, shown: str) -> None:
    page = scene.house.login(client, "member").get(reverse("duties:calendar"), {"month": asked})
    assert page.status_code == 200
    assert shown in text(page)


def test_the_calendar_page_shows_no_other_side(client: Client, scene: Scene) -> None:
    page = text(scene.house.login(client, "branch_secretary").get(reverse("duties:calendar")))
    assert "甲申请递交入党申请书" in page
    assert "乙申请" not in page
