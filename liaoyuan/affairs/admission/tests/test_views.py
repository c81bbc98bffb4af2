"""The pages of admission: board, case, forms, opening, correcting, comparing, planning."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from liaoyuan.affairs.admission.models import Case, Paper, StepRecord
from liaoyuan.affairs.admission.rules.steps import STAGES
from liaoyuan.affairs.admission.selectors.comparing import compare
from liaoyuan.affairs.admission.services.opening import cases_take_over
from liaoyuan.affairs.admission.tests.pages import said
from liaoyuan.affairs.admission.tests.test_services_following import stood
from liaoyuan.affairs.admission.tests.walk import Walk, outsider
from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.kernel import clock
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.services import membership_move
from liaoyuan.organisation.members.tests.factories import House, account_for

D = date.fromisoformat
pytestmark = pytest.mark.django_db


def test_the_board_shows_cards_of_ones_branch_with_the_next_day(walk: Walk, visitor: Any) -> None:
    other = Walk(walk.house, outsider(walk.house, "b"), side="b")
    text = visitor("branch_secretary").page("board")
    assert "申明" in text
    assert other.person.name not in text
    assert "第 2 步 · 党组织派人谈话" in text
    assert "还有 11 天" in text
    assert "2026-07-01" in text
    assert "逾期 2 天" in visitor("branch_secretary").page("board", on="2026-07-03")


def test_above_branches_the_board_shows_numbers_to_drill_into(walk: Walk, visitor: Any) -> None:
    Walk(walk.house, outsider(walk.house, "b"), side="b")
    text = visitor("organisation_clerk").page("board", on="2026-07-03")
    assert "甲营党委" in text
    assert "乙营党委" in text
    assert "逾期 2 人" in text
    for label in (*STAGES.values(), "合计", "期限"):  # handhelds show a row as a card: every number says what it counts
        assert f'data-label="{label}"' in text
    assert '<td class="number">' not in text.partition("<tbody>")[2].partition("</tbody>")[0]
    battalion = visitor("battalion_secretary").page("board", on="2026-07-03")
    assert "甲营一连党支部" in battalion
    assert "乙营" not in battalion
    away = visitor("battalion_secretary").get("board", on="2026-07-03", unit=walk.house.branch_b.code)
    assert away.status_code == 404


def test_the_board_costs_the_same_for_many_as_for_few(
    house: House, visitor: Any, django_assert_max_num_queries: Any
) -> None:
    for _ in range(30):
        stood(house, applicant="2025-01-10", activist="2025-06-10")
    with clock.set_to(D("2026-11-23")):
        cases_take_over(actor=Actor.system("test"))
        for persona in ("branch_secretary", "organisation_clerk"):
            client = visitor(persona)
            client.page("board", on="2026-11-23")
            with django_assert_max_num_queries(24):
                client.page("board", on="2026-11-23")
            with django_assert_max_num_queries(24):
                client.page("plan", on="2026-11-23")


def test_the_case_page_shows_the_line_the_holder_and_what_is_missing(walk: Walk, visitor: Any) -> None:
    text = visitor("branch_secretary").page("case", walk.case.pk)
    for words in ("现在：第 2 步 党组织派人谈话", "最迟 2026-07-01", "还有 11 天", "最早 2027-06-20", "记录谈话",
                  "二十五步", "适用《中国共产党发展党员工作细则（2026年）》", "入党申请书"):  # fmt: skip
        assert words in text, words
    assert text.count('class="line-step') == 25
    assert AuditEntry.objects.get(action="admission.read").subject_id == walk.person.pk


def test_who_may_only_look_is_offered_nothing(walk: Walk, visitor: Any) -> None:
    text = visitor("inspector").page("case", walk.case.pk)
    assert "记录谈话</a>" not in text
    assert "更正</a>" not in text


def test_the_case_page_costs_a_constant_number_of_queries(
    walk: Walk, visitor: Any, django_assert_max_num_queries: Any
) -> None:
    client = visitor("branch_secretary")
    client.page("case", walk.case.pk)
    with django_assert_max_num_queries(36):
        client.page("case", walk.case.pk)
    walk.to("archive")
    client.page("case", walk.case.pk, on="2028-12-20")
    with django_assert_max_num_queries(36):
        client.page("case", walk.case.pk, on="2028-12-20")


def test_ones_own_way_shows_no_opinions(walk: Walk, visitor: Any) -> None:
    walk.to("propose")
    walk.house.users["self"] = account_for(walk.person, "shenming")
    client = visitor("self")
    text = client.page("mine", on="2027-09-01")
    assert "确定拟列发展对象" in text
    assert "同意列为发展对象" not in text
    assert client.get("case", walk.case.pk, on="2027-09-01").status_code == 302
    for route, args in (("act", ["propose"]), ("paper", []), ("papers", []), ("export", []), ("draw", ["talk", "pdf"])):
        assert client.get(route, walk.case.pk, *args, on="2027-09-01").status_code == 403, route
    assert "没有您的发展案卷" in visitor("member").page("mine", on="2027-09-01")


def test_a_talk_by_telephone_is_recorded_from_the_form(walk: Walk, visitor: Any) -> None:
    client = visitor("branch_secretary")
    assert "第7条" in client.page("act", walk.case.pk, "talk")
    talker = walk.house.people["branch_secretary"]
    form = {
        "on": "2026-06-20",
        "talker": str(talker.pk),
        "who": "",
        "mode": "phone",
        "summary": "在外执行任务，电话谈话",
    }
    assert client.send("act", walk.case.pk, "talk", **form).status_code == 302
    record = StepRecord.objects.get(case=walk.case, act="talk")
    assert (record.detail["who"], record.detail["mode"], record.talk.talker_id) == (talker.name, "phone", talker.pk)
    assert record.talk.summary == "在外执行任务，电话谈话"


def test_a_refusal_stands_at_its_field_with_the_clause(walk: Walk, visitor: Any) -> None:
    walk.to("propose")
    client = visitor("branch_secretary")
    answer = client.send("act", walk.case.pk, "propose", at="2027-09-01", on="2027-08-31", body="")
    text = said(answer)
    assert answer.status_code == 422
    assert "须满1年" in text
    assert "第13条" in text
    assert not StepRecord.objects.filter(case=walk.case, act="propose").exists()


@pytest.mark.parametrize("act", ["approve", "oath", "nonsense", "apply", "move"])
def test_acts_out_of_turn_and_unknown_ones(walk: Walk, visitor: Any, act: str) -> None:
    answer = visitor("organisation_clerk").get("act", walk.case.pk, act)
    assert answer.status_code == (409 if act in {"approve", "oath"} else 404)


def test_every_act_of_a_case_has_a_form_that_opens(walk: Walk, visitor: Any) -> None:
    """Along the whole way: the form of each act opens for whoever does it, and the page of the case too."""
    owners = {"file_activist": "battalion_secretary", "consent": "battalion_secretary"}
    clerk = {"pre_review", "approval_talk", "approve", "file_member", "conversion_approve"}
    for act in walk.acts()[1:]:
        name = act.partition(":")[0]
        persona = "organisation_clerk" if name in clerk else owners.get(name, "branch_secretary")
        day = walk.day(act).isoformat()
        visitor(persona).page("act", walk.case.pk, name, on=day)
        visitor(persona).page("case", walk.case.pk, on=day)
        walk.do(act)
    visitor("branch_secretary").page("case", walk.case.pk, on="2029-01-01")


def test_opening_a_case_from_the_pages(house: House, visitor: Any) -> None:
    person = outsider(house)
    outsider(house, "b", name="申明远")
    client = visitor("branch_secretary")
    found = client.page("open", q="申明")
    assert str(person.pk) in found
    assert "申明远" not in found
    client.page("open_for", person.pk)
    answer = client.send("open_for", person.pk, on="2026-06-01")
    case = Case.objects.unscoped("test").get(person=person)
    assert answer["Location"] == reverse("admission:case", args=[case.pk])
    assert case.started_on == D("2026-06-01")
    wrong = client.send("open_for", outsider(house, name="申迟").pk, on="2026-07-01")
    assert "还没有到" in said(wrong)


def test_correcting_cancelling_and_papers_from_the_pages(walk: Walk, visitor: Any) -> None:
    walk.to("activist")
    client = visitor("branch_secretary")
    talk = StepRecord.objects.get(case=walk.case, act="talk")
    client.page("correct", walk.case.pk, talk.pk)
    client.send("correct", walk.case.pk, talk.pk, on="2026-06-16", reason="日期抄错")
    talk = StepRecord.objects.get(case=walk.case, act="talk", live=True)
    assert talk.done_on == D("2026-06-16")
    client.page("cancel", walk.case.pk, talk.pk)
    client.send("cancel", walk.case.pk, talk.pk, reason="录错了人")
    assert not StepRecord.objects.filter(case=walk.case, act="talk", live=True).exists()
    client.page("paper", walk.case.pk, kind="application")
    client.send("paper", walk.case.pk, kind="application", received_on="2026-06-01", pages=3, place="文件柜二层")
    assert Paper.objects.get(case=walk.case).pages == 3
    text = client.page("case", walk.case.pk)
    assert "文件柜二层" in text
    assert "录错了人" in text


def test_candidates_side_by_side_with_their_evidence(house: House, visitor: Any) -> None:
    first, second = Walk(house, outsider(house)), Walk(house, outsider(house, name="申亮明"))
    foreign = Walk(house, outsider(house, "b", name="乙外人"), side="b")
    first.to("propose")
    second.to("opinion:members")
    client = visitor("branch_secretary")
    keys = [first.case.pk, second.case.pk, foreign.case.pk]
    text = client.page("compare", on="2027-09-01", case=keys)
    for words in ("申明", "申亮明", "思想稳定，训练刻苦", "已培养考察 365 天", "入党积极分子半年考察", "接受半年考察"):
        assert words in text, words
    assert "乙外人" not in text
    looked = AuditEntry.objects.filter(action="admission.compare").values_list("subject_id", flat=True)
    assert set(looked) == {first.person.pk, second.person.pk}
    assert "还没有选人" in client.page("compare")
    assert client.get("compare", case=[first.case.pk, foreign.case.pk, "nonsense"]).status_code == 422


def test_of_whoever_moved_in_the_old_branch_s_part_is_told_too(house: House, visitor: Any) -> None:
    """As in his file: what happened in an earlier branch follows the person. The branch he left sees neither."""
    stayed, moved = Walk(house, outsider(house)), Walk(house, outsider(house, "b"), side="b")
    stayed.to("opinion:group")
    moved.to("opinion:group")
    with clock.set_to(D("2027-08-01")):
        membership_move(
            actor=moved.clerk, person=moved.person, to_unit=house.branch_a, on=D("2027-08-01"), reason="调动"
        )
        mine, his = compare(stayed.secretary, [stayed.case.pk, moved.case.pk])
        assert mine.counts
        assert dict(mine.counts) == {label: count for label, count in his.counts if label in dict(mine.counts)}
        assert "入党积极分子半年考察" in dict(his.counts)
        assert [one.sentence for one in his.story if "半年考察" in one.sentence]
        assert compare(moved.secretary, [stayed.case.pk, moved.case.pk]) == []


def test_the_year_plan_by_months(walk: Walk, visitor: Any) -> None:
    walk.to("review")
    text = visitor("branch_secretary").page("plan", on="2026-12-01", year="2027")
    for words in ("2027 年发展党员计划", "可讨论列为发展对象", "03-01", "09-01"):
        assert words in text, words
    for year in ("1", "20x7", "9999", ""):
        visitor("branch_secretary").page("plan", on="2026-12-01", year=year)


def test_a_posting_on_walls_is_filled_in_from_its_form(walk: Walk, visitor: Any) -> None:
    walk.to("post")
    client = visitor("branch_secretary")
    assert "?way=paper" in client.page("act", walk.case.pk, "post", on="2027-10-08")
    address = reverse("admission:act", args=[walk.case.pk, "post"]) + "?way=paper"
    with clock.set_to(D("2027-10-08")):
        form = said(client.client.get(address))
        for words in ("补录纸质公示", "不少于 5 个工作日，张贴当天不计入", "流入地的张贴地点", "改为在平台上公示"):
            assert words in form, words
        data = {"on": "2027-09-07", "ends_on": "2027-09-13", "places": "连部公示栏\n食堂门口", "away": ""}
        for change, field in (
            ({}, "ends_on"),
            ({"ends_on": "2027-13-40"}, "ends_on"),
            ({"ends_on": "2027-09-14", "on": ""}, "on"),
            ({"ends_on": "2027-09-14", "places": " \n "}, "places"),
            ({"ends_on": "2027-09-14", "places": "栏" * 401}, "places"),
        ):
            answer = client.client.post(address, {**data, **change})
            assert answer.status_code == 422
            assert list(answer.context["form"].errors) == [field], change
        assert "第13条" in said(client.client.post(address, data))
        assert not StepRecord.objects.filter(case=walk.case, act="post").exists()
        assert client.client.post(address, {**data, "ends_on": "2027-09-14"}).status_code == 302
    page = client.page("case", walk.case.pk, on="2027-10-08")
    assert "纸质张贴于连部公示栏、食堂门口" in page
    assert "公示至 2027-09-14" in page
    assert '<span class="tag">补录</span>' in page


@pytest.mark.parametrize(("act", "way"), [("post", "nonsense"), ("posted", "paper"), ("post", "<b>")])
def test_a_way_that_an_act_does_not_have(walk: Walk, visitor: Any, act: str, way: str) -> None:
    walk.to(act)
    assert visitor("branch_secretary").get("act", walk.case.pk, act, on="2027-09-15", way=way).status_code == 404
