"""What a record says is corrected by its act's form; the old version stays, later acts are judged anew."""

from datetime import date
from typing import Any

import pytest

from liaoyuan.affairs.admission.models import StepRecord, Talk
from liaoyuan.affairs.admission.selectors.content import CONTENT, EVIDENCE, KEYS, content_of, correctable
from liaoyuan.affairs.admission.services.accepting import Votes
from liaoyuan.affairs.admission.services.correcting import record_correct
from liaoyuan.affairs.admission.tests.pages import said
from liaoyuan.affairs.admission.tests.walk import Walk
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import DomainError
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.chronicle.selectors import current

D = date.fromisoformat
DAY = "2029-01-01"
pytestmark = pytest.mark.django_db


def last(walk: Walk, act: str) -> StepRecord:
    found = StepRecord.objects.filter(case=walk.case, act=act, live=True).order_by("-seq").first()
    assert found is not None
    return found


def rewrite(walk: Walk, act: str, **content: Any) -> StepRecord:
    actor = content.pop("actor", walk.secretary)
    with clock.set_to(D(DAY)):
        return record_correct(
            actor=actor, case=walk.case.pk, record=last(walk, act).pk, reason="内容抄错", content=content
        )


def test_the_old_text_stays_with_the_old_record(walk: Walk) -> None:
    walk.to("activist")
    old = last(walk, "talk")
    new = rewrite(walk, "talk", talker=walk.mentors[1], who="", mode="video", summary="补充：了解家庭情况")
    assert (new.supersedes_id, new.done_on, new.detail) == (
        old.pk, old.done_on, {"who": walk.mentors[1].name, "mode": "video"},
    )  # fmt: skip
    assert Talk.objects.get(record=old).summary == "了解入党动机"
    fresh = Talk.objects.get(record=new)
    assert (fresh.summary, fresh.mode, fresh.talker_id) == ("补充：了解家庭情况", "video", walk.mentors[1].pk)
    fact = current(Fact.objects.unscoped("test").filter(person=walk.person, kind="admission.talk")).get()
    assert fact.payload == {"who": walk.mentors[1].name, "mode": "视频"}


def test_the_same_again_changes_nothing(walk: Walk) -> None:
    walk.to("activist")
    with pytest.raises(DomainError, match="没有改动"):
        rewrite(walk, "talk", talker=walk.mentors[0], who="", mode="phone", summary="了解入党动机")
    walk.do("activist")
    with pytest.raises(DomainError, match="没有改动"):
        rewrite(walk, "activist", way="members", body="")
    assert StepRecord.objects.filter(case=walk.case, live=False).count() == 0


@pytest.mark.parametrize(
    ("before", "act", "content", "field"),
    [
        ("activist", "talk", {"talker": None, "who": "", "mode": "phone", "summary": "谈话"}, "who"),
        ("activist", "talk", {"mode": "pigeon"}, "mode"),
        ("activist", "talk", {"summary": "…"}, "summary"),
        ("opinion:group", "review", {"result": "splendid"}, "result"),
        ("committee_check", "training", {"days": 1, "hours": 2}, "days"),
        ("committee_check", "training", {"begins_on": D("2027-10-13")}, "begins_on"),
        ("report", "meeting", {"votes": Votes(9, 10, 7, 1)}, "present"),
        ("report", "meeting", {"votes": Votes(9, 4, 4, 0)}, "present"),
        ("care", "oath", {"where": "."}, "where"),
        ("conversion_meeting", "conversion_check", {"sources": ["group"]}, "sources"),
        ("conversion_meeting", "conversion_check", {"outcome": "extend", "until": D("2029-12-30")}, "until"),
    ],
)
def test_bad_content_is_refused_at_its_field(
    walk: Walk, before: str, act: str, content: dict[str, Any], field: str
) -> None:
    walk.to(before)
    old = last(walk, act)
    with pytest.raises(DomainError) as found:
        rewrite(walk, act, **content)
    assert found.value.field == field
    assert last(walk, act).pk == old.pk


def test_votes_are_counted_again_and_what_follows_is_judged(walk: Walk) -> None:
    walk.to("approval_talk")
    new = rewrite(walk, "meeting", votes=Votes(9, 9, 8, 1))
    assert (new.detail["yes"], new.detail["present"], new.detail["passed"]) == (8, 9, True)
    assert "赞成 8 票" in new.detail["explanation"]
    with pytest.raises(DomainError, match="这样改以后，“上报决议”"):
        rewrite(walk, "meeting", votes=Votes(9, 9, 2, 7))
    assert last(walk, "meeting").detail["yes"] == 8


def test_a_verdict_that_nothing_builds_on_is_corrected_with_its_reason(walk: Walk) -> None:
    walk.to("pre_review")
    new = rewrite(walk, "committee_check", qualified=False)
    walk.case.refresh_from_db()
    assert (walk.case.step, new.reason) == (12, "内容抄错")


def test_a_verdict_that_later_acts_build_on_stays(walk: Walk) -> None:
    walk.to("training")
    with pytest.raises(DomainError, match="会改变政治面貌"):
        rewrite(walk, "political_review", passed=False)
    assert last(walk, "political_review").detail["passed"] is True


def test_every_record_of_a_whole_case_opens_for_correction(walk: Walk, visitor: Any) -> None:
    walk.to("archive")
    client = visitor("organisation_clerk")
    for record in StepRecord.objects.filter(case=walk.case, live=True):
        text = client.page("correct", walk.case.pk, record.pk, on=DAY)
        assert "更正理由" in text
        assert ("这里更正日期" in text or "只有日期可以更正" in text) == (not correctable(record)), record.act
        # What stands there now is what the form shows.
        assert set(content_of(record)) <= set(correctable(record))


def test_content_is_known_to_the_act_or_to_its_evidence() -> None:
    for act, fields in CONTENT.items():
        schema = StepRecord(act=act).schema
        kept = EVIDENCE.get(act, ("", ()))[1]
        assert all(KEYS.get(name, name) in schema or name in kept for name in fields), act


def test_correcting_content_from_the_page(walk: Walk, visitor: Any) -> None:
    walk.to("opinion:group")
    client = visitor("branch_secretary")
    record = last(walk, "review")
    text = client.page("correct", walk.case.pk, record.pk, on=DAY)
    assert "思想稳定，训练刻苦</textarea>" in text
    form = {"on": "2027-03-01", "result": "more", "summary": "理论学习还要加强"}
    assert client.send("correct", walk.case.pk, record.pk, at=DAY, **form, reason="").status_code == 422
    wrong = client.send("correct", walk.case.pk, record.pk, at=DAY, **form | {"result": "x"}, reason="结论选错")
    assert wrong.status_code == 422
    assert client.send("correct", walk.case.pk, record.pk, at=DAY, **form, reason="结论选错").status_code == 302
    new = last(walk, "review")
    assert (new.detail["result"], new.review.summary) == ("more", "理论学习还要加强")
    text = client.page("case", walk.case.pk, on=DAY)
    for words in ("理论学习还要加强", "思想稳定，训练刻苦", "结论选错"):
        assert words in text, words


def test_a_talker_of_another_branch_is_kept_as_a_name(walk: Walk, visitor: Any) -> None:
    walk.to("file_member")
    client = visitor("organisation_clerk")
    record = last(walk, "approval_talk")
    assert 'value="旅党委委员"' in client.page("correct", walk.case.pk, record.pk, on=DAY)
    form = {"on": "2027-11-21", "talker": "other", "who": "旅党委委员 王五", "mode": "in_person", "summary": "同意"}
    answer = client.send("correct", walk.case.pk, record.pk, at=DAY, **form, reason="姓名漏写")
    assert answer.status_code == 302, said(answer)
    assert last(walk, "approval_talk").detail["who"] == "旅党委委员 王五"


def test_people_named_wrongly_are_named_anew(walk: Walk, visitor: Any) -> None:
    walk.to("review")
    text = visitor("branch_secretary").page("correct", walk.case.pk, last(walk, "mentors").pk, on=DAY)
    assert "请再办一次“指定培养联系人”" in text
