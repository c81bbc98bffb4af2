"""``make test``: the whole suite on both databases, the browser, and what only the whole run can tell."""

import os
import shutil
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

from scripts import environment, frontend, services
from scripts.steps import BIN, ROOT, Stop, say


def main() -> None:
    """SQLite and PostgreSQL side by side, one core each; then the browser, likewise; then the closing checks. What
    takes longest comes first. In the browser the product stands on SQLite, and for one whole case on PostgreSQL."""
    environment.ensure()
    frontend.ensure()
    say("▸ 准备测试用服务")
    postgresql, redis, chromium = services.postgresql(), services.redis(), services.chromium()
    services.pango()
    rendered = Path(tempfile.mkdtemp(prefix="liaoyuan-rendered-"))
    env = {
        "LIAOYUAN_CHROMIUM": chromium,
        "RENDERED_TEMPLATES_DIR": str(rendered),
        "TEST_REDIS_URL": redis,
        "LIAOYUAN_TEST_DB": f"run{os.getpid()}",  # a server that others use too has their databases beside ours
    }
    try:
        sqlite, postgres = {**env, "DATABASE_URL": ""}, {**env, "DATABASE_URL": postgresql}
        parts = _side_by_side(
            ("PostgreSQL", _WITHOUT_BROWSER, postgres),
            ("SQLite", _WITHOUT_BROWSER, sqlite),
            ("浏览器：页面", ["-m", "browser", "--ignore=tests/scenes"], sqlite),
            ("浏览器：场景", ["-m", "browser", "tests/scenes", "--deselect", _WALK], sqlite),
            ("浏览器：PostgreSQL", ["-m", "browser", _WALK], postgres),
        )
        parts.append(_run("收尾", ["tests/closing"], sqlite))
    finally:
        shutil.rmtree(rendered, ignore_errors=True)
    say("\n各部分用时与结果")
    for title, code, seconds, closing in parts:
        say(f"  {'✓' if code == 0 else '✗'} {title:<12}{seconds:7.1f} 秒   {closing}")
    if any(code for _, code, _, _ in parts):
        raise Stop("有测试没有通过，见上面的输出。")


_WALK = "tests/scenes/test_s20_admission_walk.py::test_a_case_under_the_text_of_2014"  # the longest flow there is
_WITHOUT_BROWSER = ["-m", "not browser", "--ignore=tests/closing"]
Part = tuple[str, int, float, str]


def _run(title: str, arguments: list[str], env: dict[str, str]) -> Part:
    """One pytest run; its output is shown in one piece when it has ended, for another runs beside it."""
    say(f"▸ 测试：{title}")
    began = time.monotonic()
    process = subprocess.Popen(
        [str(BIN / "pytest"), "--durations=12", "--durations-min=3", *arguments],
        cwd=ROOT,
        env={**os.environ, **env},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    lines: list[str] = []
    assert process.stdout is not None  # noqa: S101  it was asked for
    for line in process.stdout:
        lines.append(line.rstrip("\n"))
    code = process.wait()
    say(f"\n──── {title} ────\n" + "\n".join(lines))
    return title, code, time.monotonic() - began, lines[-1].strip("= ") if lines else ""


def _side_by_side(*runs: tuple[str, list[str], dict[str, str]]) -> list[Part]:
    """Two at a time, in this order, each on the core that is free first."""
    with ThreadPoolExecutor(max_workers=2) as lanes:
        parts = {lanes.submit(_run, *run): run[0] for run in runs}
        waiting = set(parts)
        while waiting:
            _done, waiting = wait(waiting, timeout=15)
            busy = [title for part, title in parts.items() if part.running()]
            if busy:
                say(f"  … 仍在测试：{'、'.join(busy)}")
    return [part.result() for part in parts]
