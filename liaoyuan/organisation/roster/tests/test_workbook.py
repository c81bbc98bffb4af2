"""Rosters out: the same layout, nothing that could become a formula, and the empty template."""

import io
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.kernel.errors import NotInScope, NotPermitted
from liaoyuan.kernel.scoping import Actor, actor_for
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.roster import commands
from liaoyuan.organisation.roster.services import import_workbook
from liaoyuan.organisation.roster.services.exporting import export_file, template_file
from liaoyuan.organisation.roster.tests.factories import BRIGADE, HEADS, check, spoiled, two_battalions, workbook

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("测试")


def exported(actor: Actor = SYSTEM, unit: str = "") -> bytes:
    out = io.BytesIO()
    export_file(actor=actor, target=out, unit=unit)
    return out.getvalue()


@pytest.fixture
def here() -> None:
    assert import_workbook(workbook(two_battalions()), actor=SYSTEM, label="x").written


def test_an_export_read_back_in_changes_nothing() -> None:
    assert import_workbook(BRIGADE, actor=SYSTEM, label="x").written
    outcome = import_workbook(exported(), actor=SYSTEM, label="x")
    assert outcome.checked.problems == []
    assert outcome.plan.empty


def test_an_export_holds_what_the_shipped_workbook_held() -> None:
    assert import_workbook(BRIGADE, actor=SYSTEM, label="x").written
    ours, theirs = load_workbook(io.BytesIO(exported())), load_workbook(BRIGADE)
    for name in HEADS:
        rows = [sorted(map(str, sheet.iter_rows(values_only=True))) for sheet in (ours[name], theirs[name])]
        plain = [[line.replace("datetime.datetime", "").replace(", 0, 0)", ")") for line in part] for part in rows]
        assert [line.replace(".0,", ",") for line in plain[0]] == [line.replace(".0,", ",") for line in plain[1]]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0"])
def test_no_cell_becomes_a_formula(here: None, text: str) -> None:
    Person.objects.unscoped("test").filter(number="P0011").update(position=text, native_place="\t=1")
    book = load_workbook(io.BytesIO(exported()))
    row = next(row for row in book["人员"].iter_rows(min_row=2) if row[0].value == "P0011")
    cell = row[HEADS["人员"].index("职务")]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)
    assert all(cell.data_type != "f" for sheet in book for line in sheet.iter_rows() for cell in line)


def test_an_export_ends_at_the_actor_s_reach(here: None) -> None:
    secretary = actor_for(Person.objects.unscoped("test").get(number="P0010").user, via="web")
    book = load_workbook(io.BytesIO(exported(secretary)))
    assert {row[0].value for row in book["人员"].iter_rows(min_row=2)} == {"P0010", "P0011"}
    assert {row[0].value for row in book["组织"].iter_rows(min_row=2)} == {"L-A-1", "L-A-1-X"}
    assert {row[0].value for row in book["外出"].iter_rows(min_row=2)} == {"P0011"}
    entry = AuditEntry.objects.filter(action="roster.export").latest("seq")
    assert entry.detail["lines"] == 6
    with pytest.raises(NotInScope):
        exported(secretary, "L-B-1")
    with pytest.raises(NotPermitted):
        exported(Actor.nobody())


def test_the_template_is_a_clean_roster_with_hints_and_lists() -> None:
    out = io.BytesIO()
    template_file(out)
    book = load_workbook(io.BytesIO(out.getvalue()))
    assert book.sheetnames == ["组织", "人员", "任职", "外出", "填写说明", "选项"]
    assert [cell.value for cell in book["人员"][1]] == HEADS["人员"]
    assert "必填" in book["人员"]["A1"].comment.text
    assert len(book["人员"].data_validations.dataValidation) == 6
    assert "书记" in {cell.value for cell in book["选项"]["I"]}
    assert check(out.getvalue()).problems == []


def test_the_command_checks_and_tells_by_its_exit_code(tmp_path: Path) -> None:
    said: list[str] = []
    assert commands.check(file=BRIGADE, output="json", say=said.append) == 0
    assert json.loads(said.pop()) == []
    broken = tmp_path / "broken.xlsx"

    def spoil(book: object) -> None:
        book["人员"]["D2"] = "火星族"  # type: ignore[index]

    broken.write_bytes(spoiled(spoil))
    assert commands.check(file=broken, output="json", say=said.append) == 1
    (problem,) = json.loads(said.pop())
    assert {**problem, "message": ""} == {
        "sheet": "人员", "row": 2, "column": "民族", "kind": "ethnicity_unknown", "severity": "error", "message": "",
    }  # fmt: skip
    assert "火星族" in problem["message"]
    broken.write_bytes(b"no workbook")
    assert commands.check(file=broken, output="json", say=said.append) == 2
    assert json.loads(said.pop())[0]["kind"] == "not_a_workbook"


def test_the_command_imports_all_or_nothing_and_runs_dry(tmp_path: Path) -> None:
    said: list[str] = []
    file = tmp_path / "roster.xlsx"
    file.write_bytes(workbook(two_battalions()))
    assert commands.import_(file=file, dry_run=True, say=said.append) == 0
    assert not Person.objects.unscoped("test").exists()
    assert commands.import_(file=file, say=said.append) == 0
    assert Person.objects.unscoped("test").count() == 4
    assert commands.import_(file=file, say=said.append) == 0
    assert "与平台现状一致，没有改动。" in said
    assert commands.export(file=tmp_path / "out.xlsx", unit="L-A", say=said.append) == 7
    before = (tmp_path / "out.xlsx").read_bytes()
    with pytest.raises(NotInScope):
        commands.export(file=tmp_path / "out.xlsx", unit="L-Q", say=said.append)
    assert (tmp_path / "out.xlsx").read_bytes() == before
    commands.template(file=tmp_path / "template.xlsx")
    assert {one.name for one in tmp_path.iterdir()} == {"roster.xlsx", "out.xlsx", "template.xlsx"}
    assert (tmp_path / "template.xlsx").stat().st_size > 5000
