"""What only the whole run can tell. ``make test`` runs this last, with the names that the other parts left behind."""

import os
from pathlib import Path

from tests.architecture.source import PACKAGE, templates

# Rendered by the browser tests' own process, which leaves no names: the product's, not the test run's.
ELSEWHERE: dict[str, str] = {}


def _known() -> set[str]:
    found = {
        path.relative_to(next(p for p in path.parents if p.name == "templates")).as_posix() for path in templates()
    }
    return {name for name in found if (PACKAGE / "kernel").exists() and name}


def test_every_template_is_rendered_by_some_test() -> None:
    """In a part of the suite there is nothing to say: RENDERED_TEMPLATES_DIR is set by ``make test`` alone."""
    folder = os.environ.get("RENDERED_TEMPLATES_DIR", "")
    if not folder:
        return
    rendered = {line for file in Path(folder).glob("*.txt") for line in file.read_text().splitlines()}
    missing = sorted(_known() - rendered - set(ELSEWHERE))
    assert not missing, "no test renders these"


def test_what_is_rendered_elsewhere_still_exists() -> None:
    assert set(ELSEWHERE) <= _known()
