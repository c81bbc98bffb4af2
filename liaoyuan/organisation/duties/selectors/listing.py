"""The list of duties: what it holds, how it is searched, who answers for each."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from liaoyuan.kernel import clock
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.duties.models import Duty, DutyState
from liaoyuan.organisation.duties.policies import Capability
from liaoyuan.organisation.duties.selectors.day import Day, Holder
from liaoyuan.organisation.duties.selectors.near import live_on
from liaoyuan.organisation.duties.selectors.rows import SOON_DAYS, duties_visible, is_late, is_soon, rule_or_none
from liaoyuan.organisation.units.models import Unit

STATES = (
    ("late", _("已逾期")),
    ("soon", _("七天内到期")),
    ("closed", _("已办结")),
    ("lapsed", _("不再适用")),
    ("all", _("全部")),
)


def duty_list(actor: Actor) -> QuerySet[Duty]:
    """Duties in sight with their subjects: the late ones first, then by day; what has no day comes last."""
    late = Case(When(is_late(clock.today()), then=Value(0)), default=Value(1), output_field=IntegerField())
    rows = duties_visible(actor).select_related("person__unit", "unit", "handed_to", "closed_by")
    return rows.order_by(late, F("due").asc(nulls_last=True), "path", "rule", "pk")


def in_state(state: str) -> Q:
    """The condition of a filter's state; everything for an unknown one."""
    today = clock.today()
    return {
        "open": Q(state=DutyState.OPEN),
        "late": is_late(today),
        "soon": is_soon(today, today + timedelta(days=SOON_DAYS)),
        "closed": Q(state=DutyState.CLOSED),
        "lapsed": Q(state=DutyState.LAPSED),
    }.get(state, Q())


def units_to_filter(actor: Actor) -> QuerySet[Unit]:
    """Units in reach."""
    return Unit.objects.visible_to(actor, Capability.VIEW).filter(dissolved_on__isnull=True).order_by("path")


@dataclass(slots=True)
class Responsible:
    """Who answers for duties on a day. Two queries, whatever the number of duties asked about."""

    day: Day
    known: dict[tuple[str, str], tuple[Holder, ...]] = field(default_factory=dict)

    @classmethod
    def today(cls) -> "Responsible":
        """Today's."""
        return cls(Day(clock.today(), live_on()))

    def holders(self, rule_id: str, path: str) -> tuple[Holder, ...]:
        """The holders at ``path``; () where the person himself answers, every post is vacant, or the rule is gone."""
        key = (rule_id, path)
        if key not in self.known:
            rule = rule_or_none(rule_id)
            self.known[key] = tuple(self.day.responsible(rule, path)[1]) if rule else ()
        return self.known[key]

    def names(self, duty: Duty) -> str:
        """Their names and posts. Needs ``person`` selected."""
        rule = rule_or_none(duty.rule)
        if rule is not None and rule.at == "self":
            return duty.person.name if duty.person else ""
        return "、".join(f"{one.name}（{one.post_name}）" for one in self.holders(duty.rule, duty.path))
