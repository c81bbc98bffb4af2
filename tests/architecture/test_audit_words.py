"""Whoever reads the audit trail reads words: every action that is recorded has its own."""

import ast
import re
from collections.abc import Iterator

from liaoyuan.foundation.audit.labels import labels
from tests.architecture.source import calls, modules, name, tree

_WRITERS = frozenset({"record", "read", "record_many", "record_refusal"})
_ACTION = re.compile(r"[a-z]+\.[a-z_]+\Z")
_HOME = "liaoyuan.foundation.audit.services"


def _writers(module: ast.Module) -> tuple[set[str], set[str]]:
    """The names by which a module calls the trail: of its functions, and of the package that holds them."""
    functions: set[str] = set()
    packages: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom) and node.module == _HOME:
            functions |= {one.asname or one.name for one in node.names if one.name in _WRITERS}
        elif isinstance(node, ast.ImportFrom) and node.module == _HOME.rpartition(".")[0]:
            packages |= {one.asname or one.name for one in node.names if one.name == "services"}
    return functions, packages


def _actions() -> Iterator[tuple[str, str]]:
    """Every action that is named where it is recorded, and the file."""
    for path in modules():
        functions, packages = _writers(tree(path))
        for call in calls(tree(path)):
            said = call.func
            ours = (isinstance(said, ast.Name) and said.id in functions) or (
                isinstance(said, ast.Attribute) and isinstance(said.value, ast.Name) and said.value.id in packages
            )
            if not ours or len(call.args) < 2:
                continue
            for part in ast.walk(call.args[1]):
                if isinstance(part, ast.Constant) and _ACTION.match(str(part.value)):
                    yield part.value, name(path)


def test_every_audited_action_has_words() -> None:
    found = set(_actions())
    assert len(found) > 60, "the calls are no longer recognised"
    known = labels()
    nameless = sorted(f"{action} ({path})" for action, path in found if action not in known)
    assert not nameless, "\n".join(nameless)
