"""Facts: written once, corrected by new rows, told in sentences, kept in one's scope."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.kernel import bus, clock
from liaoyuan.kernel.errors import Conflict, DomainError, NotPermitted
from liaoyuan.organisation.chronicle import kinds
from liaoyuan.organisation.chronicle.events import FactsRecorded
from liaoyuan.organisation.chronicle.kinds import FactKind
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.chronicle.selectors import current, facts_visible, person_story, unit_story
from liaoyuan.organisation.chronicle.services import (
    NewFact,
    fact_correct,
    fact_record,
    fact_withdraw,
    facts_record,
    facts_restate,
)
from liaoyuan.organisation.members.tests.factories import two_branches
from liaoyuan.organisation.units.events import UnitPathsChanged

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 1)
KIND = FactKind(
    key="chronicle_test.talk",
    label="同入党申请人谈话",
    sentence="{name}在{unit}谈话，方式：{how}",
    schema={"how": str, "minutes": int, "until": str},
    required=frozenset({"how"}),
    icon="message",
)
SEALED = FactKind(key="chronicle_test.sealed", label="密件", sentence="{name}来信", see="mailbox.view")


@pytest.fixture(autouse=True)
def _kinds(monkeypatch):
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    kinds.register(KIND, SEALED)


@pytest.fixture
def house():
    return two_branches()


def talk(of, **changes) -> NewFact:
    values = {
        "kind": KIND.key,
        "unit": of.unit,
        "occurred_on": DAY,
        "source": ("chronicle_test", f"talk-{of.number}"),
        "person": of,
        "payload": {"how": "电话"},
    } | changes
    return NewFact(**values)


def secretary(house):
    return house.actor("branch_secretary")


def own(house):
    """A person of the secretary's branch, and one of the branch beside it."""
    return house.people["member"], house.people["member_b"]


def test_a_fact_is_written_once_however_often_it_is_told(house):
    person, _other = own(house)
    first = fact_record(actor=secretary(house), fact=talk(person))
    again = fact_record(actor=secretary(house), fact=talk(person))
    assert first.pk == again.pk
    assert Fact.objects.unscoped("test").count() == 1
    assert AuditEntry.objects.filter(action="chronicle.record", subject_id=person.pk).count() == 1


def test_the_same_source_with_other_content_is_a_conflict_and_changes_nothing(house):
    person, _other = own(house)
    fact_record(actor=secretary(house), fact=talk(person))
    with pytest.raises(Conflict):
        fact_record(actor=secretary(house), fact=talk(person, payload={"how": "当面"}))
    assert Fact.objects.unscoped("test").get().payload == {"how": "电话"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "nobody.knows"}, "kind"),
        ({"person": None}, "person"),
        ({"occurred_on": date(2999, 1, 1)}, "occurred_on"),
        ({"payload": {}}, "payload"),
        ({"payload": {"how": "电话", "colour": "red"}}, "payload"),
        ({"payload": {"how": 3}}, "payload"),
        ({"payload": {"how": "电话", "minutes": True}}, "payload"),
        ({"payload": {"how": "电话", "until": "很久以后"}}, "until"),
        ({"payload": {"how": "电话", "until": "9999-12-31"}}, "until"),
    ],
)
def test_what_cannot_be_true_is_refused(house, changes, field):
    person, _other = own(house)
    with pytest.raises(DomainError) as error:
        fact_record(actor=secretary(house), fact=talk(person, **changes))
    assert error.value.field == field
    assert not Fact.objects.unscoped("test").exists()


def test_a_correction_keeps_the_old_row_and_tells_the_new_one(house):
    person, _other = own(house)
    wrong = fact_record(actor=secretary(house), fact=talk(person))
    right = fact_correct(
        actor=house.actor("organisation_clerk"), fact=wrong, occurred_on=DAY - timedelta(days=1), reason="日期记错"
    )
    story = person_story(secretary(house), person)
    assert [(one.id, one.occurred_on, one.corrected) for one in story] == [(right.pk, DAY - timedelta(days=1), True)]
    assert Fact.objects.unscoped("test").count() == 2
    with pytest.raises(Conflict):
        fact_correct(actor=house.actor("organisation_clerk"), fact=wrong, occurred_on=DAY, reason="再改")


def test_as_known_on_a_past_day_shows_what_was_believed_then(house):
    person, _other = own(house)
    clerk = house.actor("organisation_clerk")
    shanghai = ZoneInfo("Asia/Shanghai")
    with clock.set_to(datetime(2026, 11, 2, 9, tzinfo=shanghai)):
        first = fact_record(actor=clerk, fact=talk(person))
    with clock.set_to(datetime(2026, 11, 9, 9, tzinfo=shanghai)):
        second = fact_correct(actor=clerk, fact=first, payload={"how": "当面"}, reason="方式记错")
    with clock.set_to(datetime(2026, 11, 16, 9, tzinfo=shanghai)):
        fact_withdraw(actor=clerk, fact=second, reason="张冠李戴")

    def known(day: int) -> list:
        moment = datetime(2026, 11, day, 12, tzinfo=shanghai)
        return [row.payload["how"] for row in current(Fact.objects.unscoped("test"), known_at=moment)]

    assert [known(day) for day in (1, 3, 10, 17)] == [[], ["电话"], ["当面"], []]
    assert not current(Fact.objects.unscoped("test")).exists()


def test_a_correction_needs_a_reason_and_the_right_to(house):
    person, _other = own(house)
    fact = fact_record(actor=secretary(house), fact=talk(person))
    with pytest.raises(DomainError):
        fact_correct(actor=house.actor("organisation_clerk"), fact=fact, occurred_on=DAY, reason=" ")
    for persona in ("member", "group_leader", "member_b", "inspector", "audit_admin"):
        with pytest.raises(NotPermitted):
            fact_withdraw(actor=house.actor(persona), fact=fact, reason="不对")
    assert Fact.objects.unscoped("test").count() == 1


def test_facts_stay_in_scope_and_everybody_sees_his_own(house):
    person, other = own(house)
    system = house.actor("organisation_clerk")
    for one in (person, other):
        fact_record(actor=system, fact=talk(one))
    assert {row.person_id for row in facts_visible(secretary(house))} == {person.pk}
    assert {row.person_id for row in facts_visible(house.actor("member"))} == {person.pk}
    assert {row.person_id for row in facts_visible(house.actor("member_b"))} == {other.pk}
    assert person_story(secretary(house), other) == []
    for admin in ("system_admin", "security_admin", "audit_admin"):
        assert not facts_visible(house.actor(admin)).exists()


def test_a_kind_can_ask_for_more_than_the_chronicle_does(house):
    person, _other = own(house)
    fact_record(actor=secretary(house), fact=talk(person, kind=SEALED.key, payload={}))
    assert person_story(secretary(house), person) == []
    assert [one.sentence for one in person_story(house.actor("member"), person)] == [f"{person.name}来信"]


def test_a_story_tells_sentences_in_constant_queries(house, django_assert_num_queries):
    person, _other = own(house)
    actor = secretary(house)
    for number in range(12):
        fact_record(actor=actor, fact=talk(person, source=("chronicle_test", f"n{number}")))
    with django_assert_num_queries(1):
        story = unit_story(actor, person.unit.path)
    assert len(story) == 12
    assert story[0].sentence == f"{person.name}在{person.unit.name}谈话，方式：电话"


def test_many_facts_are_written_at_once_and_known_ones_passed_over(house):
    person, other = own(house)
    actor = house.actor("organisation_clerk")
    fact_record(actor=actor, fact=talk(person))
    assert facts_record(actor=actor, facts=[talk(person), talk(other)]) == 1
    assert facts_record(actor=actor, facts=[talk(person), talk(other)]) == 0
    assert Fact.objects.unscoped("test").count() == 2


def test_writing_many_never_counts_the_ledger_and_tells_of_the_new_ones_alone(
    house, django_capture_on_commit_callbacks, monkeypatch
):
    person, other = own(house)
    actor = house.actor("organisation_clerk")
    fact_record(actor=actor, fact=talk(person))
    heard = []
    monkeypatch.setitem(bus._after, FactsRecorded, [heard.append])
    with CaptureQueriesContext(connection) as asked, django_capture_on_commit_callbacks(execute=True):
        facts_record(actor=actor, facts=[talk(person), talk(other)])
    assert not [query["sql"] for query in asked if "COUNT(" in query["sql"] and "chronicle_fact" in query["sql"]]
    assert [event.person_ids for event in heard] == [frozenset({other.pk})]


def test_a_source_restated_as_it_stands_writes_nothing_and_as_it_does_not_supersedes(house):
    person, _other = own(house)
    first = fact_record(actor=secretary(house), fact=talk(person))
    source = (first.source_app, first.source_id)

    def restate(*facts, reason="看错了"):
        return facts_restate(actor=secretary(house), source=source, facts=facts, reason=reason)

    assert restate(talk(person)) == 0
    assert restate(talk(person, payload={"how": "当面"})) == 1
    assert restate() == 1  # withdrawn
    assert restate() == 0
    assert restate(talk(person)) == 1  # and told again
    with pytest.raises(DomainError):
        restate(reason=" ")
    with pytest.raises(DomainError):
        restate(talk(person, source=("chronicle_test", "another")))
    rows = Fact.objects.unscoped("test")
    assert [row.payload for row in current(rows)] == [{"how": "电话"}]
    assert rows.count() == 4
    assert AuditEntry.objects.filter(action="chronicle.restate", reason="看错了").count() == 3


def test_whoever_listens_hears_of_new_and_corrected_facts(house, django_capture_on_commit_callbacks, monkeypatch):
    person, _other = own(house)
    heard = []
    monkeypatch.setitem(bus._after, FactsRecorded, [heard.append])
    with django_capture_on_commit_callbacks(execute=True):
        fact = fact_record(actor=secretary(house), fact=talk(person, quantity=Decimal("1.5")))
        fact_withdraw(actor=house.actor("organisation_clerk"), fact=fact, reason="不对")
    assert [(event.kinds, event.person_ids) for event in heard] == [(frozenset({KIND.key}), frozenset({person.pk}))] * 2


def test_facts_follow_their_unit_when_it_moves(house):
    person, _other = own(house)
    fact = fact_record(actor=secretary(house), fact=talk(person))
    bus.publish(UnitPathsChanged(moves=((fact.path, "0000000Z"),)))
    fact.refresh_from_db()
    assert fact.path == "0000000Z"


@pytest.mark.parametrize(
    "bad",
    [
        FactKind(key=KIND.key, label="另一个", sentence="{name}"),
        FactKind(key="chronicle_test.x", label="甲", sentence="{nothing}"),
        FactKind(key="chronicle_test.y", label="乙", sentence="{name}", required=frozenset({"how"})),
    ],
)
def test_a_kind_that_contradicts_itself_or_another_is_refused(bad):
    with pytest.raises(ValueError, match=r"chronicle_test"):
        kinds.register(bad)
