"""``make run``: the demo brigade, up on http://127.0.0.1:8000."""

import os

from scripts import environment, frontend
from scripts.steps import BIN, ROOT


def main() -> None:
    """Install and build what is missing, then become ``liaoyuan serve --demo``."""
    environment.ensure()
    frontend.ensure()
    os.chdir(ROOT)
    os.execv(BIN / "liaoyuan", ["liaoyuan", "serve", "--demo"])  # noqa: S606  it becomes the server: signals reach it
