"""What a file cannot take back: a unit's superior, and that it has ended."""

from datetime import date, timedelta
from typing import Any

import pytest

from liaoyuan.organisation.roster.tests.factories import TODAY, person, two_battalions, unit
from liaoyuan.organisation.roster.tests.test_services_import import Rows, counts, kinds, run
from liaoyuan.organisation.units.models import Unit

pytestmark = pytest.mark.django_db
ENDED = date(2026, 11, 20)


@pytest.fixture
def ended() -> Rows:
    """Battalion A's branch has a second Party group that ended."""
    rows = two_battalions()
    rows["组织"].insert(4, unit("L-A-1-Y", "A营一连第二党小组", "党小组", "L-A-1", 撤销日期=ENDED))
    assert run(rows).written
    return rows


def cell(rows: Rows, code: str, column: str, value: Any) -> None:
    next(line for line in rows["组织"] if line["组织编码"] == code)[column] = value


@pytest.mark.parametrize(
    ("code", "column", "value", "kind", "told"),
    [
        ("L-A", "上级组织编码", None, "parent_removed", "L，不能清空"),
        ("L-A-1", "上级组织编码", None, "parent_removed", "L-A，不能清空"),
        ("L-A-1-Y", "撤销日期", None, "dissolution_kept", "请填回 2026-11-20"),
        ("L-A-1-Y", "撤销日期", ENDED + timedelta(1), "dissolution_kept", "请填回 2026-11-20"),
        ("L-A-1-Y", "撤销日期", ENDED - timedelta(1), "dissolution_kept", "请填回 2026-11-20"),
    ],
)
def test_a_superior_or_an_end_that_was_taken_away_is_refused_and_nothing_else_is_said(
    ended: Rows, code: str, column: str, value: Any, kind: str, told: str
) -> None:
    cell(ended, code, column, value)
    before, units = counts(), list(Unit.objects.unscoped("test").order_by("code").values())
    outcome = run(ended)
    (found,) = outcome.checked.problems
    assert (found.sheet, found.column, found.kind, found.severity) == ("组织", column, kind, "error")
    assert told in found.message
    assert (outcome.plan, outcome.written) == (None, False)
    assert (counts(), list(Unit.objects.unscoped("test").order_by("code").values())) == (before, units)


def test_as_it_was_the_file_changes_nothing(ended: Rows) -> None:
    outcome = run(ended)
    assert (outcome.checked.problems, outcome.plan.empty) == ([], True)


def test_a_superior_that_could_not_be_read_is_named_once(ended: Rows) -> None:
    cell(ended, "L-A-1", "上级组织编码", "L" * 60)
    assert {item[2] for item in kinds(run(ended))} == {"too_long"}


def test_nobody_is_put_into_a_unit_that_the_file_pretends_to_revive(ended: Rows) -> None:
    cell(ended, "L-A-1-Y", "撤销日期", None)
    ended["人员"].append(person(12, "L-A-1", 党小组编码="L-A-1-Y"))
    assert {item[2] for item in kinds(run(ended))} == {"dissolution_kept", "unit_dissolved"}


def test_a_unit_that_is_still_there_may_end_and_move_by_a_file(ended: Rows) -> None:
    cell(ended, "L-A-1-X", "上级组织编码", "L-B-1")
    ended["人员"][0].update(所在党支部编码="L-B-1")
    ended["组织"].append(unit("L-A-1-Z", "A营一连第三党小组", "党小组", "L-A-1"))
    assert run(ended).written
    cell(ended, "L-A-1-Z", "撤销日期", TODAY)
    assert run(ended).written
    assert Unit.objects.unscoped("test").get(code="L-A-1-Z").dissolved_on == TODAY
    assert run(ended).plan.empty
