"""From a file to the database: look, and write."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from liaoyuan.kernel.errors import Conflict
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.roster.checking import Checked, check_workbook
from liaoyuan.organisation.roster.messages import ERROR, in_order, problems
from liaoyuan.organisation.roster.plan import Plan, make_plan
from liaoyuan.organisation.roster.policies import can_import
from liaoyuan.organisation.roster.selectors.known import known_for
from liaoyuan.organisation.roster.services.apply import Overtaken, apply_plan, last_import

Say = Callable[[int, str], None]
TRIES = 3


@contextmanager
def without_collection() -> Iterator[None]:
    """No garbage collection meanwhile: hundreds of thousands of live rows would be searched again and again, in vain
    (measured: a sixth of the time). Reference counting still frees what is dropped."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


@dataclass(slots=True)
class Outcome:
    """What a look at a file gave: its problems, and the plan where no error refuses it. ``after`` is the last import
    that the plan knows of."""

    checked: Checked
    plan: Plan | None
    written: bool = False
    after: int = 0


def look_at(source: Path | bytes, *, actor: Actor, say: Say = lambda percent, step: None) -> Outcome:
    """Check a workbook and work out what importing it would do; nothing is written.

    Raises guard.UnreadableError where it cannot be read, NotPermitted without the capability."""
    can_import(actor).require()
    with without_collection():
        say(3, _("读取平台现状"))
        after = last_import()
        known = known_for(actor)
        say(8, _("读取并核对工作簿"))
        checked = check_workbook(source, known)
        if checked.refused:
            return Outcome(checked, None, after=after)
        say(35, _("与平台现状比较"))
        plan, findings = make_plan(checked.book, known, actor)
    if findings:
        checked.problems = in_order([*problems(findings), *checked.problems], checked.titles)
    refused = any(one.severity == ERROR for one in checked.problems)
    return Outcome(checked, None if refused else plan, after=after)


def write_newest(look: Callable[[], Outcome], write: Callable[[Outcome], None]) -> Outcome:
    """Look and write, once more from the look on where another import came in between (``write`` raises Overtaken).
    Returns what was looked at last. Raises Conflict where others come first every time."""
    for _try in range(TRIES):
        outcome = look()
        try:
            write(outcome)
        except Overtaken:
            continue
        return outcome
    raise Conflict(_("别的花名册导入一再抢先，没有写入。请稍后再试。"))


def import_workbook(
    source: Path | bytes, *, actor: Actor, label: str, say: Say = lambda percent, step: None
) -> Outcome:
    """Check and import in one go, all or nothing. Nothing is written where a problem refuses the file."""

    def write(outcome: Outcome) -> None:
        if outcome.plan is not None and not outcome.plan.empty:
            with without_collection():
                apply_plan(outcome.plan, actor=actor, label=label, after=outcome.after, say=say)
            outcome.written = True

    outcome = write_newest(lambda: look_at(source, actor=actor, say=say), write)
    say(100, _("完成"))
    return outcome
