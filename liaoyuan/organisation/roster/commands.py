"""What ``liaoyuan roster …`` does: the platform itself acts, on the machine it runs on."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from liaoyuan.kernel.errors import DomainError
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.roster.checking import check_workbook
from liaoyuan.organisation.roster.guard import UnreadableError
from liaoyuan.organisation.roster.messages import LABELS, Problem, unreadable
from liaoyuan.organisation.roster.selectors.known import known_for
from liaoyuan.organisation.roster.services import import_workbook, look_at
from liaoyuan.organisation.roster.services.exporting import export_file, template_file

CLEAN, PROBLEMS, UNREADABLE = 0, 1, 2
Say = Callable[[str], object]


def check(*, file: Path, output: str = "text", say: Say = print) -> int:
    """List every problem of ``file``; 0 where nothing keeps it from being imported, 1 with errors, 2 where it cannot be
    read. ``output="json"`` prints one array of ``{sheet, row, column, kind, severity, message}`` and nothing else."""
    try:
        checked = check_workbook(file, known_for(_actor()))
    except UnreadableError as error:
        _print([unreadable(error)], output, say)
        return UNREADABLE
    _print(checked.problems, output, say)
    return PROBLEMS if checked.refused else CLEAN


def import_(*, file: Path, dry_run: bool = False, say: Say = print) -> int:
    """Import ``file``, all or nothing, or only say what would change. Same exit codes as ``check``."""
    told: set[str] = set()

    def progress(percent: int, step: str) -> None:
        if step not in told:
            told.add(step)
            say(f"{percent:3d}% {step}")

    try:
        if dry_run:
            outcome = look_at(file, actor=_actor(), say=progress)
        else:
            outcome = import_workbook(file, actor=_actor(), label=file.name, say=progress)
    except UnreadableError as error:
        _print([unreadable(error)], "text", say)
        return UNREADABLE
    except DomainError as error:
        say(_("没有写入任何数据：%(why)s") % {"why": error.message})
        return PROBLEMS
    _print(outcome.checked.problems, "text", say)
    if outcome.plan is None:
        say(_("有错误，没有写入任何数据。"))
        return PROBLEMS
    for _key, section in outcome.plan.sections:
        words = {"title": section.title, "new": len(section.created), "other": len(section.changed)}
        say(
            _("%(title)s：新增 %(new)s，变更 %(other)s，不变 %(same)s，表外 %(absent)s（不动）")
            % {**words, "same": section.same, "absent": section.absent}
        )
    if dry_run:
        say(_("以上只是预演，没有写入。"))
    else:
        say(_("已导入。") if outcome.written else _("与平台现状一致，没有改动。"))
    return CLEAN


def export(*, file: Path, unit: str = "", say: Say = print) -> int:
    """Write what the platform holds (under the unit with code ``unit``, if given) to ``file``; how many lines."""
    with _draft(file) as target:
        count = export_file(actor=_actor(), target=target, unit=unit)
    say(_("已写入 %(file)s，共 %(count)s 行。") % {"file": file, "count": count})
    return count


def template(*, file: Path) -> None:
    """Write the empty workbook to ``file``."""
    with _draft(file) as target:
        template_file(target)


@contextmanager
def _draft(file: Path) -> Iterator[IO[bytes]]:
    """A draft beside ``file`` that takes its place once it is whole: what stands there survives a refusal."""
    draft = file.with_name(f"{file.name}.draft")
    try:
        with draft.open("wb") as target:
            yield target
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def _actor() -> Actor:
    return Actor.system("命令行", via="cli")


def _print(problems: list[Problem], output: str, say: Say) -> None:
    if output == "json":
        say(json.dumps([one.as_dict() for one in problems], ensure_ascii=False, indent=1))
        return
    for one in problems:
        where = f"{one.sheet} 第 {one.row} 行" if one.row else one.sheet
        say(f"[{LABELS[one.severity]}] {where} {one.column}：{one.message}")
    counts = Counter(one.severity for one in problems)
    if problems:
        say("，".join(f"{LABELS[severity]} {count}" for severity, count in counts.items()))
    else:
        say(_("没有发现问题。"))
