"""The pages of meetings: who sees them, that they work without script, and that the ballot leaves nothing behind."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from liaoyuan.activity.orglife.models import BallotMark, Meeting, Motion, Resolution
from liaoyuan.activity.orglife.rules.boxes import NO, YES
from liaoyuan.activity.orglife.services import ballot_cast, meeting_open, motion_close
from liaoyuan.activity.orglife.tests.factories import asked, called, more_members, of, opened, present, sitting
from liaoyuan.activity.orglife.todos import todos
from liaoyuan.organisation.members.tests.factories import BACKEND

MINUTES = "一、传达上级文件；二、讨论发展党员；三、书记作小结。"


@pytest.fixture
def secretary(house):
    return house.login(Client(), "branch_secretary")


def as_(person) -> Client:
    client = Client()
    client.force_login(person.user, backend=BACKEND)
    return client


def test_a_meeting_from_call_to_minutes_on_the_pages(house, secretary):
    answer = secretary.post(
        reverse("orglife:new"),
        {
            "unit": house.branch_a.pk, "kind": "general_meeting", "title": "十一月支部党员大会",
            "planned_at": "2026-11-22T20:00", "place": "会议室", "recorder": house.people["member"].pk,
        },
    )  # fmt: skip
    meeting = Meeting.objects.unscoped("test").get()
    assert answer.url == reverse("orglife:meeting", args=[meeting.pk])
    page = secretary.get(answer.url).content.decode()
    assert "名册 5 人，有表决权 5 人" in page
    secretary.post(
        reverse("orglife:motion_new", args=[meeting.pk]),
        {"title": "修缮活动室", "rule": "general", "mode": "show_of_hands"},
    )
    motion = meeting.motions.get()
    secretary.post(reverse("orglife:open", args=[meeting.pk]), {"at": ""})
    marks = {f"presence-{house.people[key].pk}": "present" for key in ("member", "group_leader", "branch_secretary")}
    secretary.post(reverse("orglife:roll", args=[meeting.pk]), marks)
    assert meeting.roll.filter(presence="present").count() == 3
    secretary.post(reverse("orglife:motion_open", args=[motion.pk]), {"mode": "show_of_hands"})
    wrong = secretary.post(reverse("orglife:tally", args=[motion.pk]), {"yes": 4, "no": 0, "abstain": 0})
    assert "多于实到会" in wrong.content.decode()
    secretary.post(reverse("orglife:tally", args=[motion.pk]), {"yes": 3, "no": 0, "abstain": 0})
    secretary.post(reverse("orglife:motion_close", args=[motion.pk]), {})
    result = secretary.get(reverse("orglife:motion", args=[motion.pk])).content.decode()
    assert "应到会有表决权 5 人，实到 3 人，达到半数；赞成 3 票，超过应到会半数（需 3 票）" in result
    secretary.post(reverse("orglife:close", args=[meeting.pk]), {"minutes": MINUTES})
    meeting.refresh_from_db()
    assert meeting.state == "closed"
    assert MINUTES in secretary.get(reverse("orglife:minutes", args=[meeting.pk])).content.decode()


def test_a_member_signs_in_and_votes_once_with_big_buttons(house):
    meeting, motion, _attending = sitting(house, size=6, there=3)
    late = next(entry.person for entry in meeting.roll.exclude(presence="present") if entry.person.user_id is not None)
    client = as_(late)
    assert client.post(reverse("orglife:sign_in", args=[meeting.pk])).status_code == 302
    opened(house, motion)
    url = reverse("orglife:vote", args=[motion.pk])
    page = client.get(url)
    text = page.content.decode()
    assert re.findall(r'name="choice" value="(.)"', text) == ["1", "2", "3"]
    assert "ly-draft" not in text
    assert "no-store" in page["Cache-Control"]
    nothing = client.post(url, {})
    assert nothing.status_code == 422
    assert BallotMark.objects.count() == 0
    done = client.post(url, {"choice": NO})
    assert (done.status_code, done.url) == (302, reverse("orglife:voted", args=[motion.pk]))
    assert client.post(url, {"choice": YES}).status_code == 409
    assert BallotMark.objects.count() == 1
    assert client.get(url).url == reverse("orglife:voted", args=[motion.pk])


def test_the_answer_to_a_vote_is_the_same_whatever_was_chosen(house):
    _meeting, motion, attending = sitting(house, size=5, there=4)
    opened(house, motion)
    answers = []
    for person, choice in zip(attending, ("1", "2", "3", "1"), strict=True):
        client = as_(person)
        first = client.post(reverse("orglife:vote", args=[motion.pk]), {"choice": choice})
        answers.append((first.status_code, first.url, first.content, sorted(first.headers)))
        last = client.get(first.url)
        assert not re.search(r"赞成|反对|弃权", last.content.decode())
    assert answers == [answers[0]] * 4


def test_nobody_sees_a_count_while_the_ballot_is_open(house, secretary):
    meeting, motion, attending = sitting(house, size=6, there=4)
    opened(house, motion)
    ballot_cast(actor=of(attending[1]), motion=motion.pk, choice=NO)
    for name, key in (("motion", motion.pk), ("count", motion.pk), ("meeting", meeting.pk), ("minutes", meeting.pk)):
        text = secretary.get(reverse(f"orglife:{name}", args=[key])).content.decode()
        assert "反对" not in text, name
    shown = secretary.get(reverse("orglife:count", args=[motion.pk])).content.decode()
    assert re.sub(r"<[^>]+>|\s", "", shown).startswith("已投票1/应投4")
    home = todos(of(attending[2]))
    assert [todo.url for todo in home if "投票" in todo.title] == [reverse("orglife:vote", args=[motion.pk])]
    assert not [todo for todo in todos(of(attending[1])) if "投票" in todo.title]


def test_the_resolution_is_signed_and_printed(house, secretary):
    _meeting, motion, attending = sitting(house, size=5, there=4)
    opened(house, motion)
    for person in attending:
        ballot_cast(actor=of(person), motion=motion.pk, choice=YES)
    motion_close(actor=house.actor("branch_secretary"), motion=motion.pk)
    assert [todo.action for todo in todos(house.actor("branch_secretary")) if "签署" in todo.action] == ["签署"]
    sheet = reverse("orglife:resolution", args=[motion.pk])
    assert "草稿，未签署" in secretary.get(sheet).content.decode()
    bad = secretary.post(reverse("orglife:sign", args=[motion.pk]), {"performance": "好"})
    assert "主要表现" in bad.content.decode()
    secretary.post(reverse("orglife:sign", args=[motion.pk]), {"performance": "该同志思想上进，工作踏实，群众反映好。"})
    assert Resolution.objects.get().signed_name == "甲指导员"
    text = secretary.get(sheet).content.decode()
    assert "已签署" in text
    assert "会上 4 票全部相同" in secretary.get(reverse("orglife:motion", args=[motion.pk])).content.decode()


def test_pages_of_another_branch_are_unknown(house):
    meeting, motion, _attending = sitting(house, size=5, there=4)
    other = house.login(Client(), "branch_secretary_b")
    for name, key in (
        ("meeting", meeting.pk), ("open", meeting.pk), ("minutes", meeting.pk), ("motion", motion.pk),
        ("vote", motion.pk), ("resolution", motion.pk), ("count", motion.pk), ("written", motion.pk),
    ):  # fmt: skip
        assert other.get(reverse(f"orglife:{name}", args=[key])).status_code == 404, name
    assert meeting.title not in other.get(reverse("orglife:list")).content.decode()
    mine = house.login(Client(), "member").get(reverse("orglife:list")).content.decode()
    assert meeting.title in mine


def test_leave_is_asked_for_before_the_meeting(house):
    meeting = called(house)
    client = house.login(Client(), "member")
    url = reverse("orglife:leave", args=[meeting.pk])
    assert client.get(url).status_code == 200
    client.post(url, {"note": "探亲"})
    entry = meeting.roll.get(person=house.people["member"])
    assert (entry.presence, entry.note) == ("leave", "探亲")
    assert house.login(Client(), "organisation_clerk").get(url).status_code == 404


def test_a_vote_is_taken_and_given_back_on_the_pages(house, secretary):
    meeting = called(house)
    member = house.people["member"]
    url = reverse("orglife:exclude", args=[meeting.pk])
    bad = secretary.post(url, {"person": member.pk, "fact": "MT-18", "reason": "长期卧床", "consent": ""})
    assert "须经上级党组织同意" in bad.content.decode()
    secretary.post(url, {"person": member.pk, "fact": "MT-17", "reason": "被留置"})
    assert not meeting.roll.get(person=member).entitled
    assert "被留置" in secretary.get(reverse("orglife:meeting", args=[meeting.pk])).content.decode()
    secretary.post(reverse("orglife:include", args=[meeting.pk, member.pk]), {"reason": "已解除留置"})
    assert meeting.roll.get(person=member).entitled


def test_a_written_opinion_by_oneself_and_by_the_recorder(house, secretary):
    meeting = called(house)
    motion = asked(house, meeting)
    url = reverse("orglife:written", args=[motion.pk])
    client = house.login(Client(), "member")
    page = client.get(url).content.decode()
    assert "ly-draft" in page
    assert " off" in page  # kept nowhere: handhelds are shared
    client.post(url, {"person": house.people["member"].pk, "choice": YES, "text": "同意"})
    stranger = client.post(url, {"person": house.people["plain_a"].pk, "choice": YES})
    assert stranger.status_code == 422
    secretary.post(url, {"person": house.people["plain_a"].pk, "choice": NO, "received_at": ""})
    assert motion.opinions.count() == 2
    shown = secretary.get(reverse("orglife:motion", args=[motion.pk])).content.decode()
    assert "甲战士、甲无账号" in shown
    assert "甲无账号" not in client.get(reverse("orglife:motion", args=[motion.pk])).content.decode()


def test_a_paper_ballot_on_the_pages(house, secretary):
    meeting, motion, attending = sitting(house, size=5, there=4, mode="paper")
    opened(house, motion)
    values = {"handed_out": 4, "collected": 4, "yes": 3, "no": 1, "abstain": 0, "invalid": 0}
    url = reverse("orglife:tally", args=[motion.pk])
    as_(attending[1]).post(url, {"teller": attending[1].pk, **values})
    differ = secretary.post(url, {"teller": attending[2].pk, **values, "yes": 4, "no": 0})
    assert "不一致" in differ.content.decode()
    secretary.post(url, {"teller": attending[2].pk, **values})
    secretary.post(reverse("orglife:motion_close", args=[motion.pk]), {})
    assert Motion.objects.get(pk=motion.pk).passed
    assert meeting.motions.count() == 1


def test_a_motion_is_withdrawn_and_a_meeting_cancelled_on_the_pages(house, secretary):
    meeting = called(house)
    motion = asked(house, meeting)
    secretary.post(reverse("orglife:motion_withdraw", args=[motion.pk]), {"reason": "材料不全"})
    assert Motion.objects.get(pk=motion.pk).state == "withdrawn"
    secretary.post(reverse("orglife:cancel", args=[meeting.pk]), {"reason": "临时任务"})
    meeting.refresh_from_db()
    assert meeting.state == "cancelled"


def test_the_list_and_the_page_cost_the_same_however_many(house, secretary, django_assert_max_num_queries):
    for number in range(6):
        called(house, title=f"第{number}次会议")
    more_members(house, 8)
    meeting = called(house)
    for _number in range(3):
        asked(house, meeting)
    meeting_open(actor=house.actor("branch_secretary"), meeting=meeting.pk)
    present(house, meeting, [house.people["member"]])
    for url in (reverse("orglife:list"), reverse("orglife:meeting", args=[meeting.pk])):
        secretary.get(url)
        with django_assert_max_num_queries(25):
            assert secretary.get(url).status_code == 200


def test_what_a_filter_or_form_cannot_read_breaks_nothing(house, secretary):
    meeting = called(house)
    assert secretary.get(reverse("orglife:list") + "?kind=x&since=nonsense&q=%00").status_code == 200
    assert secretary.post(reverse("orglife:roll", args=[meeting.pk]), {"presence-x": "present"}).status_code == 404
    assert secretary.post(reverse("orglife:new"), {"unit": house.branch_b.pk, "kind": "x"}).status_code == 422
    assert Meeting.objects.unscoped("test").count() == 1
