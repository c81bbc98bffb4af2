"""Documents that are made from the code: the page of settings, the API's description.

``python -m scripts.generated`` writes them; with ``--check`` it only says which are stale. Runs inside ``.venv``.
"""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

from scripts.steps import ROOT

_HEAD = """# 设置

由 `liaoyuan/config/options.py` 生成（`make format`），请勿手改。环境变量优先于 `$LIAOYUAN_HOME/liaoyuan.toml`（或
`$LIAOYUAN_CONFIG` 指向的文件）；文件中用小写字段名。启动时逐项检查，有误则说明是哪一项。

| 环境变量 | 文件中 | 默认 | 说明 |
|---|---|---|---|
"""


def settings_page() -> str:
    """The table of all settings."""
    from liaoyuan.config.options import Options, environment_name

    rows = []
    for name, field in Options.model_fields.items():
        default = field.get_default()
        shown = ", ".join(default) if isinstance(default, list) else str(default)
        limits = "".join(f"，{mark} {value}" for mark, value in _limits(field.metadata))
        value = (f"`{shown}`" if shown else "空") + limits
        rows.append(f"| `{environment_name(name)}` | `{name}` | {value} | {field.description} |")
    return _HEAD + "\n".join(rows) + "\n"


def openapi() -> str:
    """The API's description."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liaoyuan.config.settings")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()
    from liaoyuan.config.api import api

    return json.dumps(api.get_openapi_schema(), ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n"


def _limits(metadata: list[object]) -> list[tuple[str, object]]:
    found = []
    for item in metadata:
        for name, mark in (("ge", "≥"), ("le", "≤")):
            if hasattr(item, name):
                found.append((mark, getattr(item, name)))
    return found


PAGES: dict[Path, Callable[[], str]] = {
    ROOT / "docs" / "operations" / "settings.md": settings_page,
    ROOT / "docs" / "api" / "openapi.json": openapi,
}


def main() -> int:
    """Write, or with --check compare."""
    stale = []
    for path, make in PAGES.items():
        text = make()
        if path.exists() and path.read_text() == text:
            continue
        stale.append(str(path.relative_to(ROOT)))
        if "--check" not in sys.argv:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    if stale and "--check" in sys.argv:
        print(f"已过时：{'、'.join(stale)}。请运行 make format，并看一看改动是否有意。")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
