"""Mentors who left or belong elsewhere are replaced before anything builds on them (DM-06)."""

from datetime import date
from typing import Any

import pytest

from liaoyuan.affairs.admission.models import Mentor
from liaoyuan.affairs.admission.services.following import mentors_follow_all
from liaoyuan.affairs.admission.tests.walk import Walk
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import DomainError
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.members.services import membership_move, person_leave, person_return
from liaoyuan.organisation.members.tests.factories import PersonFactory, UnitFactory

D = date.fromisoformat
pytestmark = pytest.mark.django_db
WORDS = "更换培养联系人"


def leave(walk: Walk, *people: Person, on: str = "2027-04-01") -> None:
    with clock.set_to(D(on)):
        for one in people:
            one.refresh_from_db()
            person_leave(actor=walk.clerk, person=one, on=D(on), reason="退役")
    walk.case.refresh_from_db()


@pytest.fixture
def follow(django_capture_on_commit_callbacks: Any) -> Any:
    """``follow(call, …)``: with everything that follows after the commit."""

    def run(call: Any, *args: Any, **more: Any) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            return call(*args, **more)

    return run


def test_when_both_mentors_left_the_proposal_waits_for_new_ones(walk: Walk, follow: Any) -> None:
    walk.to("propose")
    follow(leave, walk, *walk.mentors)
    walk.case.refresh_from_db()
    assert walk.case.step == 5  # the board says so too
    with pytest.raises(DomainError, match="第5步“指定培养联系人”"):
        walk.do("propose")
    new = PersonFactory(unit=walk.house.branch_a)
    walk.do("mentors", on="2027-05-01", people=[new.pk], note="原培养联系人退役")
    assert walk.case.step == 6
    rows = {row.person_id: (row.since, row.until) for row in Mentor.objects.filter(case=walk.case)}
    assert rows[new.pk] == (D("2027-05-01"), None)
    # History stays; who left accompanied nobody after he had gone.
    assert {rows[one.pk] for one in walk.mentors} == {(D("2026-09-06"), D("2027-04-01"))}
    walk.do("propose")
    assert walk.case.step == 8


def test_one_mentor_is_enough_until_the_other_is_replaced(walk: Walk, follow: Any, visitor: Any) -> None:
    walk.to("propose")
    follow(leave, walk, walk.mentors[0])
    walk.case.refresh_from_db()
    assert walk.case.step == 6
    text = visitor("branch_secretary").page("case", walk.case.pk, on="2027-09-01")
    assert f"{WORDS}：{walk.mentors[0].name}（已离队）" in text
    assert "已离队，请更换" in text
    walk.do("propose")
    assert WORDS not in visitor("branch_secretary").page("case", walk.case.pk, on="2027-09-01")


def test_who_moves_to_another_branch_gets_mentors_there(walk: Walk, follow: Any, visitor: Any) -> None:
    walk.to("review")
    other = UnitFactory(code="L-A-Z2", name="甲营二连党支部", parent=walk.house.battalion_a)
    mentor = PersonFactory(unit=other)
    with clock.set_to(D("2026-12-01")):
        follow(membership_move, actor=walk.clerk, person=walk.person, to_unit=other, on=D("2026-12-01"), reason="调整")
    walk.case.refresh_from_db()
    assert walk.case.step == 5
    text = visitor("organisation_clerk").page("case", walk.case.pk, on="2026-12-02")
    assert f"{walk.mentors[0].name}（不在本支部）" in text
    assert "现在：第 5 步 指定培养联系人" in text
    # A half-year is due whoever is mentor.
    walk.do("review", actor=walk.clerk)
    walk.do("mentors", on="2026-12-05", actor=walk.clerk, people=[mentor.pk])
    assert walk.case.step == 6


def test_a_mentor_who_moves_away_and_back_is_one_again(walk: Walk, follow: Any) -> None:
    walk.to("review")
    other = UnitFactory(code="L-A-Z2", parent=walk.house.battalion_a)
    walk.do("mentors", on="2026-10-01", people=[walk.mentors[1].pk])
    for unit, step in ((other, 5), (walk.house.branch_a, 6)):
        with clock.set_to(D("2026-12-01") if step == 5 else D("2026-12-02")):
            follow(
                membership_move, actor=walk.clerk, person=walk.mentors[1], to_unit=unit, on=clock.today(), reason="调整"
            )
        walk.case.refresh_from_db()
        assert walk.case.step == step


def test_a_leaving_that_is_taken_back_gives_the_mentor_back(walk: Walk, follow: Any) -> None:
    walk.to("review")
    walk.do("mentors", on="2026-10-01", people=[walk.mentors[1].pk])
    follow(leave, walk, walk.mentors[1], on="2026-12-01")
    walk.case.refresh_from_db()
    assert walk.case.step == 5
    with clock.set_to(D("2026-12-02")):
        walk.mentors[1].refresh_from_db()
        follow(
            person_return, actor=walk.clerk, person=walk.mentors[1], to_unit=walk.house.branch_a,
            on=D("2026-12-02"), reason="离队登记有误",
        )  # fmt: skip
    walk.case.refresh_from_db()
    assert walk.case.step == 6


def test_the_night_finds_what_an_import_changed(walk: Walk) -> None:
    walk.to("review")
    pks = [one.pk for one in walk.mentors]
    Person.objects.unscoped("test").filter(pk__in=pks).update(active=False, left_on=D("2026-12-01"))
    with clock.set_to(D("2026-12-02")):
        assert mentors_follow_all() == 1
        assert mentors_follow_all() == 0
    walk.case.refresh_from_db()
    assert walk.case.step == 5


def test_who_left_is_no_longer_offered_nor_taken(walk: Walk, follow: Any, visitor: Any) -> None:
    walk.to("review")
    follow(leave, walk, walk.mentors[0], on="2026-12-01")
    text = visitor("branch_secretary").page("act", walk.case.pk, "mentors", on="2026-12-02")
    assert str(walk.mentors[0].pk) not in text
    answer = visitor("branch_secretary").send(
        "act", walk.case.pk, "mentors", at="2026-12-02", on="2026-12-02", people=[str(walk.mentors[0].pk)]
    )
    assert answer.status_code == 422
    assert Mentor.objects.filter(case=walk.case, until=None).count() == 2
