"""Evaluating and reminding: once, after any outage, never with a clock that went back."""

import threading
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from liaoyuan.foundation.inbox.models import Item
from liaoyuan.kernel import clock
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.chronicle.services import NewFact, fact_record, fact_withdraw, people_follow
from liaoyuan.organisation.duties import registry
from liaoyuan.organisation.duties.models import Duty, DutyState, Reminder, Run
from liaoyuan.organisation.duties.services import duties_evaluate, live_mark, reminders_send
from liaoyuan.organisation.duties.services.run import ClockWentBackError
from liaoyuan.organisation.duties.tasks import daily, evaluate
from liaoyuan.organisation.members.models import Person, Standing
from liaoyuan.organisation.members.tests.factories import House, PersonFactory, appoint, two_branches
from liaoyuan.organisation.units.models import Unit

SYSTEM = Actor.system("试验")
SHANGHAI = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 11, 23)
APPLIED = date(2026, 10, 25)


@pytest.fixture
def house(db: None) -> House:
    return two_branches()


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.set_to(TODAY):
        yield


def applicant(house: House, *, side: str = "a", on: date = APPLIED) -> Person:
    """An applicant whose milestone the chronicle knows."""
    person = PersonFactory(unit=house.branch_a if side == "a" else house.branch_b, standing="applicant")
    Standing.objects.filter(person=person).delete()
    Standing.objects.create(person=person, kind="applicant", since=on)
    people_follow(actor=SYSTEM, person_ids=[person.pk])
    return person


def duties(person: Person, rule: str = "DM-03") -> list[Duty]:
    return list(Duty.objects.unscoped("test").filter(person=person, rule=rule))


def talk(house: House, person: Person, on: date = TODAY, *, source: str = "") -> Fact:
    unit = person.unit
    assert unit is not None
    told = ("test", person.pk.hex + source)
    fact = NewFact("admission.talk", unit, on, told, person, payload={"mode": "电话", "who": "甲"})
    return fact_record(actor=SYSTEM, fact=fact)


def test_evaluating_twice_is_evaluating_once(house: House) -> None:
    person = applicant(house)
    first = duties_evaluate()
    assert first.opened > 0
    assert duties_evaluate() == type(first)(0, 0, 0)
    (duty,) = duties(person)
    assert (duty.due, duty.state, duty.path) == (date(2026, 11, 25), DutyState.OPEN, house.branch_a.path)


def test_a_closing_fact_closes_it_by_itself_and_says_which(house: House, django_capture_on_commit_callbacks) -> None:
    person = applicant(house)
    duties_evaluate()
    with django_capture_on_commit_callbacks(execute=True):
        fact = talk(house, person)
    (duty,) = duties(person)
    assert (duty.state, duty.closed_on, duty.closed_by_id) == (DutyState.CLOSED, TODAY, fact.pk)


def test_a_fact_that_closes_nothing_asks_one_question(house: House, django_capture_on_commit_callbacks) -> None:
    mine, other = applicant(house), applicant(house, side="b")
    duties_evaluate()
    for person in (mine, other):
        with django_capture_on_commit_callbacks(execute=True):
            talk(house, person)
    with CaptureQueriesContext(connection) as captured, django_capture_on_commit_callbacks(execute=True):
        talk(house, mine, source="again")
    told = [query["sql"] for query in captured.captured_queries]
    assert sum("duties_duty" in sql for sql in told) == 1
    assert sum("chronicle_fact" in sql for sql in told) == 1
    assert [duty.state for person in (mine, other) for duty in duties(person)] == [DutyState.CLOSED] * 2


def test_a_closing_fact_of_the_other_branch_closes_nothing_here(
    house: House, django_capture_on_commit_callbacks
) -> None:
    mine, other = applicant(house), applicant(house, side="b")
    duties_evaluate()
    with django_capture_on_commit_callbacks(execute=True):
        talk(house, other)
    assert [duty.state for duty in duties(mine)] == [DutyState.OPEN]
    assert [duty.state for duty in duties(other)] == [DutyState.CLOSED]


def test_a_unit_s_closing_fact_closes_the_unit_s_duty_alone(house: House, django_capture_on_commit_callbacks) -> None:
    duties_evaluate()
    rule = next(rule for rule in registry.all_rules() if rule.id == "MT-01")
    kept = Duty.objects.unscoped("test").filter(rule="MT-01", state=DutyState.OPEN)
    before = set(kept.values_list("unit_id", flat=True))
    assert {house.branch_a.pk, house.branch_b.pk} <= before
    with django_capture_on_commit_callbacks(execute=True):
        fact = NewFact(rule.closes[0], house.branch_a, TODAY, ("test", "meeting"))
        fact_record(actor=SYSTEM, fact=fact)
    assert set(kept.values_list("unit_id", flat=True)) == before - {house.branch_a.pk}


def test_a_withdrawn_closing_fact_opens_it_again(house: House, django_capture_on_commit_callbacks) -> None:
    person = applicant(house)
    duties_evaluate()
    with django_capture_on_commit_callbacks(execute=True):
        fact = talk(house, person)
    with django_capture_on_commit_callbacks(execute=True):
        fact_withdraw(actor=SYSTEM, fact=fact, reason="记错了人")
    (duty,) = duties(person)
    assert (duty.state, duty.closed_on, duty.closed_by_id) == (DutyState.OPEN, None, None)


def test_who_left_owes_nothing(house: House) -> None:
    person = applicant(house)
    duties_evaluate()
    Person.objects.unscoped("test").filter(pk=person.pk).update(active=False, left_on=TODAY)
    duties_evaluate()
    (duty,) = duties(person)
    assert (duty.state, duty.closed_by_id) == (DutyState.LAPSED, None)


def test_incremental_and_whole_evaluation_agree(house: House, django_capture_on_commit_callbacks) -> None:
    live_mark()
    with django_capture_on_commit_callbacks(execute=True):
        person = applicant(house)
    assert len(duties(person)) == 1
    whole = duties_evaluate()
    assert whole.closed == 0
    assert len(duties(person)) == 1


def test_the_right_secretary_is_told_and_no_other(house: House) -> None:
    person = applicant(house)
    duties_evaluate()
    reminders_send()
    told = Item.objects.filter(key=f"duty:{duties(person)[0].pk}")
    assert {item.user_id for item in told} == {house.users["branch_secretary"].pk}
    assert "递交入党申请书即将满30天，请尽快安排谈话" in told[0].title


def test_each_point_is_told_once_and_after_an_outage_only_the_last(house: House) -> None:
    with clock.set_to(date(2026, 11, 1)):
        person = applicant(house)
        duties_evaluate()
        assert reminders_send() >= 0
        assert not Reminder.objects.filter(duty__person=person).exists()
    with clock.set_to(date(2026, 11, 25)):  # 14 and 3 days before passed while the platform was down
        duties_evaluate()
        reminders_send()
        reminders_send()
    points = list(Reminder.objects.filter(duty__person=person).values_list("point", flat=True))
    assert points == ["r2"]


def test_what_closed_during_the_outage_is_not_told(house: House) -> None:
    with clock.set_to(date(2026, 11, 1)):
        person = applicant(house)
        duties_evaluate()
    with clock.set_to(date(2026, 11, 20)):
        talk(house, person, on=date(2026, 11, 10))
        duties_evaluate()
        reminders_send()
    assert not Reminder.objects.filter(duty__person=person).exists()
    assert not Item.objects.filter(key__startswith="duty:", title__contains=person.name).exists()


def test_overdue_climbs_to_the_unit_above_never_sideways(house: House) -> None:
    person = applicant(house)
    duties_evaluate()
    reminders_send()
    with clock.set_to(date(2026, 12, 10)):  # 15 days late
        duties_evaluate()
        reminders_send()
    told = set(Reminder.objects.filter(duty__person=person, point__startswith="l").values_list("user_id", flat=True))
    assert told == {house.users["battalion_secretary"].pk}


@pytest.mark.parametrize(("applied", "text"), [("2026-05-10", "admission-2014"), ("2026-05-11", "admission-2026")])
def test_an_activist_s_duties_follow_the_text_of_the_day_of_his_application(
    house: House, applied: str, text: str
) -> None:
    person = applicant(house, on=date.fromisoformat(applied))
    since = date(2026, 7, 6)
    Standing.objects.filter(person=person).update(until=since)
    Standing.objects.create(person=person, kind="activist", since=since)
    Person.objects.unscoped("test").filter(pk=person.pk).update(standing="activist")
    people_follow(actor=SYSTEM, person_ids=[person.pk])
    duties_evaluate()
    assert {one.version for rule in ("DM-07", "DM-11") for one in duties(person, rule)} == {text}


def test_an_approval_that_repeats_weekly_climbs_as_well(house: House) -> None:
    Unit.objects.unscoped("test").filter(pk=house.battalion_a.pk).update(can_approve_members=True)
    appoint(PersonFactory(unit=house.branch_b), house.root, "secretary", "committee_secretary")
    person = applicant(house)
    Person.objects.unscoped("test").filter(pk=person.pk).update(standing="candidate")
    fact = NewFact("admission.resolution_reported", house.branch_a, TODAY, ("test", "reported"), person)
    fact_record(actor=SYSTEM, fact=fact)
    due = date(2027, 2, 23)
    points = []
    for late in (0, 7, 14, 15, 21, 30):
        with clock.set_to(due + timedelta(days=late)):
            duties_evaluate()
            reminders_send()
        points.append(duties(person, "DM-36")[0].told)
    # On the fifteenth day everybody above has heard of it already: no new rung.
    assert points == ["r2", "l0", "w2", "w2", "w3", "l2"]


def test_a_closed_duty_leaves_the_inbox(house: House, django_capture_on_commit_callbacks) -> None:
    person = applicant(house)
    duties_evaluate()
    reminders_send()
    key = f"duty:{duties(person)[0].pk}"
    assert Item.objects.filter(key=key, done_at__isnull=True).exists()
    with django_capture_on_commit_callbacks(execute=True):
        talk(house, person)
    assert not Item.objects.filter(key=key, done_at__isnull=True).exists()


def test_a_clock_that_went_back_is_refused_and_nothing_changes(house: House) -> None:
    applicant(house)
    duties_evaluate()
    before = list(Duty.objects.unscoped("test").order_by("pk").values())
    with clock.set_to(TODAY - timedelta(days=1)), pytest.raises(ClockWentBackError, match="早于已计算到的"):
        duties_evaluate()
    assert list(Duty.objects.unscoped("test").order_by("pk").values()) == before
    assert Run.objects.get().last_on == TODAY


def test_unprovable_turns_before_the_platform_went_live_are_not_raised(house: House) -> None:
    live_mark()
    with clock.set_to(TODAY):
        duties_evaluate()
    dues = set(Duty.objects.unscoped("test").filter(rule="MT-05", unit=house.branch_a).values_list("due", flat=True))
    assert dues == {date(2026, 11, 30)}
    with clock.set_to(date(2027, 1, 2)):
        duties_evaluate()
    dues = set(
        Duty.objects.unscoped("test")
        .filter(rule="MT-05", unit=house.branch_a, state=DutyState.OPEN)
        .values_list("due", flat=True)
    )
    assert dues == {date(2026, 12, 31), date(2027, 1, 31)}


def test_hours_are_summed_not_counted(house: House) -> None:
    person = house.people["member"]

    def hours(count: int) -> None:
        fact_record(
            actor=SYSTEM,
            fact=NewFact(
                "study.hours",
                house.branch_a,
                TODAY,
                ("test", f"{count}"),
                person,
                quantity=count,
                payload={"topic": "党课"},
            ),
        )

    hours(31)
    duties_evaluate()
    assert [duty.state for duty in duties(person, "ED-01")] == [DutyState.OPEN]
    hours(1)
    duties_evaluate()
    assert [duty.state for duty in duties(person, "ED-01")] == [DutyState.CLOSED]


def test_dues_are_not_asked_where_none_was_ever_recorded(house: House) -> None:
    duties_evaluate(rules=[registry.rule("DF-13")])
    assert not Duty.objects.unscoped("test").filter(rule="DF-13").exists()
    fact_record(
        actor=SYSTEM,
        fact=NewFact(
            "dues.paid", house.branch_a, TODAY, ("test", "1"), house.people["member"], payload={"month": "2026-11"}
        ),
    )
    duties_evaluate(rules=[registry.rule("DF-13")])
    rows = Duty.objects.unscoped("test").filter(rule="DF-13")
    assert set(rows.values_list("unit_id", flat=True)) == {house.branch_a.pk}
    assert house.people["member"].pk not in set(rows.values_list("person_id", flat=True))


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_write_and_tell_each_thing_once() -> None:
    house = two_branches()
    people = [applicant(house) for _number in range(5)]
    live_mark()
    failures: list[BaseException] = []
    rules = [registry.rule(name) for name in ("DM-03", "BR-02", "MT-01", "ED-03")]  # few: SQLite lets writers starve

    def work() -> None:
        try:
            duties_evaluate(rules=rules)
            reminders_send(rules=rules)
        except BaseException as error:
            failures.append(error)
        finally:
            connections["default"].close()

    with clock.set_to(TODAY):
        threads = [threading.Thread(target=work) for _number in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert failures == []
    for person in people:
        (duty,) = duties(person)
        assert Reminder.objects.filter(duty=duty).count() == 1
        assert Item.objects.filter(key=f"duty:{duty.pk}").count() == 1


def test_a_fact_that_nobody_counted_is_found_within_the_hour(house: House) -> None:
    mine, other = applicant(house), applicant(house, side="b")
    evaluate.func()
    talk(house, mine)  # the process died after the commit: no handler has run
    (open_still,) = duties(mine)
    assert open_still.state == DutyState.OPEN
    with clock.set_to(datetime(2026, 11, 23, 13, 20, tzinfo=SHANGHAI)):
        assert daily.func() == 0  # nothing new to tell
    (closed,) = duties(mine)
    (kept,) = duties(other)
    assert (closed.state, kept.state) == (DutyState.CLOSED, DutyState.OPEN)
    assert not Item.objects.filter(key=f"duty:{closed.pk}", done_at__isnull=True).exists()


def test_what_opens_by_a_fact_that_nobody_counted_is_told_too(house: House) -> None:
    evaluate.func()
    person = applicant(house)
    with clock.set_to(datetime(2026, 11, 23, 13, 20, tzinfo=SHANGHAI)):
        assert daily.func() > 0
        assert daily.func() == 0
    (duty,) = duties(person)
    assert Reminder.objects.filter(duty=duty).count() == 1


def test_a_day_that_was_counted_and_not_told_is_told_within_the_hour(house: House) -> None:
    person = applicant(house)
    duties_evaluate()  # and then the worker was killed, once too often for the queue
    assert Reminder.objects.count() == 0
    assert daily.func() > 0
    assert daily.func() == 0
    (duty,) = duties(person)
    assert Reminder.objects.filter(duty=duty).count() == 1


def test_the_number_of_queries_does_not_depend_on_the_number_of_people(
    house: House, django_assert_max_num_queries
) -> None:
    applicant(house)
    from django.test.utils import CaptureQueriesContext

    duties_evaluate()
    with CaptureQueriesContext(connection) as few:
        duties_evaluate()
    for _number in range(20):
        applicant(house)
    duties_evaluate()
    with CaptureQueriesContext(connection) as many:
        duties_evaluate()
    assert len(many) == len(few)
