"""Ending a unit by a file: what the import would refuse, the check says."""

from datetime import date, timedelta

import pytest

from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.roster.tests.factories import TODAY, two_battalions, unit
from liaoyuan.organisation.roster.tests.test_services_import import SYSTEM, Rows, kinds, run, somebody
from liaoyuan.organisation.units.models import Unit, UnitChange
from liaoyuan.organisation.units.services import unit_update

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)


@pytest.fixture
def imported() -> Rows:
    """A has a second branch, to which its people may go, with a Party group."""
    rows = two_battalions()
    rows["组织"] += [
        unit("L-A-2", "A营二连党支部", "党支部", "L-A", 批准组织编码="L"),
        unit("L-A-2-X", "A营二连第一党小组", "党小组", "L-A-2"),
    ]
    assert run(rows).written
    return rows


def line(rows: Rows, code: str) -> dict[str, object]:
    return next(one for one in rows["组织"] if one["组织编码"] == code)


def end(rows: Rows, *codes: str, on: date = DAY) -> None:
    for code in codes:
        line(rows, code)["撤销日期"] = on


def test_a_file_of_units_alone_does_not_end_a_branch_with_people(imported: Rows) -> None:
    end(imported, "L-A-1", "L-A-1-X")
    outcome = run({"组织": imported["组织"]})
    (found,) = outcome.checked.problems
    assert (found.row, found.column, found.kind) == (4, "撤销日期", "dissolved_with_people")
    assert "还有 2 人" in found.message
    assert "P0010" in found.message
    assert outcome.plan is None


def test_people_who_stay_are_told_at_the_unit_and_those_of_the_file_at_their_rows(imported: Rows) -> None:
    end(imported, "L-A-1", "L-A-1-X")
    stays = {**imported["人员"][1]}
    outcome = run({"组织": imported["组织"], "人员": [stays]})
    assert kinds(outcome) == {("组织", 4, "dissolved_with_people"), ("人员", 2, "unit_dissolved")}
    assert "还有 1 人" in next(one.message for one in outcome.checked.problems if one.row == 4)


def test_when_everybody_goes_the_branch_ends_on_its_day(imported: Rows) -> None:
    end(imported, "L-A-1", "L-A-1-X")
    imported["任职"][0]["免职日期"] = DAY
    imported["人员"][0].update(所在党支部编码="L-A-2", 党小组编码="L-A-2-X")
    imported["人员"][1]["所在党支部编码"] = "L-A-2"
    outcome = run(imported)
    assert outcome.written, outcome.checked.problems
    assert Unit.objects.unscoped("test").get(code="L-A-1").dissolved_on == DAY
    assert somebody("P0010").group.code == "L-A-2-X"
    assert run(imported).plan.empty


def test_who_has_left_does_not_keep_a_branch_alive(imported: Rows) -> None:
    Person.objects.unscoped("test").filter(unit__code="L-A-1").update(active=False, left_on=DAY)
    end(imported, "L-A-1", "L-A-1-X")
    assert run({"组织": imported["组织"]}).written


def test_a_party_group_ends_and_leaves_its_people_to_the_branch(imported: Rows) -> None:
    end(imported, "L-A-1-X")
    assert run({"组织": imported["组织"]}).written
    assert (somebody("P0010").group, somebody("P0010").unit.code) == (None, "L-A-1")


@pytest.mark.parametrize(("on", "refused"), [(DAY, True), (TODAY - timedelta(1), True), (TODAY, False)])
def test_a_unit_does_not_end_before_its_last_change(imported: Rows, on: date, refused: bool) -> None:
    group = Unit.objects.unscoped("test").get(code="L-A-2-X")
    unit_update(actor=SYSTEM, unit=group, name="A营二连党小组", reason="更名")
    line(imported, "L-A-2-X")["组织名称"] = "A营二连党小组"
    end(imported, "L-A-2-X", on=on)
    outcome = run({"组织": imported["组织"]})
    assert kinds(outcome) == ({("组织", 10, "dissolved_before_change")} if refused else set())
    assert outcome.written is not refused


def test_what_the_file_changes_in_a_unit_that_it_ends_held_on_its_last_day(imported: Rows) -> None:
    line(imported, "L-A-2-X").update(组织名称="A营二连党小组", 撤销日期=DAY)
    assert run({"组织": imported["组织"]}).written
    group = Unit.objects.unscoped("test").get(code="L-A-2-X")
    assert (group.name, group.dissolved_on) == ("A营二连党小组", DAY)
    changes = UnitChange.objects.filter(unit=group).exclude(verb="create").order_by("recorded_at")
    assert list(changes.values_list("verb", "on")) == [("rename", DAY), ("dissolve", DAY)]


@pytest.mark.parametrize(
    ("title", "value", "kind", "told"),
    [
        ("组织名称", "改了名的党小组", "ended_unit_changed", "请填回“A营二连第一党小组”"),
        ("任务名称", "抗洪", "ended_unit_emptied", "请把这一格清空"),
    ],
)
def test_a_unit_that_has_ended_is_not_changed(imported: Rows, title: str, value: str, kind: str, told: str) -> None:
    end(imported, "L-A-2-X")
    assert run({"组织": imported["组织"]}).written
    line(imported, "L-A-2-X")[title] = value
    outcome = run({"组织": imported["组织"]})
    (found,) = outcome.checked.problems
    assert (found.row, found.column, found.kind, told in found.message) == (10, title, kind, True)
    assert outcome.plan is None
