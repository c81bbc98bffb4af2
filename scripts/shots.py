"""``make shots``: take the screenshots of the README anew."""

from pathlib import Path

from scripts import environment, frontend, services
from scripts.steps import BIN, Stop, show


def main() -> None:
    """Every page at 1440×900 and 390×844 into docs/screenshots/."""
    environment.ensure()
    frontend.ensure()
    env = {"LIAOYUAN_CHROMIUM": services.chromium()}
    options = ["-q", "--no-header", "-o", "python_files=shots.py"]
    command: list[str | Path] = [BIN / "pytest", "tests/e2e/shots.py", *options]
    good, _ = show("拍摄截图", command, env=env)
    if not good:
        raise Stop("截图没有全部完成。")
