"""Days in lawful order within a step, and after a refusal: on the day itself, and the day before."""

from datetime import date, timedelta

import pytest

from liaoyuan.affairs.admission.rules.acts import Happened
from liaoyuan.affairs.admission.tests.test_rules_checks import HEARD, codes, tried
from liaoyuan.affairs.admission.tests.test_rules_progress import extended
from liaoyuan.affairs.admission.tests.texts import did, until

SOURCES = ("group", "mentors", "members", "masses")


def heard(*days: str) -> list[Happened]:
    return [did("opinion", day, source=source) for day, source in zip(days, SOURCES, strict=True)]


@pytest.mark.parametrize(("on", "expected"), [("2027-09-19", ["before_opinions"]), ("2027-09-20", [])])
def test_the_proposal_comes_after_the_last_of_the_four_opinions(on: str, expected: list[str]) -> None:
    acts = [*until("opinion"), *heard("2027-09-20", "2027-09-02", "2027-09-01", "2027-09-03")]
    found = tried("propose", on, acts)
    assert codes(found) == expected
    if found:
        assert (found[0].field, found[0].clause.endswith("第13条")) == ("on", True)
        assert "早于听取意见的 2027-09-20" in found[0].message


def test_a_source_heard_again_does_not_put_the_proposal_off() -> None:
    acts = [*until("opinion"), *heard(*["2027-09-02"] * 4), did("opinion", "2027-09-20", source="masses")]
    assert tried("propose", "2027-09-05", acts) == []


@pytest.mark.parametrize(("on", "expected"), [("2027-09-14", ["before_posting"]), ("2027-09-15", [])])
def test_nobody_is_a_candidate_before_his_posting_is_over(on: str, expected: list[str]) -> None:
    found = tried("list", on, until("list"))
    assert codes(found) == expected
    if found:
        assert (found[0].field, found[0].clause.endswith("第13条")) == ("on", True)
        assert "早于公示结束的 2027-09-15" in found[0].message


@pytest.mark.parametrize(("on", "expected"), [("2028-11-19", ["before_previous"]), ("2028-11-20", [])])
@pytest.mark.parametrize("late", ["place", "oath", "conversion_apply"])
def test_converting_is_discussed_after_what_it_waits_for(late: str, on: str, expected: list[str]) -> None:
    acts = [*until("conversion_check", but=(late,)), did(late, "2028-11-20")]
    assert codes(tried("conversion_check", on, acts, sources=HEARD, outcome="convert")) == expected
    # Extending and disqualifying wait for none of the three.
    more = {"sources": HEARD, "outcome": "extend", "until": "2029-05-05"}
    assert tried("conversion_check", "2028-11-08", acts, **more) == []
    assert tried("conversion_check", "2028-11-08", acts, sources=HEARD, outcome="disqualify") == []


@pytest.mark.parametrize(("on", "expected"), [("2028-11-19", ["before_previous"]), ("2028-11-20", [])])
def test_a_meeting_that_converts_after_all_holds_the_same_order(on: str, expected: list[str]) -> None:
    proposed = did("conversion_check", "2028-11-08", sources=HEARD, outcome="extend", until="2029-05-05")
    acts = [*until("conversion_check", but=("oath",)), proposed, did("oath", "2028-11-20")]
    assert codes(tried("conversion_meeting", on, acts, passed=True, outcome="convert")) == expected


def test_a_meeting_converts_nobody_who_has_taken_no_oath() -> None:
    proposed = did("conversion_check", "2028-11-08", sources=HEARD, outcome="extend", until="2029-05-05")
    acts = [*until("conversion_check", but=("oath",)), proposed]
    found = tried("conversion_meeting", "2028-11-10", acts, passed=True, outcome="convert")
    assert codes(found) == ["steps_missing"]
    assert found[0].clause.endswith("第32条")
    # What the meeting did not pass is a matter of record.
    assert tried("conversion_meeting", "2028-11-10", acts, passed=False, outcome="convert") == []
    more = {"passed": True, "outcome": "extend", "until": "2029-05-05"}
    assert tried("conversion_meeting", "2028-11-10", acts, **more) == []


def test_an_oath_filled_in_lies_before_the_conversion_that_built_on_it() -> None:
    acts = [*until("oath"), did("oath", None, back_filled=True), did("conversion_apply", "2028-11-05"),
            did("conversion_check", "2028-11-08", sources=HEARD, outcome="convert")]  # fmt: skip
    assert codes(tried("oath", "2028-11-09", acts)) == ["after_next"]
    assert codes(tried("oath", "2028-11-08", acts, place="旅史馆")) == ["oath_late"]  # in order; late, as it was


@pytest.mark.parametrize(
    ("acts", "act", "detail", "day"),
    [
        ([*until("consent"), did("consent", "2027-09-06", agreed=False)], "opinion", {"source": "group"}, "2027-09-06"),
        ([*until("posted"), did("posted", "2027-09-15", clear=False)], "opinion", {"source": "group"}, "2027-09-15"),
        ([*until("political_review"), did("political_review", "2027-09-28", passed=False)], "opinion",
         {"source": "group"}, "2027-09-28"),
        ([*until("pre_review"), did("pre_review", "2027-10-20", qualified=False)], "committee_check",
         {"qualified": True}, "2027-10-20"),
        ([*until("meeting"), did("meeting", "2027-11-05", passed=False)], "committee_check", {"qualified": True},
         "2027-11-05"),
        ([*until("approve"), did("approve", "2027-12-01", agreed=False)], "committee_check", {"qualified": True},
         "2027-12-01"),
        ([*until("conversion_meeting"), did("conversion_meeting", "2028-11-10", passed=False, outcome="convert")],
         "conversion_check", {"sources": HEARD, "outcome": "convert"}, "2028-11-10"),
        ([*until("conversion_approve"), did("conversion_approve", "2028-12-01", agreed=False)], "conversion_check",
         {"sources": HEARD, "outcome": "convert"}, "2028-12-01"),
        ([*extended(), did("conversion_apply", "2028-12-01")], "conversion_check",
         {"sources": HEARD, "outcome": "disqualify"}, "2028-12-01"),
    ],
    ids=["consent", "posting", "political_review", "pre_review", "meeting", "approval", "conversion_meeting",
         "conversion_approval", "extension"],
)  # fmt: skip
def test_what_is_done_anew_comes_after_the_refusal(
    acts: list[Happened], act: str, detail: dict[str, object], day: str
) -> None:
    before = (date.fromisoformat(day) - timedelta(days=1)).isoformat()
    assert codes(tried(act, before, acts, **detail)) == ["before_previous"]
    assert tried(act, day, acts, **detail) == []
