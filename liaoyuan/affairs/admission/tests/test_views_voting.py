"""Pages of a case whose vote is to come, or waits for the branch's word."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from liaoyuan.affairs.admission.models import StepRecord
from liaoyuan.affairs.admission.tests.meetings import at, called, submitted, voted
from liaoyuan.affairs.admission.tests.pages import said
from liaoyuan.affairs.admission.tests.test_services_voting import moved
from liaoyuan.affairs.admission.tests.walk import Walk
from liaoyuan.kernel import clock

D = date.fromisoformat
pytestmark = pytest.mark.django_db
DAY = "2027-11-22"


def test_a_late_vote_is_entered_with_its_reason_from_the_case(walk: Walk, visitor: Any) -> None:
    walk.to("meeting")
    motion = voted(walk, "2027-11-21")
    client = visitor("branch_secretary")
    page = client.page("case", walk.case.pk, on=DAY)
    for words in ("结果还没有记入案卷", "预审合格后应当在1个月内（2027-11-20 以前）", "登记会议表决结果"):
        assert words in page, words
    assert "提交支部大会</a>" not in page
    form = client.page("act", walk.case.pk, "meeting", on=DAY)
    for words in ("2027-11-21 甲营一连党支部 讨论发展党员", motion.explanation, "请写明原因", 'name="reason"'):
        assert words in form, words
    for name in ("on", "yes", "entitled", "basis"):  # the figures are the meeting's
        assert f'name="{name}"' not in form, name
    for reason in ("", "。", "因" * 301):
        answer = client.send("act", walk.case.pk, "meeting", at=DAY, reason=reason)
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == ["reason"]
        assert motion.explanation in said(answer)
    assert not StepRecord.objects.filter(case=walk.case, act="meeting").exists()
    answer = client.send(
        "act", walk.case.pk, "meeting", at=DAY, reason="全连外出演训", yes="1", passed="0", on="2027-11-01"
    )
    assert answer.status_code == 302
    record = StepRecord.objects.get(case=walk.case, act="meeting")
    assert (record.done_on, record.detail["yes"], record.reason) == (D("2027-11-21"), motion.yes, "全连外出演训")
    page = client.page("case", walk.case.pk, on=DAY)
    assert "理由：全连外出演训" in page
    assert "登记会议表决结果" not in page
    assert client.send("act", walk.case.pk, "meeting", at=DAY, reason="再来").status_code == 409


def test_while_a_vote_waits_there_is_no_other_agenda(walk: Walk, visitor: Any) -> None:
    walk.to("meeting")
    voted(walk, "2027-11-21")
    client = visitor("branch_secretary")
    page = client.page("submit", walk.case.pk, "meeting", on=DAY)
    assert "请先在案卷里登记那次表决结果" in page
    assert reverse("admission:act", args=[walk.case.pk, "meeting"]) in page
    assert 'name="meeting"' not in page


def test_a_case_on_an_agenda_leads_to_its_meeting(walk: Walk, visitor: Any) -> None:
    walk.to("meeting")
    with clock.set_to(at("2027-11-01")):
        motion, other = submitted(walk, called(walk, "2027-11-05")), called(walk, "2027-11-12")
    client = visitor("branch_secretary")
    address = reverse("orglife:motion", args=[motion.pk])
    page = client.page("case", walk.case.pk, on="2027-11-01")
    assert "已列入2027-11-05“讨论发展党员”的议程" in page
    assert address in page
    assert "提交支部大会</a>" not in page
    assert "登记支部大会表决结果</a>" not in page
    page = client.page("submit", walk.case.pk, "meeting", on="2027-11-01")
    assert address in page
    assert 'name="meeting"' not in page
    answer = client.send("submit", walk.case.pk, "meeting", at="2027-11-01", meeting=other.pk, mode="paper")
    assert answer.status_code == 422
    assert "还没有表决" in said(answer)
    assert other.motions.count() == 0
    form = {"entitled": 9, "present": 8, "yes": 7, "no": 1, "abstain": 0, "written": 0}
    answer = client.send("act", walk.case.pk, "meeting", at="2027-11-05", on="2027-11-05", **form)
    assert answer.status_code == 422
    assert "还没有表决" in said(answer)


def test_the_form_of_the_agenda_says_the_last_day_and_what_a_later_one_means(walk: Walk, visitor: Any) -> None:
    walk.to("meeting")
    with clock.set_to(at("2027-11-01")):
        called(walk, "2027-11-25")
    page = visitor("branch_secretary").page("submit", walk.case.pk, "meeting", on="2027-11-01")
    assert "最迟 2027-11-20" in page
    assert "须在案卷里写明实际原因" in page
    assert 'name="meeting"' in page


def test_a_move_off_the_agenda_is_told_in_the_case(walk: Walk, visitor: Any) -> None:
    walk.to("meeting")
    with clock.set_to(at("2027-11-05", 8)):
        motion = submitted(walk, called(walk, "2027-11-05"))
    moved(walk, "2027-11-05")
    page = visitor("organisation_clerk").page("case", walk.case.pk, on="2027-11-06")
    assert "撤回议程：“讨论接收申明为预备党员”（甲营一连党支部 2027-11-05）" in page
    secretary = visitor("branch_secretary")
    secretary.get("board", on="2027-11-06")
    with clock.set_to(D("2027-11-06")):
        text = said(secretary.client.get(reverse("orglife:motion", args=[motion.pk])))
    assert "本人组织关系已转到“甲营二连党支部”，由该支部讨论" in text
