"""The Python environment in ``.venv``, exactly as ``requirements.lock`` says."""

import subprocess
import sys
from pathlib import Path

from scripts.packages import install
from scripts.steps import BIN, ROOT, VENV, Stop, digest, fresh, stamp, step


def ensure() -> None:
    """Make or update ``.venv``; nothing happens where the lock is the one it was made from."""
    lock = inputs()
    pip: list[str | Path] = [BIN / "python", "-m", "pip", "--disable-pip-version-check", "install", "--no-input"]
    if not (BIN / "python").exists():
        _create()
    if not fresh("lock", lock):
        step("按 requirements.lock 安装 Python 依赖", [*pip, "--require-hashes", "-r", ROOT / "requirements.lock"])
        stamp("lock", lock)
    build = digest([ROOT / "pyproject.toml", ROOT / "hatch_build.py"])
    if not fresh("editable", build) or not (BIN / "liaoyuan").exists():
        step("登记 liaoyuan 命令", [*pip, "--no-deps", "--no-build-isolation", "--editable", ROOT])
        stamp("editable", build)
    # Compiled once, here: a machine that sets PYTHONDONTWRITEBYTECODE would compile everything at every start.
    quiet: list[str | Path] = [BIN / "python", "-m", "compileall", "-q"]
    if not fresh("compiled", lock):
        step("编译依赖", [*quiet, "-j", "0", VENV / "lib"])
        stamp("compiled", lock)
    subprocess.run([*quiet, ROOT / "liaoyuan"], stdout=subprocess.DEVNULL)


def inputs() -> str:
    """What the environment is made from: the lock, and the kind of Python. Its patch level is none of it: on a bare
    machine the first step may bring Python itself up to date, and everything would be installed a second time."""
    return digest([ROOT / "requirements.lock"], str(sys.implementation.cache_tag))


def _create() -> None:
    probe = [sys.executable, "-c", "import ensurepip, venv"]
    if subprocess.run(probe, capture_output=True).returncode:
        install("建立 Python 虚拟环境", f"python{sys.version_info.major}.{sys.version_info.minor}-venv")
    if subprocess.run(probe, capture_output=True).returncode:
        raise Stop(f"{sys.executable} 缺少 venv 模块，无法建立虚拟环境。")
    step("建立虚拟环境 .venv", [sys.executable, "-m", "venv", VENV])
