"""An event that nobody publishes is a promise that nobody keeps: its listeners would never hear anything."""

import ast

from tests.architecture.source import PACKAGE, modules, name, tree


def _declared() -> dict[str, str]:
    """Every event class and where it is declared."""
    found: dict[str, str] = {}
    for path in sorted(PACKAGE.glob("*/*/events.py")):
        for node in tree(path).body:
            if isinstance(node, ast.ClassDef) and node.decorator_list:
                found[node.name] = name(path)
    return found


def _made() -> set[str]:
    """The classes whose instances are made somewhere outside tests."""
    return {
        node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute)
    }


def test_every_event_is_published() -> None:
    declared = _declared()
    made = _made()
    assert len(declared) > 20
    assert not {event: where for event, where in declared.items() if event not in made}
