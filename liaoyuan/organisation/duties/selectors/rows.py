"""Duties as they are shown: each row told in words without asking the chronicle again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from liaoyuan.foundation.regulations.models import ParameterOverride
from liaoyuan.foundation.regulations.rules import Document, Duration, Value, parse_value
from liaoyuan.foundation.regulations.selectors import documents, overrides_on
from liaoyuan.kernel.errors import NotInScope
from liaoyuan.kernel.paths import upper
from liaoyuan.kernel.scoping import Actor, ScopedQuerySet
from liaoyuan.organisation.chronicle import kinds
from liaoyuan.organisation.chronicle.policies import Capability as ChronicleCapability
from liaoyuan.organisation.duties import registry
from liaoyuan.organisation.duties.models import Duty, DutyState
from liaoyuan.organisation.duties.policies import Capability
from liaoyuan.organisation.duties.rules import terms
from liaoyuan.organisation.duties.rules.declared import DutyRule
from liaoyuan.organisation.duties.selectors.day import UnitRow
from liaoyuan.organisation.duties.selectors.instances import Instance
from liaoyuan.organisation.duties.selectors.told import sentence

SOON_DAYS = 7
NOTHING = DutyRule("", "", "", "", "once", "person")  # a rule that the product no longer has


def guarded_rules() -> Mapping[str, tuple[str, ...]]:
    """Rules that follow from facts not everybody with a view may read (discipline): capability → rule ids."""
    known = {kind.key: kind.see for kind in kinds.all_kinds()}
    found: dict[str, list[str]] = {}
    for rule in registry.all_rules():
        for see in sorted({known.get(key, "") for key in rule.opens} - {"", str(ChronicleCapability.VIEW)}):
            found.setdefault(see, []).append(rule.id)
    return {see: tuple(ids) for see, ids in found.items()}


def duties_visible(actor: Actor, *, theirs: bool = True) -> ScopedQuerySet:
    """Duties in the actor's reach; with ``theirs`` also those about himself, those handed to him and those of which he
    is told. What follows from guarded facts needs the capability that shows them as well."""
    rows = Duty.objects.unscoped("narrowed by the scope's own condition, below")
    mine = Q(person_id=actor.person_id) | Q(handed_to_id=actor.person_id) if actor.person_id and theirs else Q()
    for rule_id, people in registry.told_to(actor.person_id) if actor.person_id and theirs else ():
        mine |= Q(rule=rule_id, person_id__in=people)
    reach = _within(actor, Capability.VIEW)
    if reach is not None:
        rows = rows.filter(reach | mine)
    for see, ids in guarded_rules().items():
        seen = _within(actor, see)
        if seen is not None and not all(actor.covers(see, prefix) for prefix in actor.reach(Capability.VIEW)):
            rows = rows.filter(~Q(rule__in=ids) | seen | mine)
    return rows


def _within(actor: Actor, capability: str) -> Q | None:
    """Rows at units where the actor holds a capability; None where that is everywhere."""
    reach = actor.reach(capability)
    if "" in reach:
        return None
    condition = Q(pk__in=[])
    for prefix in reach:
        condition |= Q(path__gte=prefix, path__lt=upper(prefix))
    return condition


def duty_get(actor: Actor, duty_id: UUID, *, lock: bool = False) -> Duty:
    """One duty with what its page shows; locked for a service. Raises NotInScope."""
    rows = duties_visible(actor).filter(pk=duty_id).select_related("unit", "person", "handed_to", "closed_by")
    row: Duty | None = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if row is None:
        raise NotInScope()
    return row


def is_late(today: date) -> Q:
    """Open, and its day has passed."""
    return Q(state=DutyState.OPEN, due__lt=today) & ~Q(rule__in=never_late())


def is_soon(today: date, until: date) -> Q:
    """Open, and its day comes by ``until``."""
    return Q(state=DutyState.OPEN, due__gte=today, due__lte=until) & ~Q(rule__in=never_late())


def never_late() -> tuple[str, ...]:
    """Rules whose day is an earliest one, or that have none."""
    return tuple(rule.id for rule in registry.all_rules() if rule.never_late)


def rule_or_none(rule_id: str) -> DutyRule | None:
    """The rule of a row; None where the product no longer has it."""
    try:
        return registry.rule(rule_id)
    except KeyError:
        return None


@dataclass(frozen=True, slots=True)
class Overrides:
    """Every override of a day, read once."""

    found: Mapping[str, list[ParameterOverride]]

    @classmethod
    def on(cls, day: date) -> "Overrides":
        """Those in force on a day. One query."""
        return cls(overrides_on(day))

    def at(self, parameter_id: str, path: str) -> ParameterOverride | None:
        """The nearest one upwards."""
        return next((one for one in self.found.get(parameter_id, ()) if path.startswith(one.path)), None)


def as_instance(duty: Duty, overrides: Overrides) -> Instance | None:
    """The row as the evaluation knew it: term and clause of the text that it followed, with the override that binds
    today. Needs ``unit`` and ``person`` selected. None where the rule is gone."""
    rule = rule_or_none(duty.rule)
    if rule is None:
        return None
    document = _document(duty.version)
    cites = duty.key.rpartition(":")[2] if rule.shape == "reached" else rule.cites
    parameter = document.parameters.get(cites.partition(".")[2]) if document and cites else None
    value: Value | None = parameter.value if parameter else None
    override = overrides.at(cites, duty.path) if parameter else None
    if parameter is not None and override is not None:
        value = parse_value(parameter.type, override.value)
    person, unit = duty.person, duty.unit
    return Instance(
        rule=rule,
        version=duty.version,
        article=f"《{document.title}》第{parameter.clause}条" if document and parameter else _clause(rule, document),
        person_id=duty.person_id,
        code=person.number if person else unit.code,
        name=person.name if person else unit.name,
        unit=UnitRow(
            unit.pk, unit.code, unit.name, unit.kind, unit.path, unit.can_approve_members, unit.founded_on,
            unit.planned_end_on, unit.dissolved_on,
        ),
        key=duty.key,
        opened_on=duty.opened_on,
        due=duty.due,
        term=terms.spoken(value if isinstance(value, Duration | int) else None),
        period=_period(rule, duty.key),
        overridden=override.reason if override else "",
    )  # fmt: skip


@cache
def _document(version: str) -> Document | None:
    """The text by its id; a rule that cites an article alone names the family: its newest text."""
    return next((one for one in reversed(documents()) if version in {one.id, one.family}), None)


def _clause(rule: DutyRule, document: Document | None) -> str:
    number = rule.clause.partition(".")[2]
    return f"《{document.title}》第{number}条" if document and number else rule.clause


def turn_words(duty: Duty, rule: DutyRule) -> str:
    """Which turn of a recurring duty this is: 2026年2月, or by its day."""
    return _period(rule, duty.key) or _("%(due)s到期") % {"due": duty.due}


def _period(rule: DutyRule, key: str) -> str:
    if rule.shape != "period":
        return ""
    return terms.period_words(terms.period_of(date.fromisoformat(key), rule.period), rule.period)


@dataclass(frozen=True, slots=True)
class Shown:
    """A duty in words: its sentence, its state as level and words."""

    duty: Duty
    rule: DutyRule
    one: Instance | None
    sentence: str
    level: str
    words: str


def shown(duty: Duty, overrides: Overrides, today: date) -> Shown:
    """A row in words. No query where ``unit`` and ``person`` are selected."""
    one = as_instance(duty, overrides)
    rule = one.rule if one else NOTHING
    on = today if duty.state == DutyState.OPEN else duty.opened_on
    text = sentence(one, on) if one else _("规则 %(rule)s 已不再使用") % {"rule": duty.rule}
    level, words = state_of(duty, rule, today)
    return Shown(duty, rule, one, text, level, words)


def state_of(duty: Duty, rule: DutyRule, today: date) -> tuple[str, str]:
    """Level and words of a duty's state."""
    if duty.state == DutyState.CLOSED and rule.missed and duty.closed_by and duty.closed_by.kind == rule.missed:
        return "info", _("未按期，%(day)s 说明后办结") % {"day": duty.closed_on}
    if duty.state == DutyState.CLOSED:
        return "ok", _("%(day)s 办结") % {"day": duty.closed_on}
    if duty.state == DutyState.LAPSED:
        return "muted", _("不再适用")
    if duty.due is None:
        return "info", _("尚未解决")
    days = (duty.due - today).days
    if rule.never_late:
        return "info", _("可以办理") if days <= 0 else _("%(days)d 天后可办") % {"days": days}
    if days < 0:
        return "late", _("逾期 %(days)d 天") % {"days": -days}
    words = _("今天到期") if days == 0 else _("还有 %(days)d 天") % {"days": days}
    return "soon" if days <= SOON_DAYS else "info", words
