"""Who is under a penalty: the longest effect counts, and rights come back by a decision that says so."""

from datetime import date

import pytest

from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import DomainError
from liaoyuan.organisation.chronicle import kinds
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.duties.models import Duty, DutyState
from liaoyuan.organisation.duties.selectors.penalties import RESTORED, penalties
from liaoyuan.organisation.duties.services import duties_evaluate, duty_record
from liaoyuan.organisation.duties.tests.conftest import SYSTEM, happened
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.members.tests.factories import House, two_branches

D = date.fromisoformat
LATER = D("2027-12-01")


@pytest.fixture
def house(db: None) -> House:
    with clock.set_to(D("2026-01-05")):
        found = two_branches()
        duties_evaluate()
    return found


def under(person: Person, on: str) -> str:
    return penalties([person.pk], D(on)).get(person.pk, "")


@pytest.mark.parametrize(
    ("first", "second"),
    [("discipline.serious_warning", "discipline.warning"), ("discipline.warning", "discipline.serious_warning")],
)
def test_the_longest_effect_counts_whichever_came_last(house: House, first: str, second: str) -> None:
    """Eighteen months from January end after twelve months from February, and the other way round."""
    member, other = house.people["member"], house.people["member_b"]
    with clock.set_to(LATER):
        happened(member, first, D("2026-01-01"))
        happened(member, second, D("2026-02-01"))
    last = "2027-07-01" if first == "discipline.serious_warning" else "2027-08-01"
    assert under(member, last) == "effect"
    assert under(member, (D(last).replace(day=2)).isoformat()) == ""
    assert under(other, last) == ""


def test_a_note_that_one_effect_has_run_out_says_nothing_of_another(house: House) -> None:
    member = house.people["member"]
    with clock.set_to(LATER):
        happened(member, "discipline.serious_warning", D("2026-01-01"))
        happened(member, "discipline.warning", D("2026-02-01"))
        happened(member, "discipline.effect_ended", D("2027-02-01"))
    assert [under(member, on) for on in ("2027-02-01", "2027-07-01", "2027-07-02")] == ["effect", "effect", ""]


@pytest.mark.parametrize(
    ("kind", "payload", "expected"),
    [
        ("discipline.probation_decided", {"result": RESTORED}, ""),
        ("discipline.probation_decided", {"result": "开除党籍"}, "probation"),
        ("discipline.probation_decided", {"result": "延长一年"}, "probation"),  # as free words said it once
        ("discipline.probation_extended", {"until": "2028-01-01"}, "probation"),
    ],
)
def test_rights_come_back_by_the_decision_that_restores_them(
    house: House, kind: str, payload: dict[str, str], expected: str
) -> None:
    member = house.people["member"]
    with clock.set_to(LATER):
        happened(member, "discipline.probation", D("2026-01-01"), until="2027-01-01")
        happened(member, kind, D("2027-01-02"), **payload)
    assert [under(member, on) for on in ("2025-12-31", "2026-01-01", "2027-01-01")] == ["", "probation", "probation"]
    assert under(member, "2027-01-02") == expected


def test_a_new_probation_binds_again(house: House) -> None:
    member = house.people["member"]
    with clock.set_to(LATER):
        happened(member, "discipline.probation", D("2026-01-01"), until="2027-01-01")
        happened(member, "discipline.probation_decided", D("2027-01-02"), result=RESTORED)
        happened(member, "discipline.probation", D("2027-06-01"), until="2028-06-01")
    assert [under(member, on) for on in ("2027-05-31", "2027-06-01")] == ["", "probation"]


def test_the_form_offers_what_a_decision_can_be() -> None:
    declared = kinds.kind("discipline.probation_decided")
    assert declared.choices == {"result": (RESTORED, "开除党籍")}


def test_a_probation_that_is_prolonged_is_due_at_its_new_end(house: House) -> None:
    member = house.people["member"]
    with clock.set_to(D("2027-01-02")):
        happened(member, "discipline.probation", D("2026-02-01"), until="2027-01-01")
        happened(house.people["member_b"], "discipline.probation", D("2026-02-01"), until="2027-01-01")
        duties_evaluate()

        def duty(person: Person) -> Duty:
            return Duty.objects.unscoped("t").get(rule="DP-05", person=person, state=DutyState.OPEN)

        assert duty(member).due == D("2027-01-01")
        duty_record(
            actor=SYSTEM, duty=duty(member), occurred_on=D("2027-01-02"), kind="discipline.probation_extended",
            payload={"until": "2028-01-01", "evidence": "旅党委会议记录"},
        )  # fmt: skip
        duties_evaluate()
        assert duty(member).due == D("2028-01-01")
        assert duty(house.people["member_b"]).due == D("2027-01-01")  # the neighbour's stays
        rules = Duty.objects.unscoped("t").filter(person=member, state=DutyState.OPEN).values_list("rule", flat=True)
        assert "DP-06" not in rules  # nothing was restored
    with clock.set_to(D("2028-01-03")):
        duty_record(
            actor=SYSTEM, duty=duty(member), occurred_on=D("2028-01-03"),
            payload={"result": RESTORED, "evidence": "旅党委会议记录"},
        )  # fmt: skip
        duties_evaluate()
        rules = Duty.objects.unscoped("t").filter(person=member, state=DutyState.OPEN).values_list("rule", flat=True)
        assert "DP-05" not in rules
        assert "DP-06" in rules


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        ("2026-02-01", "2028-01-02", "最迟到 2028-01-01"),  # a year more at most
        ("2025-06-01", "2027-06-02", "最迟到 2027-06-01"),  # two years in all
        ("2026-02-01", "2027-01-01", "应到那以后"),
    ],
)
def test_a_probation_is_prolonged_by_a_year_and_to_two_in_all(house: House, since: str, until: str, words: str) -> None:
    member = house.people["member"]
    with clock.set_to(D("2027-01-02")):
        happened(member, "discipline.probation", D(since), until="2027-01-01")
        duties_evaluate()
        row = Duty.objects.unscoped("t").get(rule="DP-05", person=member, state=DutyState.OPEN)
        with pytest.raises(DomainError, match=words) as found:
            duty_record(
                actor=SYSTEM, duty=row, occurred_on=D("2027-01-02"), kind="discipline.probation_extended",
                payload={"until": until, "evidence": "旅党委会议记录"},
            )  # fmt: skip
        assert (found.value.field, found.value.clause[-4:]) == ("until", "第12条")
        assert not Fact.objects.unscoped("t").filter(kind="discipline.probation_extended").exists()
