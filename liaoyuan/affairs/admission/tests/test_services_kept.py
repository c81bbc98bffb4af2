"""Decisions of a case are written down past it by nobody: not while it is open, nor by whoever could not take them."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from liaoyuan.affairs.admission.services import converting
from liaoyuan.affairs.admission.services.hand import BY_HAND, IN_CASE
from liaoyuan.affairs.admission.services.noting import KEPT, PLAIN
from liaoyuan.affairs.admission.tests.pages import Visitor, said
from liaoyuan.affairs.admission.tests.walk import Walk, outsider
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import DomainError, NotPermitted
from liaoyuan.organisation.chronicle import hands, kinds
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.chronicle.services import fact_note
from liaoyuan.organisation.duties.models import Duty
from liaoyuan.organisation.duties.services import duties_evaluate
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.members.tests.factories import House

D = date.fromisoformat
DAY = D("2026-07-20")
pytestmark = pytest.mark.django_db
MORE: dict[str, dict[str, str]] = {
    "admission.extended": {"until": "2035-01-01"},
    "admission.stopped": {"note": "本人放弃"},
}
# Who might take it in a case: the branch's secretary, or the committee above.
BRANCH = {"admission.resolution_reported", "admission.lapsed", "admission.stopped"}


def note(house: House, by: str, kind: str, person: Person, on: date = DAY) -> Fact:
    with clock.set_to(DAY):
        return fact_note(
            actor=house.actor(by), declared=kinds.kind(kind), unit=house.branch_a, person=person, occurred_on=on,
            payload={"evidence": "会议记录", **MORE.get(kind, {})},
        )  # fmt: skip


def noted() -> set[str]:
    return set(Fact.objects.unscoped("test").filter(kind__in=IN_CASE).values_list("kind", flat=True))


def test_every_kind_of_admission_that_may_be_written_by_hand_is_kept() -> None:
    """A new kind is judged by the case, or said to be written there alone."""
    declared = {one.key for one in kinds.all_kinds() if one.key.startswith("admission.") and "evidence" in one.schema}
    assert declared <= set(KEPT) == set(BY_HAND) | set(IN_CASE)


@pytest.mark.parametrize("kind", sorted(IN_CASE))
@pytest.mark.parametrize("by", ["branch_secretary", "organisation_clerk"])
def test_while_a_case_is_open_it_is_done_there(walk: Walk, kind: str, by: str) -> None:
    walk.to("talk")
    with clock.set_to(DAY):
        duties_evaluate()
    before = set(Duty.objects.unscoped("t").filter(person=walk.person).values_list("rule", "state"))
    with pytest.raises(DomainError) as found:
        note(walk.house, by, kind, walk.person)
    if by == "organisation_clerk" or kind in BRANCH:
        assert "请在案卷中办理" in found.value.message
    else:
        assert isinstance(found.value, NotPermitted)
    with clock.set_to(DAY):
        duties_evaluate()
    assert noted() == set()
    assert set(Duty.objects.unscoped("t").filter(person=walk.person).values_list("rule", "state")) == before


def test_what_came_before_the_open_case_may_be_written_down(walk: Walk) -> None:
    """An earlier attempt that ended before the application of the present case."""
    fact = note(walk.house, "branch_secretary", "admission.stopped", walk.person, on=D("2026-05-31"))
    assert noted() == {"admission.stopped"}
    assert not hands.mended_elsewhere(fact)
    with pytest.raises(DomainError, match="请在案卷中办理"):
        note(walk.house, "branch_secretary", "admission.stopped", walk.person, on=D("2026-06-01"))


@pytest.mark.parametrize("kind", sorted(kind for kind, act in KEPT.items() if act not in PLAIN))
def test_without_a_case_whoever_might_take_it_in_one_writes_it_down(house: House, kind: str) -> None:
    person = outsider(house)
    branch = kind in BRANCH | {"admission.proposed", "admission.general_meeting", "admission.postponed",
                               "admission.conversion_reported", "notices.posting_closed"}  # fmt: skip
    may = {
        by: bool(hands.may_write(house.actor(by), kind, person.pk))
        for by in ("member", "branch_secretary", "branch_secretary_b", "battalion_secretary", "organisation_clerk")
    }
    assert may == {
        "member": False, "branch_secretary": branch, "branch_secretary_b": False,
        "battalion_secretary": not branch or may["battalion_secretary"], "organisation_clerk": True,
    }  # fmt: skip
    assert not hands.may_write(house.actor("branch_secretary"), kind, None)


@pytest.mark.parametrize(("kind", "by"), [("admission.extended", "organisation_clerk"),
                                          ("admission.stopped", "branch_secretary")])  # fmt: skip
def test_it_is_written_down_of_somebody_without_a_case(house: House, kind: str, by: str) -> None:
    note(house, by, kind, outsider(house))
    assert noted() == {kind}


def test_nobody_writes_down_his_own_decision(house: House) -> None:
    secretary = house.people["branch_secretary"]
    with pytest.raises(NotPermitted, match="自己"):
        note(house, "branch_secretary", "admission.stopped", secretary)
    assert noted() == set()


def test_the_page_says_where_it_is_done_and_keeps_what_was_typed(walk: Walk) -> None:
    visitor = Visitor(walk.house, "branch_secretary")
    with visitor._on("2026-07-20"):
        answer: Any = visitor.client.post(
            reverse("chronicle:note", args=["admission.stopped"]),
            {
                "person": walk.person.number,
                "occurred_on": "2026-07-20",
                "fact_note": "本人放弃",
                "fact_evidence": "记录本",
            },
        )
    assert answer.status_code == 422
    assert "请在案卷中办理" in said(answer)
    assert "本人放弃" in said(answer)
    assert noted() == set()


def test_the_case_itself_tells_them_as_before(walk: Walk) -> None:
    with clock.set_to(DAY):
        converting.case_stop(actor=walk.secretary, case=walk.case.pk, on=DAY, why="本人放弃", standing="masses")
    assert noted() == {"admission.stopped"}
