from datetime import date

import pytest

from liaoyuan.affairs.admission.models import Mentor, StepRecord, Talk
from liaoyuan.affairs.admission.services.correcting import record_cancel, record_correct
from liaoyuan.affairs.admission.tests.walk import Walk
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import Conflict, DomainError, NotInScope, NotPermitted
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.chronicle.selectors import current

D = date.fromisoformat
LATER = D("2029-01-01")
pytestmark = pytest.mark.django_db


def last(walk: Walk, act: str) -> StepRecord:
    return StepRecord.objects.get(case=walk.case, act=act, live=True)


def correct(walk: Walk, act: str, **more: object) -> StepRecord:
    with clock.set_to(LATER):
        return record_correct(
            actor=walk.secretary, case=walk.case.pk, record=last(walk, act).pk, **({"reason": "日期抄错"} | more)
        )  # type: ignore[arg-type]


def cancel(walk: Walk, act: str, **more: object) -> None:
    with clock.set_to(LATER):
        record_cancel(
            actor=walk.secretary, case=walk.case.pk, record=last(walk, act).pk, **({"reason": "录错了人"} | more)
        )  # type: ignore[arg-type]
    walk.case.refresh_from_db()
    walk.person.refresh_from_db()


def told(walk: Walk, kind: str) -> list[date]:
    rows = current(Fact.objects.unscoped("test").filter(person=walk.person, kind=kind))
    return list(rows.values_list("occurred_on", flat=True))


def test_a_correction_keeps_the_old_row_and_carries_the_evidence(walk: Walk) -> None:
    walk.to("activist")
    old = last(walk, "talk")
    new = correct(walk, "talk", on=D("2026-06-20"))
    old.refresh_from_db()
    assert (old.live, old.ended_reason, old.ended_by) == (False, "日期抄错", walk.secretary.name)
    assert (new.live, new.seq, new.supersedes_id, new.done_on) == (True, old.seq, old.pk, D("2026-06-20"))
    assert Talk.objects.get(record=new).summary == "了解入党动机"
    assert told(walk, "admission.talk") == [D("2026-06-20")]
    again = correct(walk, "talk", on=D("2026-06-21"))
    assert told(walk, "admission.talk") == [D("2026-06-21")]
    assert again.supersedes_id == new.pk


@pytest.mark.parametrize(
    ("on", "said"), [("2026-05-31", "早于"), ("2026-09-02", "就不符合规定了"), ("2029-01-02", "还没有到")]
)
def test_a_correction_must_leave_everything_lawful(walk: Walk, on: str, said: str) -> None:
    walk.to("file_activist")
    with pytest.raises(DomainError, match=said):
        correct(walk, "talk", on=D(on))
    assert last(walk, "talk").done_on == D("2026-06-15")
    assert told(walk, "admission.talk") == [D("2026-06-15")]


def test_days_of_standings_are_not_corrected_in_place(walk: Walk) -> None:
    walk.to("file_activist")
    with pytest.raises(DomainError, match="先撤销"):
        correct(walk, "activist", on=D("2026-08-01"))
    cancel(walk, "activist")
    assert (walk.person.standing, walk.case.step) == ("applicant", 3)
    walk.do("activist", on="2026-09-02")
    assert walk.person.standing == "activist"


def test_what_later_acts_build_on_is_not_cancelled(walk: Walk) -> None:
    walk.to("mentors")
    with pytest.raises(DomainError, match="确定为入党积极分子"):
        cancel(walk, "talk")
    assert last(walk, "talk").live


def test_cancelling_withdraws_the_fact_and_the_people(walk: Walk) -> None:
    walk.to("review")
    cancel(walk, "mentors")
    assert not Mentor.objects.filter(case=walk.case).exists()
    walk.do("mentors", on="2026-09-10")
    walk.do("review")
    cancel(walk, "review")
    assert told(walk, "admission.activist_review") == []
    assert StepRecord.objects.filter(case=walk.case, act="review", live=False).count() == 1


def test_cancelling_a_listing_gives_the_standing_back(walk: Walk) -> None:
    walk.to("introducers")
    assert walk.person.standing == "candidate"
    cancel(walk, "list")
    assert (walk.person.standing, walk.case.standing, walk.case.step) == ("activist", "activist", 8)
    kinds = list(walk.person.standings.order_by("since").values_list("kind", flat=True))
    assert "candidate" not in kinds


def test_an_approval_that_took_effect_is_not_cancelled(walk: Walk) -> None:
    walk.to("file_member")
    with pytest.raises(DomainError, match="已经生效"), clock.set_to(LATER):
        record_cancel(actor=walk.clerk, case=walk.case.pk, record=last(walk, "approve").pk, reason="批错了")
    walk.person.refresh_from_db()
    assert walk.person.standing == "probationary"
    assert told(walk, "admission.approved") == [D("2027-12-01")]


def test_the_application_is_not_cancelled(walk: Walk) -> None:
    with pytest.raises(DomainError, match="终止发展"):
        cancel(walk, "apply")


def test_who_may_not_do_an_act_may_not_correct_it(walk: Walk) -> None:
    walk.to("mentors")
    row = last(walk, "file_activist")
    with pytest.raises(NotPermitted), clock.set_to(LATER):
        record_correct(actor=walk.secretary, case=walk.case.pk, record=row.pk, on=D("2026-09-04"), reason="抄错")
    with pytest.raises(NotInScope), clock.set_to(LATER):
        record_correct(
            actor=walk.house.actor("branch_secretary_b"), case=walk.case.pk, record=row.pk, on=D("2026-09-04"),
            reason="抄错",
        )  # fmt: skip


def test_no_reason_no_change_and_twice(walk: Walk) -> None:
    walk.to("activist")
    with pytest.raises(DomainError, match="写明情况"):
        correct(walk, "talk", on=D("2026-06-20"), reason="…")
    with pytest.raises(DomainError, match="没有改动"):
        correct(walk, "talk")
    with pytest.raises(DomainError, match="mode 应为"):
        correct(walk, "talk", detail={"mode": 3})
    old = last(walk, "talk")
    correct(walk, "talk", on=D("2026-06-20"))
    with pytest.raises(Conflict), clock.set_to(LATER):
        record_cancel(actor=walk.secretary, case=walk.case.pk, record=old.pk, reason="录错了人")
    with pytest.raises(NotInScope), clock.set_to(LATER):
        record_cancel(actor=walk.secretary, case=walk.case.pk, record=walk.case.pk, reason="录错了人")
