"""Importing a roster: against openpyxl merely reading it, and against django-import-export.

Every run is a process of its own on a fresh copy of an empty, migrated database; only the work is timed, from the file
on disk to the commit, not the start of Python. Pairs alternate who begins. What differs from the peer is in the notes.
"""

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from python_calamine import CalamineWorkbook

from benchmarks.pairs import RESULTS, Result, bound, quartiles
from benchmarks.world import LIAOYUAN, POSTGRES, ROOT, World

PAIRS_LARGE, PAIRS_PEER, PEER_ROWS = 3, 6, 10_000
_EMPTY = "liaoyuan_bench_import_empty"
_RUN = "liaoyuan_bench_import_run"


def measure(people: int, small: int) -> list[Result]:
    """Every row of this group, on both databases."""
    large, ten = _workbook(people), _workbook(PEER_ROWS)
    results = []
    for database in ("sqlite", "postgresql"):
        results += _against_openpyxl(large, people, database)
        results.append(_against_import_export(ten, database))
    return results


def _against_openpyxl(file: Path, people: int, database: str) -> list[Result]:
    ratios, ours, base, peak = [], [], [], 0.0
    for number in range(PAIRS_LARGE):
        sides = ["ours", "openpyxl"] if number % 2 == 0 else ["openpyxl", "ours"]
        told = {side: _timed(side, file, database) for side in sides}
        ours.append(told["ours"]["seconds"])
        base.append(told["openpyxl"]["seconds"])
        ratios.append(ours[-1] / base[-1])
        peak = max(peak, told["ours"]["peak_mb"])
    low, middle, high = quartiles(ratios)
    shown = f"{min(ours):.1f}–{max(ours):.1f} s", f"{min(base):.1f}–{max(base):.1f} s"
    note = "核对 + 写入全部四张表；对照只逐行读值"
    name = f"导入 {people:,} 人 ÷ openpyxl 只读"
    return [
        Result(name, database, *shown, round(middle, 2), round(low, 2), round(high, 2), 1.5, high <= 1.5, note),
        bound(f"导入 {people:,} 人的内存峰值（RSS）", round(peak), 800, unit="MB", database=database),
    ]


def _against_import_export(file: Path, database: str) -> Result:
    ratios, ours, base = [], [], []
    rows = _rows(file)
    for number in range(PAIRS_PEER):
        sides = ["ours", "peer"] if number % 2 == 0 else ["peer", "ours"]
        told = {side: _timed(side, file, database) for side in sides}
        ours.append(told["ours"]["seconds"])
        base.append(told["peer"]["seconds"])
        ratios.append((rows["人员"] / base[-1]) / (sum(rows.values()) / ours[-1]))
    low, middle, high = quartiles(ratios)
    speeds = f"{sum(rows.values()) / min(ours):,.0f} 行/秒", f"{rows['人员'] / min(base):,.0f} 行/秒"
    people = statistics.median(mine / theirs for mine, theirs in zip(ours, base, strict=True))
    note = (
        f"每行所需时间。对照：默认设置，只写 {rows['人员']:,} 人的 17 列，不核对、无账号、无履历；我们核对并写入"
        f"四张表共 {sum(rows.values()):,} 行及账号、履历、纪实。只按人数计，比值为 {people:.3f}"
    )
    name = f"导入 {PEER_ROWS:,} 人 ÷ django-import-export（每行）"
    return Result(name, database, *speeds, round(middle, 3), round(low, 3), round(high, 3), 0.1, high <= 0.1, note)


def _rows(file: Path) -> dict[str, int]:
    """Rows of every sheet under its heading."""
    book = CalamineWorkbook.from_path(file)
    return {name: len(book.get_sheet_by_name(name).to_python()) - 1 for name in book.sheet_names}


def _workbook(people: int) -> Path:
    file = RESULTS / "worlds" / f"import-{people}-{date.today()}.xlsx"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        words = ["-m", "liaoyuan.desk.demo.brigade", "--members", str(people), "--out", str(file)]
        subprocess.run([sys.executable, *words, "--reference", str(date.today())], cwd=ROOT, check=True)
    return file


def _timed(side: str, file: Path, database: str) -> dict[str, float]:
    """One run in a process of its own: seconds and the peak of its memory."""
    world = _fresh(database) if side != "openpyxl" else World(0, "sqlite", RESULTS / "worlds" / "none")
    told = json.loads(world.run(sys.executable, "-m", "benchmarks.bench_import", side, file).splitlines()[-1])
    print(f"  {database} {side} {file.name}: {told['seconds']:.1f} s, {told['peak_mb']:.0f} MB", flush=True)
    return told


def _fresh(database: str) -> World:
    """An empty, migrated instance: a copy, because migrating takes longer than importing ten thousand people."""
    worlds = RESULTS / "worlds"
    empty, home = worlds / f"import-empty-{database}", worlds / f"import-run-{database}"
    shutil.rmtree(home, ignore_errors=True)
    urls = {name: urlsplit(POSTGRES)._replace(path=f"/{name}").geturl() for name in (_EMPTY, _RUN)}
    postgres = database == "postgresql"
    if not (empty / "ready").exists():
        if postgres:
            _sql(f"DROP DATABASE IF EXISTS {_EMPTY} WITH (FORCE)",
                 f"CREATE DATABASE {_EMPTY} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'")  # fmt: skip
        empty.mkdir(parents=True, exist_ok=True)
        World(0, database, empty, urls[_EMPTY] if postgres else "").run(LIAOYUAN, "manage", "migrate", "-v0")
        (empty / "ready").touch()
    shutil.copytree(empty, home)
    if postgres:
        _sql(f"DROP DATABASE IF EXISTS {_RUN} WITH (FORCE)", f"CREATE DATABASE {_RUN} TEMPLATE {_EMPTY}")
    return World(0, database, home, urls[_RUN] if postgres else "")


def _sql(*statements: str) -> None:
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


# — what runs in the process of its own —


def _openpyxl(file: Path) -> float:
    from openpyxl import load_workbook

    begun = time.perf_counter()
    book = load_workbook(file, read_only=True)
    for sheet in book:
        for _row in sheet.iter_rows(values_only=True):
            pass
    return time.perf_counter() - begun


def _ours(file: Path) -> float:
    _set_up()
    from liaoyuan.kernel.scoping import Actor
    from liaoyuan.organisation.members.models import Person
    from liaoyuan.organisation.roster.services import import_workbook

    begun = time.perf_counter()
    outcome = import_workbook(file, actor=Actor.system("测速"), label=file.name)
    taken = time.perf_counter() - begun
    assert outcome.written
    assert Person.objects.unscoped("measured").count() == len(outcome.plan.people.created)
    return taken


def _peer(file: Path) -> float:
    """django-import-export as its manual shows it: a ModelResource with widgets for dates, codes and foreign keys, a
    tablib dataset read from the workbook, default settings. It gets the units beforehand, untimed."""
    _set_up()
    import tablib
    from import_export import fields, resources
    from import_export.widgets import CharWidget, DateWidget, ForeignKeyWidget

    from liaoyuan.organisation.members import codes
    from liaoyuan.organisation.members.models import Person
    from liaoyuan.organisation.units.models import Unit

    _units_only(file)
    columns = {
        "人员编号": "number", "姓名": "name", "籍贯": "native_place", "身份证号": "id_number", "联系电话": "phone",
        "军衔": "rank", "职务": "position",
    }  # fmt: skip
    dated = {"出生日期": "birth_date", "支部大会接收日期": "joined_on", "转正日期": "full_since"}
    coded = {
        "性别": ("sex", codes.sex_code), "民族": ("ethnicity", codes.ethnicity_code),
        "学历": ("education", codes.education_code), "人员类别": ("category", codes.category_code),
        "政治面貌": ("standing", codes.standing_code),
    }  # fmt: skip
    linked = {"所在党支部编码": "unit", "党小组编码": "group"}

    class Coded(CharWidget):
        def __init__(self, find: Callable[[str], str]) -> None:
            super().__init__(True, True)
            self.find = find

        def clean(self, value: Any, row: Any = None, **more: Any) -> str:
            return self.find(super().clean(value, row, **more))

    class PersonResource(resources.ModelResource):
        class Meta:
            model = Person
            import_id_fields = ("number",)
            fields = (*columns.values(), *dated.values(), *(name for name, _ in coded.values()), *linked.values())

        def __init__(self) -> None:
            super().__init__()
            made = [(title, name, CharWidget(True, True)) for title, name in columns.items()]
            made += [(title, name, DateWidget()) for title, name in dated.items()]
            made += [(title, name, Coded(find)) for title, (name, find) in coded.items()]
            made += [(title, name, ForeignKeyWidget(Unit, "code")) for title, name in linked.items()]
            for title, name, widget in made:
                self.fields[name] = fields.Field(column_name=title, attribute=name, widget=widget)

    begun = time.perf_counter()
    book = tablib.Databook()
    book.load(file.read_bytes(), format="xlsx")
    sheet = next(sheet for sheet in book.sheets() if sheet.title == "人员")
    outcome = PersonResource().import_data(sheet)
    taken = time.perf_counter() - begun
    assert not outcome.has_errors(), outcome.row_errors()[:1]
    assert Person.objects.unscoped("measured").count() == len(sheet)
    return taken


def _units_only(file: Path) -> None:
    from openpyxl import load_workbook

    from liaoyuan.kernel.scoping import Actor
    from liaoyuan.organisation.roster.services import import_workbook

    book = load_workbook(file)
    for name in ("人员", "任职", "外出"):
        del book[name]
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as target:
        book.save(target.name)
        assert import_workbook(Path(target.name), actor=Actor.system("测速"), label="units").written


def _set_up() -> None:
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liaoyuan.config.settings")
    django.setup()


if __name__ == "__main__":
    import resource

    run = {"openpyxl": _openpyxl, "ours": _ours, "peer": _peer}[sys.argv[1]]
    seconds = run(Path(sys.argv[2]))
    used = resource.getrusage(resource.RUSAGE_SELF)
    told = {"seconds": seconds, "cpu": used.ru_utime + used.ru_stime, "peak_mb": used.ru_maxrss / 1024}
    print(json.dumps(told))
