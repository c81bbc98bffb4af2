"""What the browser is sent comes from here alone."""

import re

from tests.architecture.source import PACKAGE, ROOT, name

_OUTSIDE = re.compile(r"[\"'(]\s*(?:https?:)?//(?!www\.w3\.org/)[a-z0-9][a-z0-9.-]+\.[a-z]{2,}", re.IGNORECASE)


def test_no_source_of_the_front_end_names_an_outside_address() -> None:
    sources = [
        path
        for pattern in ("*.ts", "*.css", "*.scss", "*.mjs", "*.js", "*.json")
        for path in (ROOT / "frontend").rglob(pattern)
        if "node_modules" not in path.parts and path.name != "package-lock.json"
    ]
    assert sources
    assert not [name(path) for path in sources if _OUTSIDE.search(path.read_text())]


def test_no_committed_static_file_names_an_outside_address() -> None:
    files = [
        path
        for path in PACKAGE.rglob("static/**/*")
        if path.suffix in {".css", ".js", ".svg", ".json"} and "dist" not in path.parts
    ]
    assert not [name(path) for path in files if _OUTSIDE.search(path.read_text())]
