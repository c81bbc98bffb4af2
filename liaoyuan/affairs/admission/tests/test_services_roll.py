"""A vote on paper starts from the roll of its branch and day, whichever way it gets into the case."""

from datetime import date
from typing import Any

import pytest

from liaoyuan.affairs.admission.models import StepRecord
from liaoyuan.affairs.admission.selectors.roll import roll_of
from liaoyuan.affairs.admission.services.accepting import Votes
from liaoyuan.affairs.admission.services.correcting import record_correct
from liaoyuan.affairs.admission.tests.meetings import at
from liaoyuan.affairs.admission.tests.pages import Visitor
from liaoyuan.affairs.admission.tests.test_services_refusals import refused
from liaoyuan.affairs.admission.tests.walk import VOTERS, Walk
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import DomainError
from liaoyuan.organisation.members.models import Membership
from liaoyuan.organisation.members.services import membership_move
from liaoyuan.organisation.units.tests.factories import UnitFactory

D = date.fromisoformat
pytestmark = pytest.mark.django_db
MORE = Votes(entitled=VOTERS + 1, present=VOTERS, yes=VOTERS, no=0)
FEWER = Votes(entitled=VOTERS - 1, present=VOTERS - 1, yes=VOTERS - 1, no=0)
LEFT_OUT = "老同志长期卧床，旅党委 11 月 1 日同意不计入"


@pytest.mark.parametrize("act", ["meeting", "conversion_meeting"])
def test_nobody_is_entitled_beyond_the_roll(walk: Walk, act: str) -> None:
    walk.to(act)
    for votes in (MORE, Votes(entitled=500, present=400, yes=390, no=10)):
        error = refused(walk, act, votes=votes, reason=LEFT_OUT)  # a reason does not make members
        assert (error.field, error.clause) == ("entitled", "《中国共产党发展党员工作细则（2026年）》第19条")
        assert f"有表决权的正式党员 {VOTERS} 人" in error.message


@pytest.mark.parametrize("act", ["meeting", "conversion_meeting"])
def test_who_is_left_out_of_the_roll_is_explained(walk: Walk, act: str) -> None:
    walk.to(act)
    for votes in (FEWER, Votes(entitled=1, present=1, yes=1, no=0)):
        error = refused(walk, act, votes=votes)
        assert (error.field, error.clause) == ("reason", "《党内会议表决惯例（由用户单位核定）》第1条")
    record = walk.do(act, votes=FEWER, reason=LEFT_OUT)
    assert (record.reason, [one["code"] for one in record.against]) == (LEFT_OUT, ["under_roll"])


def test_before_the_records_began_the_source_of_the_number_is_told(walk: Walk) -> None:
    """Who had left by the day of the import is unknown: a difference either way is explained, not refused."""
    walk.to("meeting")
    branch = walk.house.branch_a
    Membership.objects.filter(unit=branch).update(recorded_at=at("2027-11-06", 0))
    for votes in (MORE, FEWER):
        assert refused(walk, "meeting", votes=votes).field == "reason"
    one = Membership.objects.filter(person=walk.person)
    one.update(recorded_at=at("2027-11-05", 23))  # on the day itself they have begun
    assert refused(walk, "meeting", votes=MORE, reason="会议记录本").field == "entitled"
    one.update(recorded_at=at("2027-11-06", 0))
    record = walk.do("meeting", votes=MORE, reason="2027年会议记录本第7页")
    assert (record.detail["entitled"], record.against[0]["code"]) == (VOTERS + 1, "roll_uncertain")


def test_the_roll_is_that_of_the_branch_he_belonged_to_on_the_day(walk: Walk) -> None:
    """He has moved since, and the case with him: the new branch has nobody with a vote."""
    walk.to("meeting")
    other = UnitFactory(code="L-A-Z2", name="甲营二连党支部", parent=walk.house.battalion_a)
    with clock.set_to(at("2027-11-10")):
        membership_move(actor=walk.clerk, person=walk.person, to_unit=other, on=D("2027-11-10"), reason="调整")
    walk.case.refresh_from_db()
    assert walk.case.unit_id == other.pk
    then, now = roll_of(walk.case, D("2027-11-09")), roll_of(walk.case, D("2027-11-10"))
    assert (then.unit, then.entitled, then.certain) == (walk.house.branch_a.name, VOTERS, True)
    assert (now.unit, now.entitled, now.certain) == (other.name, 0, True)
    unknown = roll_of(walk.case, D("2019-12-31"))  # he belonged to no branch that the platform knows
    assert (unknown.unit, unknown.certain) == (other.name, False)


def test_a_corrected_count_is_held_to_the_roll_too(walk: Walk) -> None:
    walk.to("report")
    record = StepRecord.objects.get(case=walk.case, act="meeting", live=True)

    def correct(votes: Votes) -> StepRecord:
        with clock.set_to(D("2027-11-06")):
            content = {"votes": votes}
            return record_correct(
                actor=walk.secretary, case=walk.case.pk, record=record.pk, reason="抄错", content=content
            )

    with pytest.raises(DomainError) as found:
        correct(MORE)
    assert found.value.field == "entitled"
    record.refresh_from_db()
    assert (record.live, record.detail["entitled"]) == (True, VOTERS)
    assert correct(FEWER).detail["entitled"] == VOTERS - 1  # its reason is the correction's


def test_the_form_shows_the_refusal_at_the_number_and_asks_for_the_reason(walk: Walk, visitor: Any) -> None:
    walk.to("meeting")
    secretary: Visitor = visitor("branch_secretary")
    data = {"present": "8", "yes": "7", "no": "1", "abstain": "0", "written": "0", "on": "2027-11-05"}
    for entitled, field, words in ((VOTERS + 1, "entitled", "应到会不能填"), (VOTERS - 1, "reason", "少 1 人")):
        answer = secretary.send("act", walk.case.pk, "meeting", at="2027-11-05", entitled=str(entitled), **data)
        assert answer.status_code == 422
        assert words in "".join(answer.context["form"].errors[field])
