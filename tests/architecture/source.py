"""The product's own source, read as text and as syntax trees."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "liaoyuan"
AREAS = ("kernel", "foundation", "organisation", "activity", "affairs", "desk", "config")


@cache
def modules() -> tuple[Path, ...]:
    """Every Python file of the product but tests and migrations."""
    found = sorted(PACKAGE.rglob("*.py"))
    return tuple(path for path in found if not {"tests", "migrations"} & set(path.relative_to(PACKAGE).parts))


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of ``path``."""
    return ast.parse(path.read_text(encoding="utf-8"))


def app_folders() -> list[Path]:
    """The folder of every app: one below its area; the kernel's only app is ui."""
    return sorted(path.parent for path in PACKAGE.glob("*/*/apps.py") if path.parents[1].name != "config")


def layer(path: Path) -> str:
    """The file's place inside its app: views, services, models …"""
    parts = path.relative_to(PACKAGE).parts
    return parts[2].removesuffix(".py") if len(parts) > 2 else ""


def name(path: Path) -> str:
    """The path as it is said in a failure."""
    return str(path.relative_to(ROOT))


def templates() -> list[Path]:
    """Every template."""
    return sorted(PACKAGE.rglob("templates/**/*.html")) + sorted(PACKAGE.rglob("templates/**/*.txt"))


def calls(node: ast.AST) -> Iterator[ast.Call]:
    """Every call below ``node``."""
    return (found for found in ast.walk(node) if isinstance(found, ast.Call))
