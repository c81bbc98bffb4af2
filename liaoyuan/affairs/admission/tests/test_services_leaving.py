"""A case is suspended when its person leaves service, and goes on when he is back."""

from datetime import date
from typing import Any

import pytest

from liaoyuan.affairs.admission.models import Case, StepRecord
from liaoyuan.affairs.admission.services.correcting import record_cancel, record_correct
from liaoyuan.affairs.admission.services.moving import cases_follow_service
from liaoyuan.affairs.admission.services.opening import case_open, cases_take_over
from liaoyuan.affairs.admission.tests.walk import Walk
from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import Conflict, DomainError
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.duties.models import Duty
from liaoyuan.organisation.duties.services import duties_evaluate
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.members.services import person_leave, person_return
from liaoyuan.organisation.members.tests.factories import UnitFactory
from liaoyuan.organisation.units.models import Unit

D = date.fromisoformat
SYSTEM = Actor.system("test")
pytestmark = pytest.mark.django_db


def leave(walk: Walk, on: str = "2026-12-01") -> None:
    walk.person.refresh_from_db()
    with clock.set_to(D(on)):
        person_leave(actor=walk.clerk, person=walk.person, on=D(on), reason="退出现役")
    walk.case.refresh_from_db()
    walk.person.refresh_from_db()


def back(walk: Walk, on: str = "2027-02-01", to: Unit | None = None) -> None:
    walk.person.refresh_from_db()
    with clock.set_to(D(on)):
        person_return(
            actor=walk.clerk, person=walk.person, to_unit=to or walk.house.branch_a, on=D(on), reason="离队登记有误"
        )
    walk.case.refresh_from_db()
    walk.person.refresh_from_db()


def acts(case: Case) -> list[str]:
    return list(case.records.filter(live=True).order_by("seq").values_list("act", flat=True))


def test_leaving_suspends_the_case_with_the_reason(walk: Walk) -> None:
    walk.to("review")
    before = acts(walk.case)
    leave(walk)
    case = walk.case
    assert (case.closed_as, case.closed_on, case.close_reason) == ("left", D("2026-12-01"), "退出现役")
    assert (case.step, case.due_on, case.standing) == (None, None, "activist")
    assert acts(case) == [*before, "leave"]
    assert AuditEntry.objects.get(action="admission.leave").reason == "退出现役"


@pytest.mark.parametrize("act", ["review", "mentors", "opinion:group", "propose"])
def test_nothing_is_accepted_while_he_is_away(walk: Walk, act: str) -> None:
    walk.to("review")
    leave(walk)
    with pytest.raises(DomainError, match="本人已离队，案卷中止办理。归队后"):
        walk.do(act)
    assert acts(walk.case)[-1] == "leave"
    with pytest.raises(DomainError, match="已离队"), clock.set_to(D("2027-01-01")):
        case_open(actor=walk.secretary, person=walk.person.pk, on=D("2027-01-01"))


def test_coming_back_takes_the_case_up_where_it_stood(walk: Walk) -> None:
    walk.to("review")
    step, due = walk.case.step, walk.case.due_on
    leave(walk)
    back(walk)
    case = walk.case
    assert (case.closed_as, case.closed_on, case.close_reason) == ("", None, "")
    assert (case.step, case.due_on) == (step, due)
    assert acts(case)[-2:] == ["leave", "return"]
    walk.do("review")
    assert Case.objects.unscoped("test").filter(person=walk.person).count() == 1


def test_coming_back_into_another_branch_moves_the_case_too(walk: Walk) -> None:
    walk.to("review")
    other = UnitFactory(code="L-A-Z2", name="甲营二连党支部", parent=walk.house.battalion_a)
    leave(walk)
    back(walk, to=other)
    assert walk.case.unit_id == other.pk
    assert acts(walk.case)[-3:] == ["leave", "return", "move"]


def test_no_second_case_is_opened_for_who_is_back(walk: Walk, django_capture_on_commit_callbacks: Any) -> None:
    walk.to("review")
    leave(walk)
    # His file says again that he is here, and nobody told the case.
    Person.objects.unscoped("test").filter(pk=walk.person.pk).update(active=True, unit=walk.house.branch_a)
    with clock.set_to(D("2027-01-01")):
        assert cases_take_over(actor=SYSTEM) == 0
        with pytest.raises(Conflict, match="已有"):
            case_open(actor=walk.secretary, person=walk.person.pk, on=D("2027-01-01"))
        assert cases_follow_service(actor=SYSTEM) == 1
        assert cases_follow_service(actor=SYSTEM) == 0
    walk.case.refresh_from_db()
    assert walk.case.open


def test_the_night_suspends_who_left_before_the_platform_noticed(walk: Walk) -> None:
    walk.to("review")
    gone = {"active": False, "left_on": D("2026-11-01"), "left_reason": "退役"}
    Person.objects.unscoped("test").filter(pk=walk.person.pk).update(**gone)
    with clock.set_to(D("2026-12-01")):
        assert cases_follow_service(actor=SYSTEM) == 1
    walk.case.refresh_from_db()
    assert (walk.case.closed_as, walk.case.closed_on) == ("left", D("2026-11-01"))


def test_a_leaving_dated_before_the_latest_act_suspends_all_the_same(walk: Walk) -> None:
    walk.to("opinion:group")
    walk.person.refresh_from_db()
    with clock.set_to(D("2027-05-01")):
        person_leave(actor=walk.clerk, person=walk.person, on=D("2027-02-01"), reason="退役")
    walk.case.refresh_from_db()
    assert (walk.case.closed_as, walk.case.closed_on) == ("left", D("2027-02-01"))


def test_what_came_from_the_file_is_mended_there(walk: Walk) -> None:
    walk.to("review")
    leave(walk)
    record = StepRecord.objects.get(case=walk.case, act="leave")
    with clock.set_to(D("2026-12-02")), pytest.raises(DomainError, match="在个人档案中更正"):
        record_cancel(actor=walk.secretary, case=walk.case.pk, record=record.pk, reason="录错了")
    with clock.set_to(D("2026-12-02")), pytest.raises(DomainError, match="在个人档案中更正"):
        record_correct(actor=walk.secretary, case=walk.case.pk, record=record.pk, reason="录错了", on=D("2026-11-30"))


def test_an_earlier_record_can_still_be_corrected(walk: Walk) -> None:
    walk.to("review")
    leave(walk)
    talk = StepRecord.objects.get(case=walk.case, act="talk")
    with clock.set_to(D("2026-12-02")):
        record_correct(actor=walk.secretary, case=walk.case.pk, record=talk.pk, reason="抄错", on=D("2026-06-16"))
    walk.case.refresh_from_db()
    assert walk.case.closed_as == "left"


def test_a_full_members_papers_are_archived_all_the_same(walk: Walk) -> None:
    walk.to("archive")
    leave(walk, on="2028-12-10")
    assert (walk.case.closed_as, walk.case.step) == ("", 25)
    walk.do("archive")
    assert walk.case.closed_as == "archived"


def test_duties_lapse_and_come_back_with_him(walk: Walk) -> None:
    walk.to("review")

    def due(on: str) -> int:
        with clock.set_to(D(on)):
            duties_evaluate()
        return Duty.objects.unscoped("test").filter(person=walk.person, rule="DM-07", state="open").count()

    assert due("2026-11-30") == 1
    leave(walk)
    assert due("2026-12-02") == 0
    back(walk)
    assert due("2027-02-02") == 1


def test_the_page_says_why_and_what_to_do(walk: Walk, visitor: Any) -> None:
    walk.to("review")
    leave(walk)
    client = visitor("branch_secretary")
    text = client.page("case", walk.case.pk, on="2026-12-02")
    for words in ("本人离队，案卷中止", "2026-12-01", "退出现役", "办理归队"):
        assert words in text, words
    assert "记录半年考察</a>" not in text
    record = StepRecord.objects.get(case=walk.case, act="leave")
    assert str(record.pk) not in text  # neither corrected nor cancelled here
    assert client.get("act", walk.case.pk, "review", on="2026-12-02").status_code == 409
    assert walk.person.name not in client.page("board", on="2026-12-02")
