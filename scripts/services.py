"""What the tests need beside Python: PostgreSQL, Redis, Chromium and a Chinese font.

A server that answers on 127.0.0.1 is used; else one is started from Debian's packages, in a temporary folder, for as
long as the tests run.
"""

import atexit
import os
import shutil
import socket
import subprocess
import tempfile
import time
from ctypes.util import find_library
from pathlib import Path

from scripts.packages import install
from scripts.steps import BIN, Stop, say, step

_ROLE = "liaoyuan"
_AS_POSTGRES = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"]
_CHROMIUM = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser")


def postgresql() -> str:
    """A DATABASE_URL whose role may create databases."""
    given = os.environ.get("LIAOYUAN_TEST_POSTGRESQL", "")
    if given:
        return given
    url = f"postgresql://{_ROLE}:{_ROLE}@127.0.0.1/postgres"
    if _answers(5432) and (_can_log_in(url) or (_make_role() and _can_log_in(url))):
        say("  使用 127.0.0.1:5432 上的 PostgreSQL")
        return url
    return _start_postgresql()


def redis() -> str:
    """A REDIS_URL."""
    if _answers(6379):
        say("  使用 127.0.0.1:6379 上的 Redis")
        return "redis://127.0.0.1:6379/15"
    if shutil.which("redis-server") is None:
        install("测试要用 Redis", "redis-server")
    port = _free_port()
    server = subprocess.Popen(
        ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    atexit.register(_end, server)
    _wait(port, "Redis")
    say(f"  已在 127.0.0.1:{port} 启动测试用 Redis")
    return f"redis://127.0.0.1:{port}/0"


def chromium() -> str:
    """The path of a Chromium that starts; with it, fonts that show Chinese."""
    if (
        shutil.which("fc-list") is None
        or not subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, text=True).stdout.strip()
    ):
        install("页面要显示中文", "fontconfig", "fonts-noto-cjk")
    found = _find_chromium()
    if not found and Path("/etc/debian_version").exists() and "ubuntu" not in _release():
        install("浏览器测试", "chromium")
        found = _find_chromium()
    if not found:  # Ubuntu ships Chromium as a snap only: take Playwright's own build
        step("下载 Playwright 的 Chromium", [BIN / "playwright", "install", "--with-deps", "chromium"])
        found = next(
            (str(path) for path in Path.home().glob(".cache/ms-playwright/chromium-*/chrome-linux*/chrome")), ""
        )
    if not found:
        raise Stop("找不到可用的 Chromium。请安装后用环境变量 LIAOYUAN_CHROMIUM=/路径/chromium 指明。")
    return found


def pango() -> None:
    """What weasyprint draws PDF with; Chinese fonts come with ``chromium``."""
    libraries = {
        "libpango-1.0-0": "pango-1.0",
        "libpangoft2-1.0-0": "pangoft2-1.0",
        "libharfbuzz-subset0": "harfbuzz-subset",
    }
    missing = [package for package, library in libraries.items() if find_library(library) is None]
    if missing:
        install("生成 PDF", *missing)


def _find_chromium() -> str:
    for name in (os.environ.get("LIAOYUAN_CHROMIUM", ""), *_CHROMIUM):
        path = shutil.which(name) if name else None
        if path and subprocess.run([path, "--version"], capture_output=True, timeout=60).returncode == 0:
            return path
    return ""


def _release() -> str:
    path = Path("/etc/os-release")
    return path.read_text().lower() if path.exists() else ""


def _start_postgresql() -> str:
    programs = _postgresql_programs()
    if programs is None:
        install("测试要用 PostgreSQL", "postgresql")
        programs = _postgresql_programs()
    if programs is None:
        raise Stop("找不到 PostgreSQL 的 initdb。")
    data = Path(tempfile.mkdtemp(prefix="liaoyuan-postgresql-"))
    atexit.register(shutil.rmtree, data, ignore_errors=True)
    run_as: list[str] = []
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(data, "postgres")
        run_as = _AS_POSTGRES
    port = _free_port()
    initdb = [*run_as, str(programs / "initdb"), "-D", str(data), "-U", _ROLE, "-A", "trust", "-E", "UTF8"]
    step("建立测试用 PostgreSQL", [*initdb, "--locale=C.UTF-8", "--no-sync"])
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
    options += " -c full_page_writes=off -c max_connections=60"
    server = subprocess.Popen(
        [*run_as, str(programs / "postgres"), "-D", str(data), *options.split()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    atexit.register(_end, server)
    _wait(port, "PostgreSQL")
    say(f"  已在 127.0.0.1:{port} 启动测试用 PostgreSQL")
    return f"postgresql://{_ROLE}:{_ROLE}@127.0.0.1:{port}/postgres"


def _can_log_in(url: str) -> bool:
    code = (
        "import sys, psycopg\n"
        "row = psycopg.connect(sys.argv[1], connect_timeout=5).execute("
        "'select rolcreatedb or rolsuper from pg_roles where rolname = current_user').fetchone()\n"
        "sys.exit(0 if row and row[0] else 1)"
    )
    return subprocess.run([BIN / "python", "-c", code, url], capture_output=True).returncode == 0


def _make_role() -> bool:
    """A role for the tests on the machine's own server, where we are root; it may do nothing but make databases."""
    if os.geteuid() != 0 or shutil.which("psql") is None:
        return False
    statement = f"CREATE ROLE {_ROLE} LOGIN CREATEDB PASSWORD '{_ROLE}'"
    command = [*_AS_POSTGRES, "psql", "-qX", "-d", "postgres", "-c", statement]
    return subprocess.run(command, capture_output=True).returncode == 0


def _postgresql_programs() -> Path | None:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    for folder in reversed(folders):
        if (folder / "initdb").exists():
            return folder
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(2)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, name: str) -> None:
    for _ in range(150):
        if _answers(port):
            return
        time.sleep(0.1)
    raise Stop(f"{name} 没有在 15 秒内启动。")


def _end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
