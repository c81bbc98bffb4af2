"""After a refusal or a lapse those it is about are told, and a duty stands until it has been discussed anew."""

from datetime import date
from typing import Any

import pytest

from liaoyuan.affairs.admission.services import accepting, converting
from liaoyuan.affairs.admission.services.correcting import record_cancel, record_correct
from liaoyuan.affairs.admission.tests.walk import HEARD, Walk, outsider
from liaoyuan.foundation.inbox.models import Item
from liaoyuan.kernel import clock
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.chronicle.selectors import current
from liaoyuan.organisation.chronicle.services import fact_correct
from liaoyuan.organisation.duties.models import Duty, DutyState
from liaoyuan.organisation.duties.services import duties_evaluate
from liaoyuan.organisation.members.tests.factories import account_for, appoint

D = date.fromisoformat
pytestmark = pytest.mark.django_db
WHY = "材料不实，需进一步核查"
VOTES = accepting.Votes(entitled=9, present=8, yes=7, no=1)
REFUSED = [
    ("consent", {"agreed": False}, "上级党委没有同意将申明列为发展对象", "上级党委没有同意将您列为发展对象"),
    ("pre_review", {"qualified": False}, "申明的入党材料预审不合格", "您的入党材料没有通过党委预审"),
    ("approve", {"agreed": False}, "党委没有批准接收申明为预备党员", "党委没有批准接收您为预备党员"),
    ("conversion_approve", {"agreed": False}, "党委没有批准申明的转正决议", "党委没有批准您的转正决议"),
]


def told() -> dict[str, tuple[str, str]]:
    """Account → title and text of what stands in its inbox about a refusal."""
    rows = Item.objects.filter(key__startswith="admission:refused:", done_at__isnull=True)
    return {user: (title, body) for user, title, body in rows.values_list("user__username", "title", "body")}


def owed(walk: Walk, on: str, *, rules: tuple[str, ...] = ()) -> dict[str, date | None]:
    with clock.set_to(D(on)):
        duties_evaluate()
    rows = Duty.objects.unscoped("test").filter(person=walk.person, state=DutyState.OPEN, rule__startswith="DM-")
    return {rule: due for rule, due in rows.values_list("rule", "due") if not rules or rule in rules}


@pytest.mark.parametrize(("act", "verdict", "branch", "own"), REFUSED)
def test_branch_and_person_are_told_of_a_refusal(
    walk: Walk, act: str, verdict: dict[str, bool], branch: str, own: str
) -> None:
    account_for(walk.person, "shenming")
    Walk(walk.house, outsider(walk.house, "b"), side="b")
    walk.to(act)
    assert told() == {}
    walk.do(act, **verdict, reason=WHY)
    house = walk.house
    secretary = house.users["branch_secretary"].username
    assert set(told()) == {secretary, "shenming"}  # nobody of the other branch
    assert told()[secretary] == (branch, WHY)
    title, body = told()["shenming"]
    assert title == own
    assert WHY not in body  # what was found about him is the branch's to explain


@pytest.mark.parametrize("act", ["consent", "pre_review", "approve", "conversion_approve"])
def test_an_agreement_tells_nobody_that_it_was_refused(walk: Walk, act: str) -> None:
    walk.to(act)
    walk.do(act)
    assert told() == {}


def test_an_officer_who_is_the_person_himself_reads_what_the_person_reads(walk: Walk) -> None:
    account_for(walk.person, "shenming")
    walk.to("conversion_approve")
    appoint(walk.person, walk.house.branch_a, "organisation_officer", "branch_officer")
    walk.do("conversion_approve", agreed=False, reason=WHY)
    assert told()["shenming"][0] == "党委没有批准您的转正决议"


def test_a_refusal_taken_back_leaves_the_inboxes_and_one_that_comes_with_a_correction_is_told(walk: Walk) -> None:
    walk.to("pre_review")
    record = walk.do("pre_review")
    assert told() == {}
    with clock.set_to(D("2027-10-21")):
        new = record_correct(
            actor=walk.clerk, case=walk.case.pk, record=record.pk, reason=WHY, detail={"qualified": False}
        )
        assert list(told().values()) == [("申明的入党材料预审不合格", WHY)]
        record_cancel(actor=walk.clerk, case=walk.case.pk, record=new.pk, reason="登记有误")
    assert told() == {}


def test_a_probationer_whose_conversion_was_refused_is_discussed_anew(walk: Walk) -> None:
    walk.to("conversion_approve")
    walk.do("conversion_approve", agreed=False, reason=WHY)
    assert owed(walk, "2028-12-10") == {"DM-43R": D("2029-01-01")}
    assert owed(walk, "2030-12-10") == {"DM-43R": D("2029-01-01")}
    with clock.set_to(D("2029-01-05")):
        call: dict[str, Any] = {"actor": walk.secretary, "case": walk.case.pk}
        converting.conversion_check(**call, on=D("2029-01-02"), sources=HEARD, outcome="convert")
        converting.conversion_record(**call, on=D("2029-01-03"), outcome="convert", votes=VOTES)
    assert owed(walk, "2030-12-10") == {"DM-43R": D("2029-01-01")}
    with clock.set_to(D("2029-01-05")):
        converting.conversion_report(**call, on=D("2029-01-05"))
    assert owed(walk, "2030-12-10") == {"DM-43": D("2029-04-05")}
    assert Duty.objects.unscoped("test").get(rule="DM-43R").closed_on == D("2029-01-05")


def lapse(walk: Walk, on: str) -> None:
    with clock.set_to(D(on)):
        accepting.meeting_redo(actor=walk.secretary, case=walk.case.pk, on=D(on), why="超期未批")


def test_a_lapsed_resolution_is_put_to_a_meeting_anew(walk: Walk) -> None:
    walk.to("approval_talk")
    lapse(walk, "2028-06-10")
    assert owed(walk, "2028-06-10") == {"DM-36R": D("2028-07-10")}
    with clock.set_to(D("2028-06-20")):
        accepting.meeting_record(actor=walk.secretary, case=walk.case.pk, on=D("2028-06-20"), votes=VOTES)
    assert owed(walk, "2028-06-20") == {}
    with clock.set_to(D("2028-06-21")):
        accepting.resolution_report(actor=walk.secretary, case=walk.case.pk, on=D("2028-06-21"))
    assert owed(walk, "2028-06-21") == {"DM-36": D("2028-09-21")}


def test_a_meeting_held_anew_and_reported_on_the_day_of_the_lapse(walk: Walk) -> None:
    walk.to("approval_talk")
    assert owed(walk, "2027-11-10") == {"DM-36": D("2028-02-08")}
    lapse(walk, "2028-06-10")
    with clock.set_to(D("2028-06-10")):
        accepting.meeting_record(actor=walk.secretary, case=walk.case.pk, on=D("2028-06-10"), votes=VOTES)
        accepting.resolution_report(actor=walk.secretary, case=walk.case.pk, on=D("2028-06-10"))
    assert owed(walk, "2028-06-10") == {"DM-36": D("2028-09-10")}
    walk.do("approval_talk", on="2028-07-01")
    walk.do("approve", on="2028-07-02")
    assert owed(walk, "2028-07-02", rules=("DM-36", "DM-36R")) == {}
    rows = Duty.objects.unscoped("test").filter(rule="DM-36", person=walk.person).order_by("due")
    assert [(row.state, row.closed_on, row.closed_by.kind) for row in rows if row.closed_by] == [
        (DutyState.CLOSED, D("2028-06-10"), "admission.lapsed"),
        (DutyState.CLOSED, D("2028-07-02"), "admission.approved"),
    ]


def test_a_refusal_on_the_day_of_the_report_closes_it_and_the_report_after_it_asks_again(walk: Walk) -> None:
    """One day in the order in which it happened: reported, refused, discussed and reported anew."""
    walk.to("conversion_report")
    with clock.set_to(D("2028-12-01")):
        duties_evaluate()
        call: dict[str, Any] = {"actor": walk.secretary, "case": walk.case.pk, "on": D("2028-12-01")}
        converting.conversion_report(**call)
        assert owed(walk, "2028-12-01") == {"DM-43": D("2029-03-01")}
        refusal = {"on": D("2028-12-01"), "agreed": False, "reason": WHY}
        converting.conversion_approve(actor=walk.clerk, case=walk.case.pk, **refusal)
        assert owed(walk, "2028-12-01") == {"DM-43R": D("2029-01-01")}
        row = Duty.objects.unscoped("test").get(rule="DM-43")
        assert (row.state, row.closed_by.kind if row.closed_by else "") == ("closed", "admission.conversion_refused")
        converting.conversion_check(**call, sources=HEARD, outcome="convert")
        converting.conversion_record(**call, outcome="convert", votes=VOTES)
        converting.conversion_report(**call)
        assert owed(walk, "2028-12-01") == {"DM-43": D("2029-03-01")}
    reports = Fact.objects.unscoped("test").filter(kind="admission.conversion_reported").order_by("pk")
    first, _second = current(reports)
    with clock.set_to(D("2028-12-02")):  # the order is that of the facts, not of their corrections
        fact_correct(actor=walk.clerk, fact=first, reason="补充说明", payload={"note": "附决议"})
    assert owed(walk, "2028-12-02") == {"DM-43": D("2029-03-01")}


def test_an_approval_of_the_day_of_the_report_closes_it_however_it_was_written_down(walk: Walk) -> None:
    """The usual rule of one day stays: what closes, closes."""
    walk.to("report")
    walk.do("report", on="2027-11-20")
    walk.do("approval_talk")
    walk.do("approve", on="2027-11-20")
    assert "DM-36" not in owed(walk, "2027-11-20")
    (fact,) = current(Fact.objects.unscoped("test").filter(kind="admission.resolution_reported"))
    with clock.set_to(D("2027-11-21")):
        fact_correct(actor=walk.clerk, fact=fact, reason="补充说明", payload={"note": "附决议"})
    assert "DM-36" not in owed(walk, "2027-11-21")
