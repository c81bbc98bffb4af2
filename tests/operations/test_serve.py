"""One process tree: it starts, heals, shares a port among web processes, and stops cleanly."""

import json
import os
import signal
import subprocess
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.operations.instance import COMMAND, Instance

Maker = Callable[..., Instance]


@pytest.fixture(scope="module")
def served(make_instance: Maker) -> Instance:
    """A serving instance with two web processes."""
    instance = make_instance(LIAOYUAN_WEB_WORKERS="2")
    instance.start()
    return instance


def _until(check: Callable[[], bool], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if check():
            return True
        time.sleep(0.1)
    return False


def test_the_tree_has_every_process(served: Instance) -> None:
    assert _until(lambda: len(served.children()) == 4)  # two web, one worker, one scheduler


def test_the_doctor_finds_a_healthy_instance(served: Instance) -> None:
    assert _until(lambda: '"ok": true' in served.run("doctor", "--format", "json", code=None).stdout)
    findings = json.loads(served.run("doctor", "--format", "json").stdout)["findings"]
    by_name = {finding["name"]: finding for finding in findings}
    assert by_name["任务进程"] == {"name": "任务进程", "level": "ok", "message": "1 个在运行。"}
    assert by_name["定时进程"]["level"] == "ok"
    assert by_name["迁移"]["level"] == "ok"


def test_a_second_serve_on_the_same_home_is_refused(served: Instance) -> None:
    refused = served.run("serve", "--port", str(served.port + 1), code=3)
    assert "已有一个实例在运行" in refused.stderr


def test_a_taken_port_is_told_in_a_sentence(served: Instance, make_instance: Maker) -> None:
    other = make_instance()
    refused = other.run("serve", "--port", str(served.port), code=2)
    assert f"127.0.0.1:{served.port}" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_job_enqueued_anywhere_is_done_promptly(served: Instance) -> None:
    """The worker wakes up by itself within a second."""
    took = served.shell(
        "import time\n"
        "from django_tasks_db.models import DBTaskResult\n"
        "from liaoyuan.kernel import jobs\n"
        "began = time.monotonic()\n"
        "key = jobs.enqueue('files.expire')\n"
        "while time.monotonic() - began < 20 and not DBTaskResult.objects.finished().filter(pk=key).exists():\n"
        "    time.sleep(0.02)\n"
        "task = DBTaskResult.objects.get(pk=key)\n"
        "print(task.status, (task.started_at - task.enqueued_at).total_seconds())"
    )
    status, waited = took.split()
    assert status == "SUCCESSFUL", took
    assert float(waited) < 2.0


def test_a_dead_child_is_replaced(served: Instance) -> None:
    before = served.children()
    victim = max(before)
    os.kill(victim, signal.SIGKILL)
    assert _until(lambda: victim not in served.children() and len(served.children()) == 4)
    assert served.status("/account/login/") == 200


def test_pages_go_on_while_web_processes_die(served: Instance) -> None:
    """The listening socket is the parent's: who comes while a process is being replaced waits, and is served."""
    web = sorted(served.children())[:2]
    for pid in web:
        os.kill(pid, signal.SIGKILL)
    with urllib.request.urlopen(f"{served.url}/account/login/", timeout=30) as response:  # noqa: S310  our own port
        assert response.status == 200
    assert _until(lambda: len(served.children()) == 4)


def test_it_stops_within_seconds_and_leaves_nobody_behind(served: Instance) -> None:
    children = served.children()
    process = served.process
    assert process is not None
    assert served.stop() < 9
    assert process.returncode == 0
    assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]


def test_children_do_not_outlive_a_killed_supervisor(make_instance: Maker) -> None:
    instance = make_instance()
    instance.start()
    children = instance.children()
    assert instance.process is not None
    instance.process.kill()
    instance.process.wait()
    assert _until(lambda: not [pid for pid in children if Path(f"/proc/{pid}").exists()], 15)
    instance.process = None


def test_parts_refuse_a_database_that_is_not_migrated(make_instance: Maker) -> None:
    instance = make_instance(migrated=False)
    for verb in ("web", "worker", "scheduler"):
        refused = instance.run(*((verb, "--port", str(instance.port)) if verb == "web" else (verb,)), code=3)
        assert "liaoyuan manage migrate" in refused.stderr


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({"LIAOYUAN_PORT": "abc"}, "LIAOYUAN_PORT 有误：应为整数"),
        ({"LIAOYUAN_PORT": "70000"}, "LIAOYUAN_PORT 有误：不得大于 65535"),
        ({"LIAOYUAN_HTTPS": "maybe"}, "LIAOYUAN_HTTPS 有误：应为 true 或 false"),
        ({"LIAOYUAN_LOG_LEVEL": "LOUD"}, "LIAOYUAN_LOG_LEVEL 有误：只能是"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL 只支持 postgresql"),
        ({"STORAGE_URL": "ftp://x"}, "STORAGE_URL 的写法是"),
        ({"DATABASE_URL": "postgresql://nobody:x@127.0.0.1:1/none"}, "连不上"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, env: dict[str, str], words: str) -> None:
    failed = Instance(tmp_path / "home", env=env).run("worker", code=2)
    assert words in failed.stderr
    assert "Traceback" not in failed.stderr


def test_a_wrong_line_of_the_settings_file_is_named(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "liaoyuan.toml").write_text('prot = 8001\nweb_threads = "many"\n')
    failed = Instance(home).run("doctor", code=2)
    assert "prot" in failed.stderr
    assert "没有这个设置项" in failed.stderr
    assert "LIAOYUAN_WEB_THREADS" in failed.stderr


def test_a_damaged_key_file_is_never_replaced(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "keys.toml").write_text("django = ")
    failed = Instance(home).run("doctor", code=2)
    assert "密钥文件" in failed.stderr
    assert (home / "keys.toml").read_text() == "django = "


def test_help_and_version_load_no_django() -> None:
    source = "import sys, liaoyuan.config.cli; print([m for m in ('django', 'openpyxl') if m in sys.modules])"
    command = [str(COMMAND.with_name("python")), "-c", source]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == "[]"
    said = subprocess.run([str(COMMAND), "--version"], capture_output=True, text=True, check=True).stdout
    assert said.startswith("liaoyuan ")


def test_a_setting_spelt_wrongly_is_told(make_instance: Maker) -> None:
    instance = make_instance(LIAOYUAN_IDLE_MINUTES="5")
    findings = json.loads(instance.run("doctor", "--format", "json", code=None).stdout)["findings"]
    told = [finding for finding in findings if finding["name"] == "设置"]
    assert [finding["level"] for finding in told] == ["warning"]
    assert "LIAOYUAN_IDLE_MINUTES" in told[0]["message"]
