"""The pages of postings: seen by the audience, objections by two people alone."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from liaoyuan.activity.notices.models import Objection, PublicPosting
from liaoyuan.activity.notices.services import objection_submit, postings_close_due
from liaoyuan.activity.notices.tests.factories import DAY, candidate, hung
from liaoyuan.activity.notices.todos import todos
from liaoyuan.kernel import clock
from liaoyuan.kernel.scoping import Actor

AFTER = date(2026, 11, 28)
ROWS = "姓名：公示对象\n申请时间:2024-03-01"


@pytest.fixture(autouse=True)
def _day():
    with clock.set_to(DAY):
        yield


def page(house, persona, name, *args):
    return house.login(Client(), persona).get(reverse(f"notices:{name}", args=args))


def test_a_posting_is_put_up_seen_and_printed(house):
    person = candidate(house, name="公示对象")
    secretary = house.login(Client(), "branch_secretary")
    values = {
        "unit": house.branch_a.pk, "title": "关于拟列发展对象的公示", "lead": "现予公示。", "rows": ROWS,
        "closing": "", "person": person.pk, "receiver": house.people["group_leader"].pk, "contact": "",
    }  # fmt: skip
    bad = secretary.post(reverse("notices:new"), {**values, "rows": "没有冒号的一行"})
    assert "缺少名称或冒号" in bad.content.decode()
    self_ = secretary.post(reverse("notices:new"), {**values, "person": house.people["group_leader"].pk})
    assert "公示对象本人不能受理" in self_.content.decode()
    assert not PublicPosting.objects.unscoped("test").exists()
    secretary.post(reverse("notices:new"), values)
    posting = PublicPosting.objects.unscoped("test").get()
    assert posting.body["rows"] == [["姓名", "公示对象"], ["申请时间", "2024-03-01"]]
    text = page(house, "member", "posting", posting.pk).content.decode()
    assert "5 个工作日：2026-11-20 至 2026-11-27" in text
    assert posting.content_hash in text
    sheet = page(house, "member", "sheet", posting.pk).content.decode()
    assert "公示时间：2026年11月20日至2026年11月27日" in sheet
    posting.refresh_from_db()
    assert posting.views == 1
    assert page(house, "member_b", "posting", posting.pk).status_code == 404


def test_an_objection_is_written_answered_and_concluded_on_the_pages(house):
    posting = hung(house)
    member = house.login(Client(), "member")
    url = reverse("notices:object", args=[posting.pk])
    form = member.get(url)
    assert " off" in form.content.decode()  # no draft: handhelds are shared
    assert "no-store" in form["Cache-Control"]
    member.post(url, {"text": "此人曾私自外出未归。", "anonymous": "on"})
    leader = house.login(Client(), "group_leader")
    assert [todo.url for todo in todos(house.actor("group_leader"))] == [reverse("notices:received")]
    assert "异议 1 件，待答复 1 件" in leader.get(reverse("notices:received")).content.decode()
    threads = leader.get(reverse("notices:threads", args=[posting.pk])).content.decode()
    assert "此人曾私自外出未归" in threads
    assert "匿名" in threads
    assert "甲战士" not in threads
    objection = Objection.objects.get()
    leader.post(reverse("notices:answer", args=[objection.pk]), {"text": "已了解，正在核实。"})
    assert "已了解，正在核实" in member.get(reverse("notices:posting", args=[posting.pk])).content.decode()
    with clock.set_to(AFTER):
        postings_close_due(actor=Actor.system("测试"))
        assert [todo.action for todo in todos(house.actor("group_leader"))] == ["去认定"]
        house.login(Client(), "group_leader").post(
            reverse("notices:conclude", args=[posting.pk]),
            {"result": "objections_dismissed", "finding": "经核实，所反映的情况与事实不符。"},
        )
    posting.refresh_from_db()
    assert (posting.state, posting.result) == ("closed", "objections_dismissed")
    assert "经核实，所反映的情况与事实不符" in page(house, "member", "posting", posting.pk).content.decode()


def test_nobody_but_the_two_sees_a_thread(house):
    posting = hung(house)
    objection = objection_submit(actor=house.actor("member"), posting=posting.pk, text="此人曾私自外出未归。")
    for persona in ("branch_secretary", "battalion_secretary", "organisation_clerk", "inspector"):
        assert page(house, persona, "threads", posting.pk).status_code == 403
        assert page(house, persona, "answer", objection.pk).status_code == 404
        text = page(house, persona, "posting", posting.pk).content.decode()
        assert "私自外出" not in text
        assert "异议 1 件" not in text
    assert page(house, "member_b", "threads", posting.pk).status_code == 404
    assert page(house, "group_leader", "object", posting.pk).status_code == 403


def test_the_list_shows_what_hangs_over_ones_branch(house, django_assert_max_num_queries):
    for number in range(5):
        hung(house, title=f"第{number}份公示")
    client = house.login(Client(), "member")
    client.get(reverse("notices:list"))
    with django_assert_max_num_queries(20):
        text = client.get(reverse("notices:list")).content.decode()
    assert all(f"第{number}份公示" in text for number in range(5))
    assert "第0份公示" not in page(house, "member_b", "list").content.decode()
    assert page(house, "system_admin", "list").status_code == 403


def test_a_posting_is_taken_down_on_the_pages(house):
    posting = hung(house)
    client = house.login(Client(), "branch_secretary")
    url = reverse("notices:withdraw", args=[posting.pk])
    assert "请写明撤下的理由" in client.post(url, {"reason": " 。"}).content.decode()
    client.post(url, {"reason": "姓名有误"})
    posting.refresh_from_db()
    assert posting.state == "withdrawn"


def test_a_provisional_period_asks_a_named_person(house):
    with clock.set_to(date(2026, 12, 25)):
        posting = hung(house, on=date(2026, 12, 25))
    with clock.set_to(date(2027, 1, 5)):
        postings_close_due(actor=Actor.system("测试"))
        assert [todo.action for todo in todos(house.actor("branch_secretary"))] == ["去核对"]
        client = house.login(Client(), "branch_secretary")
        client.post(reverse("notices:conclude", args=[posting.pk]), {"result": "no_objection", "finding": ""})
    posting.refresh_from_db()
    assert (posting.state, posting.concluded_by) == ("closed", "甲指导员")
