"""What is wrong in the data of one's subtrees, and whether derived data still equals its truth."""

import logging
from dataclasses import dataclass
from itertools import islice

from django.utils.translation import gettext as _

from liaoyuan.desk.oversight.policies import can_see_quality
from liaoyuan.kernel.errors import NotInScope
from liaoyuan.kernel.registry import DataCheck, DataProblem, data_checks
from liaoyuan.kernel.scoping import Actor

READ = 201  # problems read of one check: beyond two hundred nobody acts on the difference
_log = logging.getLogger(__name__)
LEVELS = {3: "late", 2: "soon", 1: "info"}


@dataclass(frozen=True, slots=True)
class Checked:
    """One check's problems, the first two hundred; ``more`` where there are others."""

    key: str
    label: str
    problems: list[DataProblem]
    more: bool

    @property
    def count(self) -> int:
        """How many are shown."""
        return len(self.problems)

    @property
    def worst(self) -> str:
        """The level of the worst problem, "ok" for none."""
        return LEVELS.get(max((problem.severity for problem in self.problems), default=0), "ok")


def quality(actor: Actor, only: str = "") -> list[Checked]:
    """Every check (or ``only`` one) over what ``actor`` reaches. Raises NotPermitted, or NotInScope for a check that
    does not exist."""
    can_see_quality(actor).require()
    checks = [check for check in data_checks() if only in {"", check.key}]
    if only and not checks:
        raise NotInScope()
    found = []
    for check in checks:
        problems = _problems(check, actor)
        found.append(Checked(check.key, str(check.label), problems[: READ - 1], len(problems) == READ))
    return found


def _problems(check: DataCheck, actor: Actor) -> list[DataProblem]:
    """What ``check`` finds. One that crashes is a problem itself and hides no other."""
    try:
        return list(islice(check.source(actor), READ))
    except Exception:
        _log.exception("数据检查“%s”出错", check.label)
        return [DataProblem(_("这项检查没有完成"), _("检查中途出错，原因已记入日志。请告诉系统管理员。"), severity=2)]
