"""Why a duty is open still after something was written down for it."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from liaoyuan.kernel import clock
from liaoyuan.organisation.chronicle import kinds
from liaoyuan.organisation.duties.models import Duty
from liaoyuan.organisation.duties.rules import terms
from liaoyuan.organisation.duties.rules.declared import DutyRule
from liaoyuan.organisation.duties.selectors.day import Day, Only
from liaoyuan.organisation.duties.selectors.missed import made_up_amounts
from liaoyuan.organisation.duties.selectors.near import live_on
from liaoyuan.organisation.duties.selectors.openings import amounts
from liaoyuan.organisation.duties.selectors.rows import rule_or_none, turn_words


def still_open(before: Duty, after: Duty) -> str:
    """What is left to do, in a sentence: the row as it was before and as it is now."""
    rule = rule_or_none(after.rule)
    if after.due is not None and after.due != before.due:
        return _("期限已相应改为 %(due)s，到时仍要办理。") % {"due": after.due}
    if rule is not None and rule.shape == "period":
        return _of_period(after, rule)
    if rule is not None and rule.shape == "every":
        return _("这一次先算作更早没有办的一期，这一期仍在待办中。")
    return _("这件事要等其他条件满足才办结，仍在待办中。")


def _of_period(duty: Duty, rule: DutyRule) -> str:
    subject = duty.person_id or duty.unit_id
    only = Only(people=frozenset({subject}), units=frozenset({subject}))
    day = Day(clock.today(), live_on(), only=only)
    window = terms.period_of(date.fromisoformat(duty.key), rule.period)
    have = Decimal(amounts(day, rule, only, window).get(subject) or 0)
    have -= made_up_amounts(day, rule, window).get(subject, 0)
    term = day.term(rule.cites, duty.path, day.on) if rule.cites else None
    wanted = term.value if term is not None and isinstance(term.value, int) else 1
    unit = (kinds.kind(rule.closes[0]).unit if rule.sums else "") or _("次")
    return _("%(period)s要求 %(wanted)s %(unit)s，已登记 %(have)s %(unit)s，还差 %(left)s %(unit)s，仍在待办中。") % {
        "period": turn_words(duty, rule),
        "wanted": wanted,
        "have": f"{have.normalize():f}",
        "left": f"{(wanted - have).normalize():f}",
        "unit": unit,
    }
