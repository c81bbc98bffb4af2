"""How the system runs."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from liaoyuan.desk.oversight.selectors import system as selectors
from liaoyuan.desk.oversight.selectors.system import system
from liaoyuan.foundation.audit.services import record
from liaoyuan.kernel import clock
from liaoyuan.kernel.jobs import enqueue
from liaoyuan.kernel.scoping import Actor

pytestmark = pytest.mark.django_db
ADDRESS = reverse("oversight:system")


@pytest.mark.parametrize(
    "persona", ["member", "branch_secretary", "organisation_clerk", "security_admin", "audit_admin"]
)
def test_only_the_system_administrator_gets_in(browser, persona):
    assert browser(persona).get(ADDRESS).status_code == 403
    assert browser(persona).get(ADDRESS + "?examine=1").status_code == 403


def test_the_figures_are_the_present_ones(house):
    actor = house.actor("system_admin")
    before = system(actor)
    assert (before.waiting, before.running, before.failed, before.last_backup) == (0, 0, 0, None)
    assert (before.backup_level, before.queue_level) == ("soon", "ok")
    assert before.database_size > 100_000
    enqueue("files.expire")
    record(Actor.system("命令行", via="cli"), "instance.backup", object_label="a.zip")
    after = system(actor)
    assert (after.waiting, after.queue_level, after.backup_level) == (1, "ok", "ok")
    with clock.set_to(clock.now() + timedelta(minutes=5)):
        assert system(actor).queue_level == "late"
    with clock.set_to(clock.now() + timedelta(days=8)):
        assert system(actor).backup_level == "soon"


def test_failed_jobs_are_listed_with_their_reason(house, browser):
    key = enqueue("files.expire")
    DBTaskResult.objects.filter(pk=key).update(
        status="FAILED",
        finished_at=clock.now(),
        traceback="Traceback …\n  File x\nOSError: 磁盘只读\n",
        exception_class_path="builtins.OSError",
    )
    text = browser("system_admin").get(ADDRESS).content.decode()
    assert "OSError: 磁盘只读" in text
    assert "expire" in text
    home = browser("system_admin").get(reverse("home:index")).content.decode()
    assert "有 1 个后台任务失败" in home
    assert "备份实例" in home


def test_the_doctor_runs_only_when_asked(browser, monkeypatch, settings):
    asked = []

    def examine():
        asked.append(1)
        return [
            SimpleNamespace(name="数据库", level="ok", message="完好。"),
            SimpleNamespace(name="任务进程", level="error", message="没有任务进程在运行。"),
        ]

    monkeypatch.setattr(selectors, "import_string", lambda name: examine if name == settings.DOCTOR else None)
    client = browser("system_admin")
    client.get(ADDRESS)
    assert asked == []
    text = client.get(ADDRESS + "?examine=1").content.decode()
    assert asked == [1]
    assert "没有任务进程在运行。" in text
    assert "故障" in text


def test_the_real_doctor_fits_the_page(browser):
    assert "体检结果" in browser("system_admin").get(ADDRESS + "?examine=1").content.decode()
