"""``make check``: everything that can be wrong without running the tests; CI runs nothing else beside them."""

import time
from collections.abc import Callable
from pathlib import Path

from scripts import environment, frontend
from scripts.steps import BIN, ROOT, Stop, say, step

_HOME = {"LIAOYUAN_HOME": str(ROOT / "var" / "check")}
_PROOF = {**_HOME, "LIAOYUAN_HTTPS": "true"}  # check --deploy judges the instance behind HTTPS


def main() -> None:
    """Run every check, report all failures together."""
    environment.ensure()
    frontend.ensure()
    began, failed = time.monotonic(), []
    for title, run in _checks():
        try:
            run(title)
        except Stop as stop:
            say(f"  ✗ {stop}")
            failed.append(title)
    say(f"\n检查完毕，用时 {time.monotonic() - began:.0f} 秒。")
    if failed:
        raise Stop("未通过：" + "、".join(failed))


def _checks() -> list[tuple[str, Callable[[str], None]]]:
    manage: list[str | Path] = [BIN / "python", "-W", "error", ROOT / "manage.py"]
    pages = [str(path.relative_to(ROOT)) for path in sorted((ROOT / "liaoyuan").glob("**/templates/**/*.html"))]

    def command(*parts: str | Path, env: dict[str, str] | None = None) -> Callable[[str], None]:
        return lambda title: step(title, parts, env=env)

    def npm(script: str) -> Callable[[str], None]:
        line = ["npm", "run", "--silent", script]
        return lambda title: step(title, line, cwd=frontend.FRONTEND, env=frontend.environment())

    return [
        ("Python 格式", command(BIN / "ruff", "format", "--check", ".")),
        ("Python 规范", command(BIN / "ruff", "check", ".")),
        ("类型", command(BIN / "mypy", "liaoyuan", "scripts", env=_HOME)),
        ("分层约定", command(BIN / "lint-imports")),
        ("模板格式", command(BIN / "djade", "--check", "--target-version", "5.2", *pages)),
        ("模板规范", command(BIN / "djlint", "--lint", "--quiet", *pages)),
        ("部署检查", command(*manage, "check", "--deploy", "--fail-level", "WARNING", env=_PROOF)),
        ("迁移齐全", command(*manage, "makemigrations", "--check", "--dry-run", env=_HOME)),
        ("生成的文档", command(BIN / "python", "-m", "scripts.generated", "--check", env=_HOME)),
        ("前端规范与类型", npm("check")),
        ("前端测试", npm("test")),
    ]
