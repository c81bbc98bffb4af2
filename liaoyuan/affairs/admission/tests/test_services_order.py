"""Days out of lawful order are refused where they are entered and where they are corrected; nothing changes then."""

from datetime import date

import pytest

from liaoyuan.affairs.admission.models import StepRecord
from liaoyuan.affairs.admission.services import converting, listing
from liaoyuan.affairs.admission.services.correcting import record_correct
from liaoyuan.affairs.admission.tests.test_services_refusals import NEW
from liaoyuan.affairs.admission.tests.walk import HEARD, Walk
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import DomainError

D = date.fromisoformat
pytestmark = pytest.mark.django_db


def seen(walk: Walk) -> tuple[int, str, object]:
    """What must not change where an act is refused."""
    walk.case.refresh_from_db()
    walk.person.refresh_from_db()
    standings = tuple(walk.person.standings.values_list("kind", "since"))
    return walk.case.records.count(), walk.case.standing, standings


def refused(walk: Walk, at: str, service: object, **more: object) -> DomainError:
    before = seen(walk)
    with clock.set_to(D(at)), pytest.raises(DomainError) as error:
        service(actor=walk.secretary, case=walk.case.pk, **more)  # type: ignore[operator]
    assert seen(walk) == before
    return error.value


def test_a_candidate_is_listed_from_the_day_on_which_the_posting_is_over(walk: Walk) -> None:
    walk.to("list")
    found = refused(walk, "2027-09-20", listing.candidate_list, on=D("2027-09-14"))
    assert (found.field, found.clause) == ("on", f"{NEW}第13条")
    with clock.set_to(D("2027-09-20")):
        listing.candidate_list(actor=walk.secretary, case=walk.case.pk, on=D("2027-09-15"))
    walk.person.refresh_from_db()
    assert walk.person.standing == "candidate"


def test_the_proposal_is_dated_from_the_last_opinion(walk: Walk) -> None:
    walk.to("opinion:group")
    with clock.set_to(D("2027-09-25")):
        for source in ("group", "mentors", "members", "masses"):
            listing.opinion_record(
                actor=walk.secretary, case=walk.case.pk, on=D("2027-09-20"), source=source, summary="同意列为"
            )
    found = refused(walk, "2027-09-25", listing.candidate_propose, on=D("2027-09-19"))
    assert (found.field, found.clause) == ("on", f"{NEW}第13条")
    with clock.set_to(D("2027-09-25")):
        listing.candidate_propose(actor=walk.secretary, case=walk.case.pk, on=D("2027-09-20"))


def test_opinions_are_heard_anew_after_a_refusal(walk: Walk) -> None:
    walk.to("consent")
    walk.do("consent", agreed=False, reason="培养时间不足")
    more = {"source": "group", "summary": "同意列为"}
    assert refused(walk, "2027-09-10", listing.opinion_record, on=D("2027-09-05"), **more).field == "on"
    with clock.set_to(D("2027-09-10")):
        listing.opinion_record(actor=walk.secretary, case=walk.case.pk, on=D("2027-09-06"), **more)


def test_converting_is_examined_after_the_application(walk: Walk) -> None:
    walk.to("conversion_apply")
    walk.do("conversion_apply", on="2028-12-20")
    more = {"sources": HEARD, "outcome": "convert"}
    assert refused(walk, "2028-12-30", converting.conversion_check, on=D("2028-12-19"), **more).field == "on"
    with clock.set_to(D("2028-12-30")):
        converting.conversion_check(actor=walk.secretary, case=walk.case.pk, on=D("2028-12-20"), **more)


@pytest.mark.parametrize(
    ("to", "act", "on", "said"),
    [
        ("consent", "opinion", "2027-09-02", "支委会讨论拟列发展对象"),
        ("introducers", "posted", "2027-09-16", "列为发展对象"),
        ("conversion_meeting", "conversion_apply", "2028-11-09", "征求意见、支委会审查"),
    ],
)
def test_a_correction_keeps_the_order_too(walk: Walk, to: str, act: str, on: str, said: str) -> None:
    walk.to(to)
    old = StepRecord.objects.filter(case=walk.case, act=act, live=True).first()
    assert old is not None
    more = {"record": old.pk, "reason": "日期抄错", "on": D(on)}
    assert said in refused(walk, "2029-01-01", record_correct, **more).message
