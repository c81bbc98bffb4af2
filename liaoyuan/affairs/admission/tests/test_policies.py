"""Nobody acts in his own case, whatever posts he holds: neither decides, nor keeps its papers."""

import pytest

from liaoyuan.affairs.admission.models import Paper
from liaoyuan.affairs.admission.policies import can_act, can_keep
from liaoyuan.affairs.admission.rules.acts import Act
from liaoyuan.affairs.admission.services.papers import paper_record
from liaoyuan.affairs.admission.tests.walk import Walk
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import NotPermitted
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.tests.factories import account_for, appoint

pytestmark = pytest.mark.django_db


@pytest.fixture
def himself(walk: Walk) -> Actor:
    """The applicant, who holds the branch's posts."""
    account_for(walk.person, "shenming")
    walk.house.users["self"] = walk.person.user
    walk.house.people["self"] = walk.person
    appoint(walk.person, walk.house.branch_a, "secretary", "branch_secretary")
    return walk.house.actor("self")


@pytest.mark.parametrize("act", list(Act))
def test_nobody_does_an_act_in_his_own_case(walk: Walk, himself: Actor, act: Act) -> None:
    assert not can_act(himself, walk.case, act)
    assert "自己" in can_act(himself, walk.case, act).reason


def test_nobody_keeps_the_papers_of_his_own_case(walk: Walk, himself: Actor) -> None:
    assert can_keep(walk.secretary, walk.case)
    assert not can_keep(himself, walk.case)
    with clock.set_to(walk.day("talk")), pytest.raises(NotPermitted, match="自己"):
        paper_record(actor=himself, case=walk.case.pk, kind="application", received_on=walk.day("talk"))
    assert not Paper.objects.filter(case=walk.case).exists()
