"""Refusals of meetings and ballots through the pages: the sentence, its clause, the right place and status; nothing
changed, and what was typed still stands in the form."""

import pytest
from django.test import Client
from django.urls import reverse

from liaoyuan.activity.orglife.models import BallotBox, BallotMark, Meeting, Motion, PaperTally, RollEntry
from liaoyuan.activity.orglife.rules.boxes import NO, YES
from liaoyuan.activity.orglife.services import ballot_cast, meeting_close, motion_close
from liaoyuan.activity.orglife.tests.factories import asked, called, of, opened, present, sitting
from liaoyuan.kernel import clock
from liaoyuan.organisation.members.tests.factories import BACKEND, PersonFactory, account_for

ADMISSION, BRANCH = "《中国共产党发展党员工作细则（2026年）》第", "《中国共产党支部工作条例（试行）》第"
MINUTES = "一、传达上级文件；二、讨论发展党员；三、书记作小结。"


@pytest.fixture
def secretary(house):
    return house.login(Client(), "branch_secretary")


def as_(person) -> Client:
    client = Client()
    client.force_login(person.user, backend=BACKEND)
    return client


def held():
    """All that these pages could change; boxes as they lie there."""
    return (
        list(Meeting.objects.unscoped("test").order_by("pk").values()),
        list(Motion.objects.order_by("pk").values()),
        list(RollEntry.objects.order_by("pk").values("pk", "presence", "entitled")),
        set(BallotMark.objects.values_list("entry", flat=True)),
        list(BallotBox.objects.order_by("pk").values_list("sealed", flat=True)),
        list(PaperTally.objects.order_by("pk").values()),
    )


def trouble(answer, status: int, words: str, clause: str) -> None:
    """A page of its own: the sentence, and the clause below it."""
    assert answer.status_code == status
    page = answer.content.decode()
    assert words in page
    assert clause in page.split("trouble-clause")[1]


def shut(house, meeting) -> None:
    meeting_close(actor=house.actor("branch_secretary"), meeting=meeting.pk, minutes=MINUTES)


def test_a_closed_meeting_takes_no_motion_no_mark_and_no_vote(house, secretary):
    meeting, motion, attending = sitting(house, size=6, there=4)
    shut(house, meeting)
    before = held()
    where = {"pk": meeting.pk}
    new = secretary.post(
        reverse("orglife:motion_new", kwargs=where),
        {"title": "再议一件", "rule": "general", "mode": "show_of_hands"},
    )
    trouble(new, 409, "已经结束，名册、表决和记录不再变动。", BRANCH)
    marked = secretary.post(reverse("orglife:roll", kwargs=where), {f"presence-{attending[0].pk}": "absent"})
    trouble(marked, 409, "已经结束", BRANCH)
    signed = as_(attending[1]).post(reverse("orglife:sign_in", kwargs=where))
    trouble(signed, 409, "已经结束", BRANCH)
    voted = as_(attending[1]).post(reverse("orglife:vote", args=[motion.pk]), {"choice": YES})
    assert voted.status_code == 409
    assert held() == before


def test_a_second_ballot_by_the_same_hand(house):
    _meeting, motion, attending = sitting(house, size=6, there=4)
    opened(house, motion)
    ballot_cast(actor=of(attending[1]), motion=motion.pk, choice=NO)
    before = held()
    answer = as_(attending[1]).post(reverse("orglife:vote", args=[motion.pk]), {"choice": YES})
    trouble(answer, 409, "您已经投过票。一人一票，投出后不能更改。", ADMISSION)
    assert held() == before


def test_a_ballot_after_closing_and_one_before_the_opening(house):
    _meeting, motion, attending = sitting(house, size=6, there=4)
    early = held()
    url = reverse("orglife:vote", args=[motion.pk])
    trouble(as_(attending[1]).post(url, {"choice": YES}), 409, "还没有开始投票，请等主持人宣布。", ADMISSION)
    assert held() == early
    opened(house, motion)
    for person in attending[:3]:
        ballot_cast(actor=of(person), motion=motion.pk, choice=YES)
    motion_close(actor=house.actor("branch_secretary"), motion=motion.pk, missing_ok=True)
    before = held()
    late = as_(attending[3])
    trouble(late.post(url, {"choice": YES}), 409, "的投票已经结束，没有计入。", ADMISSION)
    assert "现在不在投票" in late.get(url).content.decode()
    assert held() == before


def test_who_has_no_vote_is_told_why_with_the_clause(house):
    person = PersonFactory(unit=house.branch_a, group=house.group_a, standing="probationary", full_since=None)
    account_for(person)
    meeting, motion, _attending = sitting(house, size=6, there=4)
    present(house, meeting, [person])
    opened(house, motion)
    before = held()
    answer = as_(person).post(reverse("orglife:vote", args=[motion.pk]), {"choice": YES})
    trouble(answer, 403, "没有表决权：预备党员没有表决权。", "第")
    stranger = as_(house.people["member_b"]).post(reverse("orglife:vote", args=[motion.pk]), {"choice": YES})
    assert stranger.status_code == 404
    assert held() == before


def test_a_mover_without_a_vote_is_refused_at_his_field_and_the_form_keeps_what_was_typed(house, secretary):
    mover = PersonFactory(unit=house.branch_a, group=house.group_a, standing="probationary", full_since=None)
    meeting = called(house)
    url = reverse("orglife:motion_new", args=[meeting.pk])
    assert f'value="{mover.pk}"' not in secretary.get(url).content.decode().split('name="mover"')[1]
    before = held()
    data = {"title": "修缮活动室的意见", "rule": "general", "mode": "show_of_hands", "mover": str(mover.pk)}
    answer = secretary.post(url, data)
    assert answer.status_code == 422
    errors = "".join(answer.context["form"].errors["mover"])
    assert f"{mover.name} 在本次会议没有表决权，不能作提议人。（《" in errors
    assert "修缮活动室的意见" in answer.content.decode()
    assert held() == before
    outsider = {**data, "mover": str(house.people["member_b"].pk)}
    assert secretary.post(url, outsider).status_code == 422
    assert held() == before


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"handed_out": 5}, "handed_out", "多于"),
        ({"collected": 5}, "collected", "多于"),
        ({"yes": 4}, "yes", "不等于"),
        ({"no": 2}, "yes", "不等于"),
    ],
)
def test_paper_votes_exceeding_the_roll(house, secretary, change, field, words):
    _meeting, motion, attending = sitting(house, size=5, there=4, mode="paper")
    opened(house, motion)
    before = held()
    data = {"teller": attending[1].pk, "handed_out": 4, "collected": 4, "yes": 3, "no": 1, "abstain": 0, "invalid": 0}
    data |= change
    answer = secretary.post(reverse("orglife:tally", args=[motion.pk]), data)
    assert answer.status_code == 422
    errors = "".join(answer.context["form"].errors[field])
    assert ADMISSION in errors
    page = answer.content.decode()
    for name in ("handed_out", "collected", "yes", "no"):
        assert f'name="{name}" value="{data[name]}"' in page
    assert held() == before


def test_raised_hands_exceeding_those_present(house, secretary):
    meeting, _motion, _attending = sitting(house, size=6, there=4)
    motion = asked(house, meeting, rule="general", mode="show_of_hands", title="修缮活动室")
    opened(house, motion)
    before = held()
    answer = secretary.post(reverse("orglife:tally", args=[motion.pk]), {"yes": 5, "no": 0, "abstain": 0})
    assert answer.status_code == 422
    assert BRANCH in "".join(answer.context["form"].errors["yes"])
    assert 'name="yes" value="5"' in answer.content.decode()
    assert held() == before


def test_no_ballot_without_a_quorum_or_before_its_agenda(house, secretary):
    _meeting, motion, _attending = sitting(house, size=12, there=5)
    before = held()
    url = reverse("orglife:motion_open", args=[motion.pk])
    bare = secretary.post(url, {"mode": "handheld"})
    assert bare.status_code == 422
    assert ADMISSION in "".join(bare.context["form"].errors["agenda"])
    agenda = [value for value, _words in bare.context["form"].fields["agenda"].choices]
    few = secretary.post(url, {"mode": "handheld", "agenda": agenda})
    assert few.status_code == 422
    errors = "".join(few.context["form"].errors["__all__"])
    assert "到会人数不够，不能表决" in errors
    assert "第" in errors
    assert few.content.decode().count("checked") >= len(agenda)
    assert held() == before


def test_a_temporary_branch_admits_with_a_recorded_basis_alone(house, secretary):
    type(house.branch_a).objects.unscoped("test").filter(pk=house.branch_a.pk).update(
        kind="temporary_branch", approved_by=house.battalion_a
    )
    meeting = called(house)
    before = held()
    answer = secretary.post(
        reverse("orglife:motion_new", args=[meeting.pk]),
        {"title": "接收预备党员", "rule": "admission", "mode": "handheld"},
    )
    assert answer.status_code == 422  # put by the case alone, never from the meeting's own form
    assert answer.context["form"].errors["rule"]
    assert held() == before


def test_a_meeting_in_the_future_is_not_opened_yet(house, secretary):
    meeting = called(house, planned_at=clock.now())
    before = held()
    answer = secretary.post(reverse("orglife:open", args=[meeting.pk]), {"at": "2026-11-23T08:00"})
    assert answer.status_code == 422
    assert "开始时间还没有到" in "".join(answer.context["form"].errors["at"])
    assert held() == before
