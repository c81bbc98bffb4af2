from datetime import date

import pytest

from liaoyuan.affairs.admission.rules.acts import Act, Happened
from liaoyuan.affairs.admission.rules.checks import check
from liaoyuan.affairs.admission.rules.findings import Finding, Setting
from liaoyuan.affairs.admission.rules.order import allowed
from liaoyuan.affairs.admission.rules.papers import missing
from liaoyuan.affairs.admission.rules.progress import Progress, fold
from liaoyuan.affairs.admission.rules.timeline import next_line, timeline
from liaoyuan.affairs.admission.tests.texts import NEW, did, until

D = date.fromisoformat
TODAY = D("2029-01-01")
HERE = Setting()
MOVED = did("move", "2028-03-01")
FOUND = did("examine", "2028-03-10", qualified=True)
NOT = did("examine", "2028-03-10", qualified=False)


def judged(act: str, on: str, state: Progress, setting: Setting = HERE, **detail: object) -> list[Finding]:
    return check(Act(act), D(on), detail, state, NEW, setting, today=TODAY)


def prober(*acts: Happened) -> Progress:
    return fold([*until("care"), *acts], NEW)


def test_who_moves_has_his_papers_examined() -> None:
    state = prober(MOVED)
    line = next_line(timeline(state, NEW, today=TODAY))
    assert line is not None
    assert line.missing == ("审查转入材料（新的党支部）",)
    assert "transfer" in {one.kind for one in missing(state, (), needs_consent=True)}
    assert prober(MOVED, FOUND).papers == ""
    assert "transfer" not in {one.kind for one in missing(prober(), (), needs_consent=True)}


@pytest.mark.parametrize(
    ("before", "act", "detail", "clause"),
    [
        ("propose", "propose", {}, "第12条"),
        ("committee_check", "committee_check", {"qualified": True}, "第12条"),
        ("conversion_check", "conversion_check", {"sources": ["group", "members", "masses"], "outcome": "convert"},
         "第34条"),
    ],
)  # fmt: skip
def test_nothing_is_built_on_papers_nobody_examined(
    before: str, act: str, detail: dict[str, object], clause: str
) -> None:
    so_far = until(before)
    found = judged(act, "2028-11-08", fold([*so_far, MOVED], NEW), **detail)
    assert [one.code for one in found] == ["papers_not_examined"]
    assert found[0].clause.endswith(clause)
    assert judged(act, "2028-11-08", fold([*so_far, MOVED, FOUND], NEW), **detail) == []


def test_who_loses_the_place_loses_it_without_an_examination() -> None:
    state = fold([*until("conversion_check"), MOVED], NEW)
    assert judged("conversion_check", "2028-11-08", state, sources=["group", "members", "masses"],
                  outcome="disqualify") == []  # fmt: skip


def test_a_probationer_whose_papers_prove_nothing_is_not_recognised() -> None:
    assert allowed(Act.DISOWN, prober(MOVED), NEW)  # the branch examines first
    assert allowed(Act.DISOWN, prober(MOVED, NOT), NEW) == ""
    state = prober(MOVED, NOT, did("disown", "2028-04-01", agreed=True, by="旅组织科"))
    assert (state.closed, state.standing) == ("not_recognised", "masses")


def test_where_that_is_not_approved_the_papers_are_examined_again() -> None:
    state = prober(MOVED, NOT, did("disown", "2028-04-01", agreed=False, by="旅组织科"))
    assert (state.closed, state.papers, state.standing) == ("", "to_examine", "probationary")
    assert prober(MOVED, NOT, FOUND).papers == ""


def test_an_activist_is_never_disowned() -> None:
    state = fold([*until("propose"), MOVED, NOT], NEW)
    assert allowed(Act.DISOWN, state, NEW)
    line = next_line(timeline(state, NEW, today=TODAY))
    assert line is not None
    assert line.missing[0] == "补齐转入材料后重新审查"
    assert state.activist_on == D("2026-09-01")  # his time goes on (DM-10)


def test_an_applicant_has_nothing_to_examine() -> None:
    state = fold([*until("talk"), MOVED], NEW)
    assert state.papers == ""
    assert "没有待审查" in allowed(Act.EXAMINE, state, NEW)


@pytest.mark.parametrize(
    ("act", "on", "setting", "code"),
    [
        ("examine", "2028-02-29", Setting(), "before_move"),
        ("examine", "2029-01-02", Setting(), "in_future"),
        ("disown", "2028-03-09", Setting(), "before_examination"),
        ("disown", "2028-04-01", Setting(approver=False), "no_power"),
    ],
)
def test_days_and_powers(act: str, on: str, setting: Setting, code: str) -> None:
    detail: dict[str, object] = {"qualified": True} if act == "examine" else {"agreed": True, "by": "旅组织科"}
    assert [one.code for one in judged(act, on, prober(MOVED, NOT), setting, **detail)] == [code]
