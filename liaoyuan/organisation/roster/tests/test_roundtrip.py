"""What the platform lets people become is what its own export may say: read back it changes nothing."""

import io
from datetime import date
from typing import Any

import pytest

from liaoyuan.organisation.members.services import standing_change
from liaoyuan.organisation.roster.services.exporting import export_file
from liaoyuan.organisation.roster.tests.factories import two_battalions
from liaoyuan.organisation.roster.tests.test_services_import import SYSTEM, kinds, run, somebody

pytestmark = pytest.mark.django_db


def export_read_back() -> Any:
    target = io.BytesIO()
    export_file(actor=SYSTEM, target=target)
    return run(target.getvalue())


@pytest.mark.parametrize("kinds_of_standing", [("suspended",), ("ended",), ("suspended", "ended"),
                                               ("suspended", "full")])  # fmt: skip
def test_who_was_suspended_or_struck_off_does_not_spoil_the_export(kinds_of_standing: tuple[str, ...]) -> None:
    """The secretary, in a Party group: his post ends with his standing, the group with his membership."""
    assert run(two_battalions()).written
    for month, kind in enumerate(kinds_of_standing, 6):
        standing_change(
            actor=SYSTEM, person=somebody("P0010"), kind=kind, on=date(2026, month, 1), basis="支部大会决议"
        )
    outcome = export_read_back()
    assert not outcome.checked.refused, outcome.checked.problems
    assert outcome.plan.empty, outcome.plan
    assert {kind for _, _, kind in kinds(outcome)} <= {"dues_for_non_member"}


@pytest.mark.parametrize(("label", "refused"), [("停止党籍", False), ("已不是党员", True), ("群众", True)])
def test_only_who_may_be_in_a_group_is_written_into_one(label: str, refused: bool) -> None:
    rows = two_battalions()
    assert run(rows).written
    rows["人员"][0].update(政治面貌=label, 月党费基数=None)
    for title in ("入党申请日期", "确定积极分子日期", "确定发展对象日期", "支部大会接收日期", "转正日期"):
        rows["人员"][0].pop(title)
    outcome = run({"人员": rows["人员"]})
    assert ("group_for_non_member" in {item[2] for item in kinds(outcome)}) is refused
    assert outcome.written is not refused
