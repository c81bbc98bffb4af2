"""From a duty to where it is seen to."""

from datetime import date

import pytest

from liaoyuan.affairs.admission import desk
from liaoyuan.affairs.admission.services.hand import BY_HAND
from liaoyuan.affairs.admission.tests.walk import Walk
from liaoyuan.kernel import clock
from liaoyuan.organisation.duties import registry
from liaoyuan.organisation.duties.models import Duty
from liaoyuan.organisation.duties.services.run import duties_evaluate

pytestmark = pytest.mark.django_db


@pytest.fixture
def duty(walk: Walk) -> Duty:
    """The talk that is owed to the applicant."""
    with clock.set_to(date(2026, 6, 20)):
        duties_evaluate()
    return Duty.objects.unscoped("test").get(rule="DM-03", person=walk.person)


def test_the_secretary_is_led_to_the_form_others_to_the_case_the_neighbour_nowhere(walk: Walk, duty: Duty) -> None:
    act = f"/admission/{walk.case.pk}/do/talk/"
    assert registry.door_of(walk.secretary, duty) == act
    assert registry.door_of(walk.house.actor("inspector"), duty) == f"/admission/{walk.case.pk}/"
    assert registry.door_of(walk.house.actor("branch_secretary_b"), duty) == ""


def test_what_takes_several_acts_leads_to_the_case(walk: Walk, duty: Duty) -> None:
    duty.rule = "DM-23"
    assert registry.door_of(walk.secretary, duty) == f"/admission/{walk.case.pk}/"


def test_a_closed_case_has_no_door(walk: Walk, duty: Duty) -> None:
    with clock.set_to(date(2026, 6, 20)):
        walk.case.closed_as, walk.case.step = "stopped", None
        walk.case.save()
    assert registry.door_of(walk.secretary, duty) == ""


def test_every_rule_of_admission_has_a_door() -> None:
    assert {rule.id for rule in registry.all_rules() if rule.id.startswith("DM-")} == set(desk.DOORS)


def test_every_duty_of_admission_is_closed_by_hand_with_facts_that_the_case_takes() -> None:
    rules = [rule for rule in registry.all_rules() if rule.id.startswith("DM-")]
    for rule in rules:
        kept = [kind for kind in rule.record if kind != rule.settled]
        assert kept, rule.id
        assert set(kept) <= set(BY_HAND), rule.id
