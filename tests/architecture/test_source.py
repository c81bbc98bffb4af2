"""House rules that a linter does not know."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import PACKAGE, ROOT, app_folders, layer, modules, name, tree

LONGEST = 400
README_LINES = 25
# Libraries whose import costs tens of milliseconds and megabytes, and which most processes never use.
HEAVY = {"docxtpl", "icalendar", "openpyxl", "pypinyin", "python_calamine", "redis", "segno", "weasyprint"}
APPS = app_folders()


def test_no_file_is_too_long() -> None:
    folders = (PACKAGE, ROOT / "scripts", ROOT / "tests", ROOT / "benchmarks")
    files = [path for folder in folders for path in folder.rglob("*.py")]
    long = {name(path): count for path in files if (count := len(path.read_text().splitlines())) > LONGEST}
    assert not long


def test_only_the_clock_knows_the_time() -> None:
    """``kernel.clock`` is the only source of now: tests and dry runs set it. What must follow another machine's clock
    (a one-time code) says so on its line: ``# real time: why``."""
    found = []
    for path in modules():
        if name(path) == "liaoyuan/kernel/clock.py":
            continue
        lines = path.read_text().splitlines()
        for node in ast.walk(tree(path)):
            if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute)):
                continue
            owner = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
            if "# real time: " in lines[node.lineno - 1]:
                continue
            if (owner, node.attr) in {
                ("datetime", "now"),
                ("datetime", "today"),
                ("datetime", "utcnow"),
                ("date", "today"),
                ("timezone", "now"),
                ("timezone", "localdate"),
                ("timezone", "localtime"),
                ("time", "time"),
            }:
                found.append(f"{name(path)}:{node.lineno}")
    assert not found


def test_every_field_for_a_day_is_the_bounded_one() -> None:
    """The year 26 or 9999 is mistyped; ``kernel.ui.fields`` refuses it in every form and filter."""
    plain = {"DateField", "DateTimeField", "SplitDateTimeField", "DateFilter", "DateTimeFilter"}
    found = [
        f"{name(path)}:{node.lineno} {node.attr}"
        for path in modules()
        if layer(path) != "models" and name(path) != "liaoyuan/kernel/ui/fields.py"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in plain
        and isinstance(node.value, ast.Name) and node.value.id in {"forms", "django_filters"}
    ]  # fmt: skip
    assert not found


def test_imports_stand_at_the_top() -> None:
    """But for the command line, which must start fast, for heavy libraries that few processes need, and for our own
    modules that import such a library at their top."""
    found = []
    for path in modules():
        if path.is_relative_to(PACKAGE / "config") or path.name == "apps.py":
            continue  # apps.py is read before the models are: what it registers must be imported later
        for function in ast.walk(tree(path)):
            if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            for node in ast.walk(function):
                names = _imported(node)
                if names - HEAVY and not _is_heavy(node):
                    found.append(f"{name(path)}:{node.lineno} {', '.join(sorted(names))}")
    assert not found


def _is_heavy(node: ast.AST) -> bool:
    """Whether ``from liaoyuan… import …`` names a module that imports a heavy library at its top."""
    if not isinstance(node, ast.ImportFrom) or node.module is None:
        return False
    folder = ROOT.joinpath(*node.module.split("."))
    files = [folder.with_suffix(".py"), *(folder / f"{alias.name}.py" for alias in node.names)]
    return any(HEAVY & _imported(line) for path in files if path.is_file() for line in tree(path).body)


def _imported(node: ast.AST) -> set[str]:
    if isinstance(node, ast.ImportFrom):
        return {(node.module or ".").split(".")[0]}
    if isinstance(node, ast.Import):
        return {alias.name.split(".")[0] for alias in node.names}
    return set()


def test_a_web_process_starts_without_what_few_need() -> None:
    """Half a second of every start went into spreadsheets, pinyin and calendars that nobody had asked for."""
    script = (
        "import sys; from liaoyuan.config.cli.starting import set_up; set_up();"
        "from liaoyuan.config.processes import web; web.load();"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script], cwd=ROOT, capture_output=True, text=True, check=True,
        env={**os.environ, "REDIS_URL": ""},
    )  # fmt: skip
    assert set(done.stdout.split()) & (HEAVY - {"python_calamine"}) == set()  # calamine is small: it reads, not writes


def test_pages_and_apis_ask_selectors() -> None:
    """Views, APIs and consumers never touch a manager."""
    found = [
        f"{name(path)}:{node.lineno}"
        for path in modules()
        if layer(path) in {"views", "api", "consumers"}
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager"}
    ]
    assert not found


def test_selectors_scope_what_they_read() -> None:
    """In selectors, policies and the desk a scoped model is read by ``visible_to`` or by ``unscoped(why)``."""
    scoped = _scoped_models()
    found = []
    for path in modules():
        if layer(path) not in {"selectors", "policies", "services", "tasks", "handlers", "commands", "forms"}:
            continue
        parents = {child: parent for parent in ast.walk(tree(path)) for child in ast.iter_child_nodes(parent)}
        for node in ast.walk(tree(path)):
            if not (isinstance(node, ast.Attribute) and node.attr == "objects" and isinstance(node.value, ast.Name)):
                continue
            parent = parents.get(node)
            allowed = _READING | (_WRITING if layer(path) in {"services", "tasks", "handlers", "commands"} else set())
            if node.value.id in scoped and not (isinstance(parent, ast.Attribute) and parent.attr in allowed):
                found.append(f"{name(path)}:{node.lineno} {node.value.id}.objects")
    assert not found


_READING = {"visible_to", "unscoped", "none"}
_WRITING = {"create", "bulk_create", "get_or_create"}


def _scoped_models() -> set[str]:
    found = set()
    for path in modules():
        if "models" in path.parts or path.name == "models.py":
            for node in tree(path).body:
                if isinstance(node, ast.ClassDef) and any(
                    isinstance(item, ast.AnnAssign) and getattr(item.target, "id", "") == "scope" for item in node.body
                ):
                    found.add(node.name)
    return found


def test_there_are_scoped_models_at_all() -> None:
    assert {"Person", "Unit", "Posting", "Presence"} <= _scoped_models()


def test_work_is_not_hung_on_model_signals() -> None:
    """Apps talk by calls, events and registries; ``post_migrate`` may load reference data."""
    forbidden = {"post_save", "pre_save", "post_delete", "pre_delete", "m2m_changed"}
    found = [
        f"{name(path)}:{node.lineno}"
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and forbidden & {alias.name for alias in node.names}
    ]
    assert not found


@pytest.mark.parametrize("folder", APPS, ids=lambda path: f"{path.parent.name}.{path.name}")
def test_an_app_says_what_it_is_for(folder: Path) -> None:
    readme = folder / "README.md"
    assert readme.exists(), f"{name(folder)}/README.md is missing"
    assert len(readme.read_text().splitlines()) <= README_LINES


def test_no_folder_is_called_after_nothing() -> None:
    """``common``, ``core``, ``utils`` and the like collect what nobody could place."""
    vague = {"common", "core", "utils", "util", "misc", "helpers", "shared", "lib"}
    assert not [name(path) for path in modules() if {path.stem, path.parent.name} & vague]
