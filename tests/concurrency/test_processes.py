"""Processes that write at once, and one that is killed: real ones, on an instance of their own.

Each scene is one script that sets the product up once and forks its rivals: starting them one by one would take longer
than what they do.
"""

import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from liaoyuan.organisation.roster.tests.factories import id_number, person, two_battalions, workbook
from tests.operations.instance import ROOT, Instance

CROWD = 600  # people in the import that is killed in the middle

_OPENING = """
import os, signal, sys, time, traceback
import django
django.setup()
from django.db import connections

def fork(work):
    connections.close_all()
    if child := os.fork():
        return child
    try:
        work()
    except SystemExit as end:
        os._exit(end.code or 0)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)

def ended(*children):
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]

def until(true, seconds=120):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)
"""


@pytest.fixture
def play(make_instance: Callable[..., Instance], tmp_path: Path) -> Callable[..., str]:
    """Run a scene on a fresh instance; what it printed."""
    instance = make_instance(DJANGO_SETTINGS_MODULE="liaoyuan.config.settings", PYTHONPATH=str(ROOT))

    def run(source: str, *arguments: Path) -> str:
        script = tmp_path / "scene.py"
        script.write_text(_OPENING + source)
        result = subprocess.run(
            [sys.executable, str(script), *map(str, arguments)], env=instance.environment(), cwd=tmp_path, timeout=300,
            capture_output=True, text=True, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout.strip()

    return run


_EIGHT = """
from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.foundation.audit.services import record, verify_chain
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.scoping import Actor

def write():
    me = Actor.system(str(os.getpid()))
    for number in range(25):
        with unit_of_work():
            record(me, "a.first", detail={"n": number})
            record(me, "a.second", detail={"n": number})

print(ended(*[fork(write) for _ in range(8)]))
rows = list(AuditEntry.objects.order_by("seq").values_list("seq", "action", "actor_name", "detail__n"))
mine = [row for row in rows if row[1].startswith("a.")]
pairs = zip(mine[::2], mine[1::2])
print(len(mine), [row[0] for row in rows] == list(range(1, len(rows) + 1)))
print(all(b == (a[0] + 1, "a.second", *a[2:]) for a, b in pairs), verify_chain().ok)
"""


def test_eight_processes_write_one_whole_trail(play: Callable[..., str]):
    """Rows of one unit of work stand side by side, numbers have no gap, and the chain holds."""
    assert play(_EIGHT).splitlines() == [str([0] * 8), "400 True", "True True"]


_TWO = """
from django_tasks_db.models import DBTaskResult
from liaoyuan.config.processes import worker
from liaoyuan.kernel.jobs import enqueue

for _ in range(60):
    enqueue("whereabouts.refresh")
both = [fork(worker.run) for _ in range(2)]
left = DBTaskResult.objects.filter(status__in=["READY", "RUNNING"])
until(lambda: not left.exists())
for child in both:
    os.kill(child, signal.SIGTERM)
print(ended(*both))
rows = list(DBTaskResult.objects.values_list("status", "worker_ids"))
print(len(rows), {row[0] for row in rows}, {len(row[1]) for row in rows})
"""


def test_two_workers_take_each_job_once(play: Callable[..., str]):
    assert play(_TWO).splitlines()[-2:] == ["[0, 0]", "60 {'SUCCESSFUL'} {1}"]


_KILLED = """
from django.core.files.uploadedfile import SimpleUploadedFile
from liaoyuan.config.processes import worker
from liaoyuan.foundation.audit.services import verify_chain
from liaoyuan.kernel.scoping import Actor, actor_for
from liaoyuan.organisation.members.models import Membership, Person
from liaoyuan.organisation.roster import progress
from liaoyuan.organisation.roster.models import RosterUpload
from liaoyuan.organisation.roster.services import import_workbook, uploads
from liaoyuan.organisation.whereabouts.models import Presence

house, crowd = (open(path, "rb").read() for path in sys.argv[1:])
assert import_workbook(house, actor=Actor.system("test"), label="house").written
clerk = actor_for(Person.objects.unscoped("test").get(number="P0010").user, via="web")
taken = uploads.upload_take(actor=clerk, file=SimpleUploadedFile("x.xlsx", crowd))
uploads.check_upload(str(taken.pk))
taken.refresh_from_db()
assert taken.state == "ready", taken.problems[:3]
uploads.upload_confirm(actor=clerk, upload=taken)

def killed_in_the_middle():
    say = progress.Reporter.say
    def said(reporter, percent, step):
        say(reporter, percent, step)
        if percent >= 50:
            os.kill(os.getpid(), signal.SIGKILL)
    progress.Reporter.say = said
    worker.run()

def now():
    return RosterUpload.objects.unscoped("test").get(pk=taken.pk)

def told():
    print(now().state, *(model._base_manager.count() for model in (Person, Membership, Presence)), flush=True)

first = fork(killed_in_the_middle)
print(ended(first))
told()
second = fork(worker.run)
until(lambda: now().state != "importing")
told()
os.kill(second, signal.SIGTERM)
print(ended(second), verify_chain().ok)
"""


def test_a_worker_killed_in_the_middle_of_an_import_leaves_nothing_half_and_the_next_one_finishes(
    play: Callable[..., str], tmp_path: Path
):
    rows = two_battalions()
    rows["任职"].append({"人员编号": "P0010", "组织编码": "L-A", "职务": "组织干事", "任职日期": "2025-01-01"})
    house, crowd = tmp_path / "house.xlsx", tmp_path / "crowd.xlsx"
    house.write_bytes(workbook(rows))
    born = [date(1991, 1, 1) + timedelta(number // 400) for number in range(CROWD)]
    crowd.write_bytes(workbook({"人员": [
        person(number, "L-A-1", "群众", 人员编号=f"Q{number:05d}", 登录账号=None, 出生日期=birth,
               身份证号=id_number(number % 400, birth)) for number, birth in enumerate(born)
    ]}))  # fmt: skip
    told = [line for line in play(_KILLED, house, crowd).splitlines() if line[0] != "▸"]
    all_of_them = CROWD + 4
    assert told == ["[-9]", "importing 4 4 4", f"done {all_of_them} {all_of_them} {all_of_them}", "[0] True"]
