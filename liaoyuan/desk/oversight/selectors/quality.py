"""What is wrong in the data of one's subtrees, and whether derived data still equals its truth."""

from dataclasses import dataclass
from itertools import islice

from liaoyuan.desk.oversight.policies import can_see_quality
from liaoyuan.kernel.errors import NotInScope
from liaoyuan.kernel.registry import DataProblem, data_checks
from liaoyuan.kernel.scoping import Actor

READ = 201  # problems read of one check: beyond two hundred nobody acts on the difference
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
        problems = list(islice(check.source(actor), READ))
        found.append(Checked(check.key, str(check.label), problems[: READ - 1], len(problems) == READ))
    return found
