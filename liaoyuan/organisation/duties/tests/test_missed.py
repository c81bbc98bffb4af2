"""A period that was missed is closed truthfully: on evidence, as missed, and what made up for it counts once."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import Conflict, DomainError, NotInScope
from liaoyuan.organisation.chronicle import kinds
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.chronicle.services import NewFact, fact_record, fact_withdraw
from liaoyuan.organisation.duties import registry
from liaoyuan.organisation.duties.models import Duty, DutyState
from liaoyuan.organisation.duties.rules.declared import EXPLAINED, MADE_UP
from liaoyuan.organisation.duties.selectors.rulebook import rule_page
from liaoyuan.organisation.duties.services import duties_evaluate, duty_record, live_mark, reminders_send
from liaoyuan.organisation.duties.tests.conftest import SYSTEM, happened
from liaoyuan.organisation.members.tests.factories import House, PersonFactory, two_branches

D = date.fromisoformat
OPEN, CLOSED = DutyState.OPEN, DutyState.CLOSED
SAID = {"result": MADE_UP["unit"], "note": "全连野外驻训", "evidence": "主题党日记录本第8页"}
FORM = {
    "occurred_on": "2026-03-03", "fact_result": MADE_UP["unit"], "fact_note": "全连野外驻训",
    "fact_evidence": "主题党日记录本第8页",
}  # fmt: skip


@pytest.fixture
def house(db: None) -> House:
    with clock.set_to(D("2026-02-01")):
        found = two_branches()
        live_mark()
        duties_evaluate()
    with clock.set_to(D("2026-03-05")):
        duties_evaluate()
    return found


@pytest.fixture
def march(house: House):  # type: ignore[no-untyped-def]
    with clock.set_to(D("2026-03-05")):
        yield house


def theme_day(house: House, on: str, *, source: str = "") -> Fact:
    told = NewFact(
        "orglife.theme_day", house.branch_a, D(on), ("test", f"theme {on}{source}"), payload={"title": "学习"}
    )
    fact = fact_record(actor=SYSTEM, fact=told)
    duties_evaluate()
    return fact


def duty(house: House, month: int, *, rule: str = "MT-05", unit: str = "branch_a") -> Duty:
    rows = Duty.objects.unscoped("test").select_related("unit", "person")
    return rows.get(rule=rule, unit=getattr(house, unit), person=None, key=f"2026-{month:02}-01")


def states(house: House) -> list[str]:
    return [duty(house, month).state for month in (2, 3)]


def miss(one: Duty, on: str = "2026-03-03", **change: str) -> Fact:
    kind = registry.rule(one.rule).missed
    fact = duty_record(actor=SYSTEM, duty=one, occurred_on=D(on), payload={**SAID, **change}, kind=kind)
    duties_evaluate()
    return fact


def text(response) -> str:  # type: ignore[no-untyped-def]
    return re.sub(r"\s+", " ", response.content.decode())


def test_what_made_up_for_february_closes_february_as_missed_and_not_march(march: House) -> None:
    theme_day(march, "2026-03-03")
    assert states(march) == [OPEN, CLOSED]
    fact = miss(duty(march, 2))
    assert states(march) == [CLOSED, OPEN]
    closed = duty(march, 2)
    assert (closed.closed_on, closed.closed_by_id) == (D("2026-03-03"), fact.pk)
    told = kinds.sentence(fact.kind, name="", unit=march.branch_a.name, quantity=None, payload=fact.payload)
    assert told == f"{march.branch_a.name}2026年2月的“主题党日”未按期：已补开"
    assert duty(march, 2, unit="branch_b").state == OPEN  # sideways nothing
    second = theme_day(march, "2026-03-04")
    assert states(march) == [CLOSED, CLOSED]
    assert duty(march, 3).closed_by_id == second.pk


def test_the_order_of_writing_down_does_not_matter(march: House) -> None:
    miss(duty(march, 2))
    theme_day(march, "2026-03-03")
    assert states(march) == [CLOSED, OPEN]
    theme_day(march, "2026-03-03", source="again")  # two on one day: one of them is March's own
    assert states(march) == [CLOSED, CLOSED]


def test_what_was_explained_and_not_made_up_takes_nothing_from_march(march: House) -> None:
    theme_day(march, "2026-03-03")
    miss(duty(march, 2), result=EXPLAINED)
    assert states(march) == [CLOSED, CLOSED]


def test_withdrawing_it_opens_the_turn_again_and_gives_march_back(
    march: House, django_capture_on_commit_callbacks
) -> None:  # type: ignore[no-untyped-def]
    theme_day(march, "2026-03-03")
    fact = miss(duty(march, 2))
    assert states(march) == [CLOSED, OPEN]
    with django_capture_on_commit_callbacks(execute=True):
        fact_withdraw(actor=SYSTEM, fact=fact, reason="记错了支部")
    assert states(march) == [OPEN, CLOSED]


def test_it_climbs_no_more(march: House) -> None:
    with clock.set_to(D("2026-03-20")):
        miss(duty(march, 2))
        duties_evaluate()
        reminders_send()
        closed = duty(march, 2)
        assert not closed.reminders.filter(point__startswith="l").exists()  # type: ignore[attr-defined]


def test_one_in_time_that_was_found_later_still_closes_it_properly(march: House) -> None:
    duty_record(
        actor=SYSTEM, duty=duty(march, 2), occurred_on=D("2026-02-20"), payload={"title": "学习", "evidence": "册"}
    )
    duties_evaluate()
    closed = duty(march, 2)
    assert closed.closed_by is not None
    assert (closed.state, closed.closed_by.kind) == (CLOSED, "orglife.theme_day")


@pytest.mark.parametrize(
    ("on", "change", "field", "words"),
    [
        ("2026-02-28", {}, "occurred_on", "应在到期日 2026-02-28 之后"),
        ("2026-03-06", {}, "occurred_on", "还没有到"),
        ("2026-03-03", {"result": "下次一定"}, "result", "怎么补救"),
        ("2026-03-03", {"result": ""}, "result", "怎么补救"),
        ("2026-03-03", {"note": " "}, "note", "原因"),
        ("2026-03-03", {"evidence": " "}, "evidence", "依据"),
        ("2026-03-03", {"turn": "2026-01-01", "extra": "x"}, "payload", "没有 extra"),
    ],
)
def test_an_untruthful_one_is_refused_and_writes_nothing(
    march: House, on: str, change: dict[str, str], field: str, words: str
) -> None:
    with pytest.raises(DomainError, match=words) as refused:
        miss(duty(march, 2), on, **change)
    assert refused.value.field == field
    assert not Fact.objects.unscoped("test").filter(kind="missed.MT-05").exists()
    assert states(march) == [OPEN, OPEN]


def test_the_turn_is_the_duty_s_own_whatever_was_sent(march: House) -> None:
    fact = miss(duty(march, 2), turn="2026-03-01", period="2026年3月")
    assert (fact.payload["turn"], fact.payload["period"]) == ("2026-02-01", "2026年2月")
    assert states(march) == [CLOSED, OPEN]


def test_a_period_that_still_runs_and_a_kind_of_another_rule_are_refused(march: House) -> None:
    with pytest.raises(DomainError, match="还没有过去"):
        miss(duty(march, 3))
    with pytest.raises(DomainError, match="不是由这类事项办结的"):
        duty_record(actor=SYSTEM, duty=duty(march, 2), occurred_on=D("2026-03-03"), payload=SAID, kind="missed.MT-02")
    miss(duty(march, 2))
    with pytest.raises(Conflict):
        miss(duty(march, 2))
    with pytest.raises(NotInScope):
        duty_record(
            actor=march.actor("branch_secretary_b"), duty=duty(march, 2), occurred_on=D("2026-03-03"), payload=SAID,
            kind="missed.MT-05",
        )  # fmt: skip


def test_every_rule_that_recurs_can_be_closed_as_missed_and_no_other() -> None:
    for rule in registry.all_rules():
        assert bool(rule.missed) == rule.recurring
        if rule.missed:
            declared = kinds.kind(rule.missed)
            assert (declared.about, set(declared.filled)) == (rule.subject, {"turn", "period"})
            assert rule.missed not in {*rule.closes, *rule.record}


def test_a_half_year_that_was_missed_leaves_the_next_review_to_the_next(march: House) -> None:
    with clock.set_to(D("2026-02-02")):
        person = PersonFactory(unit=march.branch_a)
        happened(person, "standing.activist", D("2026-02-02"))
    rows = Duty.objects.unscoped("test").select_related("unit", "person").filter(rule="DM-07", person=person)
    with clock.set_to(D("2026-08-20")):
        duties_evaluate()
        said = {**SAID, "result": EXPLAINED}
        first = rows.get(due=D("2026-08-02"))
        duty_record(actor=SYSTEM, duty=first, occurred_on=D("2026-08-10"), payload=said, kind="missed.DM-07")
        duties_evaluate()
        assert list(rows.order_by("due").values_list("state", flat=True)) == [CLOSED, OPEN]
        happened(person, "admission.activist_review", D("2026-08-19"))
        duties_evaluate()
    assert list(rows.order_by("due").values_list("state", flat=True)) == [CLOSED, CLOSED]


def test_the_page_says_why_it_is_open_and_leads_to_the_truthful_way(
    client: Client, march: House, django_capture_on_commit_callbacks
) -> None:  # type: ignore[no-untyped-def]
    one = duty(march, 2)
    show, record = (reverse(f"duties:{verb}", args=[one.pk]) for verb in ("show", "record"))
    march.login(client, "branch_secretary")
    page = text(client.get(show))
    assert "2026年2月已经过去" in page
    assert f"{record}?kind=missed.MT-05#record" in page
    late = client.post(record, {"occurred_on": "2026-03-03", "fact_title": "学习", "fact_evidence": "册"})
    assert late.status_code == 422
    assert "请改选“未按期：主题党日”" in "".join(late.context["forms"]["record"].errors["occurred_on"])
    chosen = text(client.get(record, {"kind": "missed.MT-05"}))
    assert 'min="2026-03-01"' in chosen
    assert 'name="fact_turn"' not in chosen
    bad = client.post(record + "?kind=missed.MT-05", {**FORM, "fact_result": "再说"})
    assert bad.status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        client.post(record + "?kind=missed.MT-05", FORM)
    assert "未按期，2026-03-03 说明后办结" in text(client.get(show))
    assert "未按期，2026-03-03 说明后办结" in text(client.get(reverse("duties:list"), {"state": "closed"}))
    fact = Fact.objects.unscoped("test").get(kind="missed.MT-05")
    told = text(client.get(reverse("chronicle:fact", args=[fact.pk])))
    assert "2026年2月的“主题党日”未按期：已补开" in told
    assert "没有按期的原因" in told
    assert "2026-02-01" not in told
    assert "未按期：主题党日" not in text(client.get(reverse("chronicle:record")))  # without its turn it says nothing


def test_what_is_left_of_a_sum_is_said(client: Client, march: House, django_capture_on_commit_callbacks) -> None:  # type: ignore[no-untyped-def]
    one = Duty.objects.unscoped("test").get(rule="ED-01", person=march.people["member"])
    record = reverse("duties:record", args=[one.pk])
    march.login(client, "branch_secretary")
    data = {"occurred_on": "2026-03-03", "quantity": "8", "fact_topic": "党史", "fact_evidence": "签到表"}
    with django_capture_on_commit_callbacks(execute=True):
        page = text(client.post(record, data, follow=True))
    assert "2026年要求 32 学时，已登记 8 学时，还差 24 学时" in page


def test_missed_is_told_in_the_statistics_and_is_never_in_time(march: House) -> None:
    fact = miss(duty(march, 2))
    duty_record(
        actor=SYSTEM, duty=duty(march, 3), occurred_on=D("2026-03-04"), payload={"title": "学习", "evidence": "册"}
    )
    duties_evaluate()
    Duty.objects.unscoped("test").filter(closed_by=fact).update(closed_on=D("2026-02-20"))  # whatever a correction does
    found = rule_page(march.actor("branch_secretary"), registry.rule("MT-05")).closing
    assert found is not None
    assert (found.count, found.missed, found.dated, found.in_time) == (2, 1, 2, 1)
