"""Loading the demo brigade through the services, with its dates moved so that it is alive today."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from django.utils.translation import gettext as _

from liaoyuan.desk.demo.services.checkins import scatter
from liaoyuan.desk.demo.services.personas import prepare
from liaoyuan.foundation.accounts.services import DemoLogin
from liaoyuan.foundation.audit.selectors import last_time
from liaoyuan.foundation.audit.services import record
from liaoyuan.kernel.clock import today
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import Conflict, DomainError
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.roster.messages import ERROR
from liaoyuan.organisation.roster.services import import_workbook

ACTION = "demo.load"
IMPORT = "roster.import"
SEED = "20261122"
MEMBERS = 1260


def loaded() -> bool:
    """Whether this instance holds the demo brigade."""
    return last_time(ACTION) is not None


def _loader() -> Actor:
    return Actor.system("载入演示旅", via="cli")


def unfinished() -> bool:
    """Whether the brigade was imported here and the rest did not follow: somebody stopped the first start. The import
    bears its author's name in the trail, in its own transaction: it cannot be taken for anybody else's."""
    return not loaded() and last_time(IMPORT, by=_loader().name) is not None


def load(
    *, members: int | None = None, seed: int = 0, force: bool = False, say: Callable[[str], object] = print
) -> list[DemoLogin]:
    """Make the brigade of ``members`` people (none: the one of the shipped workbook) with today as its reference date,
    import it as any roster, prepare the personas' log-ins, scatter check-ins over the last days. Returns the log-ins;
    [] where the brigade is there already: then nothing changes. Where a load was interrupted, the rest is done.

    Raises Conflict where the instance holds people who are not the demonstration's, unless ``force``.
    """
    if loaded():
        say(_("演示旅已经在这里，没有改动。"))
        return []
    if unfinished():
        say(_("接着上次没有完成的装载…"))
        return _finish(members or Person.objects.unscoped("how large it was made").count(), say)
    if not force and Person.objects.unscoped("is anybody here").exists():
        raise Conflict(_("这个实例里已有人员数据，不能再载入演示旅。请换一个 LIAOYUAN_HOME（或数据库）再试。"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "brigade.xlsx"
        say(_("生成演示旅…"))
        from liaoyuan.desk.demo import brigade  # with openpyxl: only who loads the demo pays for it

        brigade.write(path, members or MEMBERS, str(seed) if seed else SEED, today())
        told: set[str] = set()

        def progress(percent: int, step: str) -> None:
            if step not in told:
                told.add(step)
                say(f"{percent:3d}% {step}")

        outcome = import_workbook(path, actor=_loader(), label=_("演示旅"), say=progress)
    if not outcome.written:
        first = next((one.message for one in outcome.checked.problems if one.severity == ERROR), "")
        raise DomainError(_("演示旅没有载入：%(why)s") % {"why": first})
    return _finish(members or MEMBERS, say)


def _finish(members: int, say: Callable[[str], object]) -> list[DemoLogin]:
    """What follows the import, all of it or nothing: it may be begun anew as often as it is interrupted."""
    actor = _loader()
    with unit_of_work():
        say(_("准备演示账号…"))
        logins = prepare(actor)
        say(_("登记最近的打卡…"))
        count = scatter()
        record(actor, ACTION, object_type="demo", detail={"members": members, "checkins": count})
    return logins
