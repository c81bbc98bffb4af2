"""One duty's page: what it says, who may act, and what is refused in words."""

import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.foundation.files.models import StoredFile
from liaoyuan.foundation.files.tests.factories import PDF
from liaoyuan.foundation.inbox.models import Item
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import DomainError
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.duties.models import Duty, DutyAct, DutyState, Reminder
from liaoyuan.organisation.duties.services import duty_record
from liaoyuan.organisation.duties.tasks import tell
from liaoyuan.organisation.duties.tests.conftest import SYSTEM, TODAY, Scene
from liaoyuan.organisation.members.models import Tenure
from liaoyuan.organisation.members.tests.factories import PersonFactory, appoint

TALK = {
    "occurred_on": "2026-11-20",
    "fact_who": "甲指导员",
    "fact_mode": "电话",
    "fact_note": "本人在外执行任务",
    "fact_evidence": "支部谈话记录本第12页",
}


def url(verb: str, duty: Duty) -> str:
    return reverse(f"duties:{verb}", args=[duty.pk])


def text(response) -> str:  # type: ignore[no-untyped-def]
    return re.sub(r"\s+", " ", response.content.decode())


def test_the_page_says_what_why_and_when(client: Client, scene: Scene) -> None:
    duty = scene.duty(scene.applicant)
    page = text(scene.house.login(client, "branch_secretary").get(url("show", duty)))
    assert "甲申请递交入党申请书即将满30天，请尽快安排谈话" in page
    assert "还有 3 天" in page
    assert "《中国共产党发展党员工作细则（2026年）》第7条" in page
    assert '#admission-2026-7"' in page
    assert "2026-11-22在任的是甲指导员（书记）" in page
    assert "登记：同入党申请人谈话" in page
    assert "谈话人" in page
    assert 'value="电话"' in page
    assert "提醒：甲指导员" in page  # history
    assert "甲营党委：甲教导员（书记）" in page  # the ladder


def test_recording_the_talk_closes_the_duty(client: Client, scene: Scene, django_capture_on_commit_callbacks) -> None:  # type: ignore[no-untyped-def]
    duty = scene.duty(scene.applicant)
    scene.house.login(client, "branch_secretary")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url("record", duty), TALK)
    duty.refresh_from_db()
    assert (duty.state, duty.closed_on) == (DutyState.CLOSED, date(2026, 11, 20))
    assert duty.closed_by is not None
    assert duty.closed_by.payload == {
        "who": "甲指导员", "mode": "电话", "note": "本人在外执行任务", "evidence": "支部谈话记录本第12页",
    }  # fmt: skip
    page = text(client.get(url("show", duty)))
    assert "甲指导员同甲申请谈话（电话）" in page
    assert "2026-11-20 办结" in page
    assert not Item.objects.filter(key=f"duty:{duty.pk}", done_at__isnull=True).exists()


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"occurred_on": "2026-10-24"}, "occurred_on", "发生日期早于这件事的起算日 2026-10-25"),
        ({"occurred_on": "2026-11-23"}, "occurred_on", "还没有到"),
        ({"occurred_on": "昨天"}, "occurred_on", "输入一个有效的日期"),
        ({"occurred_on": ""}, "occurred_on", "这个字段"),
        ({"fact_evidence": "   "}, "fact_evidence", "这个字段"),
        ({"fact_mode": "托梦"}, "fact_mode", "托梦"),
        ({"fact_who": ""}, "fact_who", "这个字段"),
        ({"fact_note": "x" * 401}, "fact_note", "400"),
        ({"fact_who": "a\x00b"}, "fact_who", "空字符"),
    ],
)
def test_a_bad_record_is_refused_at_its_field_and_writes_nothing(
    client: Client, scene: Scene, change: dict[str, str], field: str, words: str
) -> None:
    duty = scene.duty(scene.applicant)
    before = Fact.objects.unscoped("test").count()
    response = scene.house.login(client, "branch_secretary").post(url("record", duty), {**TALK, **change})
    assert response.status_code == 422
    form = response.context["forms"]["record"]
    assert words in "".join(form.errors[field])
    assert Fact.objects.unscoped("test").count() == before
    duty.refresh_from_db()
    assert duty.state == DutyState.OPEN


def test_snoozing_keeps_the_reason_and_takes_it_off_the_list(client: Client, scene: Scene) -> None:
    duty = scene.duty(scene.applicant)
    scene.house.login(client, "branch_secretary")
    data = {"snooze-until": "2026-11-24", "snooze-reason": "本人归队后面谈"}
    page = text(client.post(url("snooze", duty), data, follow=True))
    duty.refresh_from_db()
    assert duty.snoozed_until == date(2026, 11, 24)
    assert "暂缓提醒到 2026-11-24" in page
    assert "本人归队后面谈" in page
    assert not Item.objects.filter(key=f"duty:{duty.pk}", done_at__isnull=True).exists()
    assert AuditEntry.objects.filter(action="duties.snoozed").count() == 1


@pytest.mark.parametrize(
    ("data", "field", "words"),
    [
        ({"snooze-until": "2026-11-22", "snooze-reason": "等"}, "until", "今天之后"),
        ({"snooze-until": "2027-01-22", "snooze-reason": "等"}, "until", "60 天"),
        ({"snooze-until": "2026-11-30", "snooze-reason": " "}, "reason", "这个字段"),
        ({"snooze-until": "", "snooze-reason": "等"}, "until", "这个字段"),
    ],
)
def test_a_bad_snooze_is_refused_at_its_field(
    client: Client, scene: Scene, data: dict[str, str], field: str, words: str
) -> None:
    duty = scene.duty(scene.applicant)
    response = scene.house.login(client, "branch_secretary").post(url("snooze", duty), data)
    assert response.status_code == 422
    assert words in "".join(response.context["forms"]["snooze"].errors[field])
    assert response.context["opened"] == "snooze"
    assert not DutyAct.objects.exists()


def test_handing_over_moves_the_to_do_and_taking_back_returns_it(client: Client, scene: Scene) -> None:
    house, duty = scene.house, scene.duty(scene.applicant)
    key = f"duty:{duty.pk}"
    house.login(client, "branch_secretary")
    data = {"hand-to": str(house.people["member"].pk), "hand-reason": "他熟悉情况"}
    client.post(url("hand_over", duty), data)
    tell.func("DM-03")
    assert _open(key) == {house.users["member"].pk}
    mine = Client()
    house.login(mine, "member")
    assert mine.get(url("show", duty)).status_code == 200
    assert "登记：同入党申请人谈话" in text(mine.get(url("show", duty)))
    client.post(url("take_back", duty))
    tell.func("DM-03")
    assert _open(key) == {house.users["branch_secretary"].pk}
    assert mine.get(url("show", duty)).status_code == 404
    assert list(DutyAct.objects.order_by("at").values_list("verb", flat=True)) == ["handed", "taken_back"]


def _plan(response) -> list[tuple[str, str]]:  # type: ignore[no-untyped-def]
    return [(f"{row.on}", row.who) for row in response.context["page"].planned]


def test_after_a_hand_over_the_past_says_who_was_told_and_the_future_who_will_be(client: Client, scene: Scene) -> None:
    house, duty = scene.house, scene.duty(scene.applicant)
    house.login(client, "branch_secretary")
    Reminder.objects.filter(duty=duty).update(on=TODAY - timedelta(days=1))
    before = _plan(client.get(url("show", duty)))
    assert before[:3] == [
        ("2026-11-11", "没有发过提醒"), ("2026-11-21", "甲指导员"), ("2026-11-25", "甲指导员（书记）"),
    ]  # fmt: skip
    client.post(url("hand_over", duty), {"hand-to": str(house.people["member"].pk), "hand-reason": "他熟悉情况"})
    handed = _plan(client.get(url("show", duty)))
    assert handed[:3] == [*before[:2], ("2026-11-25", "甲战士")]
    tell.func("DM-03")
    told = _plan(client.get(url("show", duty)))
    assert told[:4] == [*before[:2], ("2026-11-22", "甲战士"), ("2026-11-25", "甲战士")]
    other = Client()
    house.login(other, "branch_secretary_b")
    assert [who for _on, who in _plan(other.get(url("show", scene.duty(scene.other))))][1] == "乙指导员"


def test_a_successor_in_office_is_not_said_to_have_been_told(client: Client, scene: Scene) -> None:
    house, duty = scene.house, scene.duty(scene.late)
    Tenure.objects.filter(person=house.people["branch_secretary"]).update(until=TODAY - timedelta(days=1))
    appoint(PersonFactory(unit=house.branch_a, name="新指导员"), house.branch_a, "secretary", "branch_secretary")
    plan = _plan(house.login(client, "battalion_secretary").get(url("show", duty)))
    assert ("2026-11-22", "甲指导员") in plan
    assert not any("新指导员" in who for _on, who in plan)


def _open(key: str) -> set:  # type: ignore[type-arg]
    return set(Item.objects.filter(key=key, done_at__isnull=True).values_list("user_id", flat=True))


def test_nobody_of_the_other_branch_is_offered_or_taken(client: Client, scene: Scene) -> None:
    house, duty = scene.house, scene.duty(scene.applicant)
    house.login(client, "branch_secretary")
    page = text(client.get(url("hand_over", duty)))
    assert "甲战士" in page
    assert "乙战士" not in page
    data = {"hand-to": str(house.people["member_b"].pk), "hand-reason": "试试"}
    response = client.post(url("hand_over", duty), data)
    assert response.status_code == 422
    assert response.context["forms"]["hand_over"].errors["to"]
    duty.refresh_from_db()
    assert duty.handed_to_id is None


def test_a_duty_of_the_other_side_is_unknown(client: Client, scene: Scene) -> None:
    duty = scene.duty(scene.other)
    scene.house.login(client, "branch_secretary")
    for verb in ("show", "record", "snooze", "hand_over"):
        assert client.get(url(verb, duty)).status_code == 404, verb
    assert client.post(url("record", duty), TALK).status_code == 404
    assert client.post(url("take_back", duty)).status_code == 404
    duty.refresh_from_db()
    assert duty.state == DutyState.OPEN


def test_who_may_only_look_reads_the_reason(client: Client, scene: Scene) -> None:
    duty = scene.duty(scene.applicant)
    scene.house.login(client, "inspector")
    page = text(client.get(url("show", duty)))
    assert "只有责任党组织的书记、委员或上级组织干事可以办理这件事" in page
    assert "登记：" not in page
    assert client.post(url("record", duty), TALK).status_code == 403


def test_a_closed_duty_takes_nothing_more(client: Client, scene: Scene, django_capture_on_commit_callbacks) -> None:  # type: ignore[no-untyped-def]
    duty = scene.duty(scene.applicant)
    scene.house.login(client, "branch_secretary")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url("record", duty), TALK)
    for verb in ("record", "snooze", "hand_over"):
        assert client.post(url(verb, duty), TALK).status_code == 409
    assert client.get(url("show", duty)).status_code == 200


def test_what_may_end_in_several_ways_offers_each_and_takes_no_other(client: Client, scene: Scene) -> None:
    with clock.set_to(TODAY + timedelta(days=1)):
        duty = Duty.objects.unscoped("test").create(
            rule="BR-10", version="branch-work-2018", unit=scene.house.branch_a, path=scene.house.branch_a.path,
            key="x", opened_on=date(2023, 1, 1), due=date(2026, 1, 1),
        )  # fmt: skip
        scene.house.login(client, "branch_secretary")
        page = text(client.get(url("show", duty)))
        assert "登记：别处办结：支部换届" in page
        assert "批准延期换届" not in page  # the unit above decides it
        scene.house.login(client, "battalion_secretary")
        page = text(client.get(url("show", duty)))
        assert "登记：批准延期换届" in page
        assert f"{url('record', duty)}?kind=settled.BR-10#record" in page
        assert "登记：别处办结：支部换届" in text(client.get(url("record", duty) + "?kind=settled.BR-10"))
        assert "登记：批准延期换届" in text(client.get(url("record", duty) + "?kind=unit.dissolved"))
        with pytest.raises(DomainError, match="不是由这类事项办结的"):
            duty_record(actor=SYSTEM, duty=duty, occurred_on=TODAY, payload={"evidence": "批复"}, kind="unit.dissolved")


def test_evidence_goes_with_a_file_that_opens_at_the_fact(client: Client, scene: Scene) -> None:
    duty = scene.duty(scene.applicant)
    scene.house.login(client, "branch_secretary")
    paper = SimpleUploadedFile("谈话记录.pdf", PDF)
    assert client.post(url("record", duty), {**TALK, "file": paper}).status_code == 302
    fact = Fact.objects.unscoped("test").get(kind="admission.talk", person=scene.applicant)
    page = text(client.get(reverse("chronicle:fact", args=[fact.pk])))
    assert "谈话记录.pdf" in page
    stored = StoredFile.objects.get()
    assert client.get(reverse("files:download", args=[stored.pk])).getvalue() == PDF
    other = Client()
    scene.house.login(other, "branch_secretary_b")
    assert other.get(reverse("files:download", args=[stored.pk])).status_code == 404


def test_a_file_of_another_kind_is_refused_and_writes_nothing(client: Client, scene: Scene) -> None:
    duty = scene.duty(scene.applicant)
    scene.house.login(client, "branch_secretary")
    answer = client.post(url("record", duty), {**TALK, "file": SimpleUploadedFile("a.exe", b"MZ\x00\x01")})
    assert answer.status_code == 422
    assert answer.context["forms"]["record"].errors["file"]
    assert 'value="支部谈话记录本第12页"' in text(answer)
    assert not Fact.objects.unscoped("test").filter(kind="admission.talk").exists()


def test_a_row_of_a_rule_that_is_gone_still_opens(client: Client, scene: Scene) -> None:
    duty = Duty.objects.unscoped("test").create(
        rule="XX-99", version="old", unit=scene.house.branch_a, path=scene.house.branch_a.path, key="x",
        opened_on=TODAY,
    )  # fmt: skip
    page = scene.house.login(client, "branch_secretary").get(url("show", duty))
    assert "规则 XX-99 已不再使用" in text(page)


def test_the_page_costs_a_constant_number_of_queries(
    client: Client, scene: Scene, django_assert_max_num_queries
) -> None:  # type: ignore[no-untyped-def]
    duty = scene.duty(scene.late)
    scene.house.login(client, "branch_secretary")
    with django_assert_max_num_queries(22):
        client.get(url("show", duty))


def test_the_home_page_shows_it_worst_first_with_all_that_can_be_done(client: Client, scene: Scene) -> None:
    scene.house.login(client, "branch_secretary")
    page = text(client.get("/"))
    late, soon = (
        page.index("甲逾期递交入党申请书已满30天"),
        page.index("甲申请递交入党申请书即将满30天，请尽快安排谈话"),
    )
    assert late < soon
    duty = scene.duty(scene.applicant)
    assert f'href="{url("snooze", duty)}#snooze"' in page
    assert f'href="{url("hand_over", duty)}#hand-over"' in page
    assert f'href="{url("show", duty)}#why"' in page
    assert "乙申请" not in page
