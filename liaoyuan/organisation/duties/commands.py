"""What ``liaoyuan duties …`` does: the platform itself computes, on the machine it runs on."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from django.utils.translation import gettext as _

from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import DomainError
from liaoyuan.organisation.duties import registry
from liaoyuan.organisation.duties.models import Run
from liaoyuan.organisation.duties.rules.declared import DutyRule
from liaoyuan.organisation.duties.selectors.day import Day
from liaoyuan.organisation.duties.selectors.instances import Instance, instances
from liaoyuan.organisation.duties.selectors.told import as_json, sentence
from liaoyuan.organisation.duties.services import duties_evaluate, reminders_send
from liaoyuan.organisation.duties.services.faults import Faults
from liaoyuan.organisation.units.models import Unit

DONE, FAILED, REFUSED = 0, 1, 3
Say = Callable[[str], object]
_FIRST = date(1949, 10, 1)
_AHEAD = timedelta(days=3653)  # every period up to the day is listed: a slip of the finger would never end


def run(
    *,
    on: date | None = None,
    dry_run: bool = False,
    unit: str = "",
    rule: str = "",
    output: str = "text",
    say: Say = print,
    tell: Say = print,
) -> int:
    """Evaluate, write and remind (today only), then print what is owed at the end of ``on``. Another day than today is
    always a dry run: what has not happened cannot be recorded. ``say`` prints results, ``tell`` remarks. Returns the
    exit code: 1 where a rule failed (all others are counted, told and listed), 3 where the clock went back."""
    today = clock.today()
    wanted = on or today
    last = today + _AHEAD
    if not _FIRST <= wanted <= last:
        between = {"first": _FIRST, "last": last}
        raise DomainError(_("请选 %(first)s 至 %(last)s 之间的一天。") % between, field="on")
    rules = tuple(one for one in registry.all_rules() if rule in {"", one.id})
    if not rules:
        raise DomainError(_("没有编号为 %(rule)s 的规则。") % {"rule": rule}, field="rule")
    below = _path(unit) if unit else ""
    faults = Faults()
    if not dry_run and wanted == today:
        summary = duties_evaluate(rules=rules if rule else None, faults=faults)
        told = reminders_send(rules=rules, faults=faults)
        words = {"opened": summary.opened, "closed": summary.closed, "told": told}
        tell(_("新开 %(opened)d 件，办结 %(closed)d 件，发出提醒 %(told)d 条。") % words)
    elif not dry_run:
        tell(_("%(day)s 不是今天，只试算，不写入、不提醒。") % {"day": wanted})
    day = day_for(wanted, below)
    if output == "json":
        for line in _each(day, rules, faults, lambda one: json.dumps(as_json(day, one), ensure_ascii=False)):
            say(line)
        return _end(faults, tell)
    counts: Counter[str] = Counter()

    def shown(one: Instance) -> str:
        counts["overdue" if one.overdue(wanted) else "open"] += 1
        return f"{one.due or '—'!s:<10} {one.rule.id:<6} {one.code:<14} {sentence(one, wanted)}"

    for line in _each(day, rules, faults, shown):
        say(line)
    tell(
        _("%(day)s：逾期 %(overdue)d 件，待办 %(open)d 件。")
        % {"day": wanted, **{k: counts[k] for k in ("overdue", "open")}}
    )
    return _end(faults, tell)


def day_for(on: date, below: str = "") -> Day:
    """The day to be looked at; before the platform's first evaluation it counts since today."""
    found = Run.objects.filter(id=1).values_list("live_on", flat=True).first()
    return Day(on, found or clock.today(), below)


def _each(day: Day, rules: tuple[DutyRule, ...], faults: Faults, line: Callable[[Instance], str]) -> Iterator[str]:
    for rule in rules:
        with faults.of(rule):
            for one in instances(day, rule):
                yield line(one)


def _end(faults: Faults, tell: Say) -> int:
    """The exit code, and which rules failed."""
    if not faults.found:
        return DONE
    tell(
        _("规则 %(rules)s 计算出错，其余规则已照常办理。详见日志，请联系维护人员。")
        % {"rules": "、".join(faults.found)}
    )
    return FAILED


def _path(code: str) -> str:
    path = Unit.objects.unscoped("named on the command line").filter(code=code).values_list("path", flat=True).first()
    if path is None:
        raise DomainError(_("没有编码为 %(code)s 的组织。") % {"code": code}, field="unit")
    return path
