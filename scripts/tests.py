"""``make test``: the whole suite on both databases, the browser, and what only the whole run can tell."""

import os
import shutil
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from scripts import environment, frontend, services
from scripts.steps import BIN, ROOT, Stop, say


def main() -> None:
    """SQLite and PostgreSQL side by side, one core each; then the browser; then the closing checks."""
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
        parts = _both(
            ("SQLite", _WITHOUT_BROWSER, {**env, "DATABASE_URL": ""}),
            ("PostgreSQL", _WITHOUT_BROWSER, {**env, "DATABASE_URL": postgresql}),
        )
        parts.append(_run("浏览器", ["-m", "browser"], {**env, "DATABASE_URL": ""}))
        parts.append(_run("收尾", ["tests/closing"], {**env, "DATABASE_URL": ""}))
    finally:
        shutil.rmtree(rendered, ignore_errors=True)
    say("\n各部分用时与结果")
    for title, code, seconds, closing in parts:
        say(f"  {'✓' if code == 0 else '✗'} {title:<12}{seconds:7.1f} 秒   {closing}")
    if any(code for _, code, _, _ in parts):
        raise Stop("有测试没有通过，见上面的输出。")


_WITHOUT_BROWSER = ["-m", "not browser", "--ignore=tests/closing"]
Part = tuple[str, int, float, str]


def _run(title: str, arguments: list[str], env: dict[str, str], *, hold: bool = False) -> Part:
    """One pytest run, its output passed on line by line (held back to the end where another runs beside it)."""
    say(f"▸ 测试：{title}")
    began = time.monotonic()
    process = subprocess.Popen(
        [str(BIN / "pytest"), *arguments],
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
        if not hold:
            say(lines[-1])
    code = process.wait()
    if hold:
        say(f"\n──── {title} ────\n" + "\n".join(lines))
    return title, code, time.monotonic() - began, lines[-1].strip("= ") if lines else ""


def _both(*runs: tuple[str, list[str], dict[str, str]]) -> list[Part]:
    found: dict[str, Part] = {}

    def one(title: str, arguments: list[str], env: dict[str, str]) -> None:
        found[title] = _run(title, arguments, env, hold=True)

    threads = [threading.Thread(target=one, args=run) for run in runs]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        for thread in threads:
            thread.join(15)
        busy = [run[0] for run, thread in zip(runs, threads, strict=True) if thread.is_alive()]
        if busy:
            say(f"  … 仍在测试：{'、'.join(busy)}")
    return [found[run[0]] for run in runs]
