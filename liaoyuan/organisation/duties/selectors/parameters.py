"""Parameters that a unit may set for itself, with what binds today."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F

from liaoyuan.foundation.regulations.models import ParameterOverride
from liaoyuan.foundation.regulations.names import parameter_name
from liaoyuan.foundation.regulations.policies import Capability as RegulationsCapability
from liaoyuan.foundation.regulations.rules import Document, parse_value
from liaoyuan.foundation.regulations.selectors import documents
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import NotInScope
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.duties import registry
from liaoyuan.organisation.duties.rules.declared import DutyRule
from liaoyuan.organisation.duties.rules.wording import value_words
from liaoyuan.organisation.duties.selectors.rows import Overrides
from liaoyuan.organisation.duties.selectors.rulebook import Number, number_of


@dataclass(frozen=True, slots=True)
class Setting:
    """A parameter of a text in force, the rules that count with it, and how many units have set it differently."""

    number: Number
    rules: tuple[DutyRule, ...]
    changed: int


@dataclass(frozen=True, slots=True)
class OverrideLine:
    """An override in words. ``when``: now | later | past."""

    row: ParameterOverride
    value: str
    when: str
    name: str


def settings_of(actor: Actor) -> list[tuple[Document, list[Setting]]]:
    """Every parameter of the texts in force, by text. One query."""
    today = clock.today()
    seen = [row for rows in Overrides.on(today).found.values() for row in rows if _mine(actor, row)]
    nothing = Overrides({})
    found = []
    for document in documents():
        if not document.in_force(today):
            continue
        rows = []
        for parameter in document.parameters.values():
            number = number_of(parameter.id, today, "", nothing)
            if number is not None:
                changed = sum(row.parameter == parameter.id for row in seen)
                rows.append(Setting(number, tuple(_rules_with(parameter.id)), changed))
        found.append((document, rows))
    return found


def _mine(actor: Actor, row: ParameterOverride) -> bool:
    return actor.covers(RegulationsCapability.OVERRIDE, row.path)


def _rules_with(parameter_id: str) -> Iterator[DutyRule]:
    for rule in registry.all_rules():
        if parameter_id in {rule.cites, *rule.limits}:
            yield rule


def setting(parameter_id: str) -> Setting:
    """One parameter of a text in force today. Raises NotInScope where no such text has it."""
    try:
        number = number_of(parameter_id, clock.today(), "", Overrides({}))
    except KeyError:
        number = None
    if number is None:
        raise NotInScope()
    return Setting(number, tuple(_rules_with(parameter_id)), 0)


def override_lines(actor: Actor, parameter_id: str = "") -> list[OverrideLine]:
    """Overrides of the actor's reach, those in force first. One query."""
    rows = ParameterOverride.objects.visible_to(actor, RegulationsCapability.OVERRIDE)
    if parameter_id:
        rows = rows.filter(parameter=parameter_id)
    today = clock.today()
    lines = [_line(row, today) for row in rows.order_by("parameter", F("until").desc(nulls_first=True), "-since")]
    return sorted(lines, key=lambda line: ("now", "later", "past").index(line.when))


def _line(row: ParameterOverride, today: date) -> OverrideLine:
    when = "later" if row.since > today else "past" if row.until is not None and row.until < today else "now"
    kinds = [one.parameters[key] for one in documents() if (key := _key(one, row.parameter)) in one.parameters]
    if not kinds:
        return OverrideLine(row, str(row.value), when, parameter_name(row.parameter))
    try:
        words = value_words(parse_value(kinds[-1].type, row.value), kinds[-1].type)
    except ValueError:
        words = str(row.value)
    return OverrideLine(row, words, when, parameter_name(row.parameter))


def _key(document: Document, parameter_id: str) -> str:
    family, _dot, key = parameter_id.partition(".")
    return key if family == document.family else ""


def override_get(actor: Actor, override_id: UUID) -> ParameterOverride:
    """One override of the actor's reach. Raises NotInScope."""
    row = ParameterOverride.objects.visible_to(actor, RegulationsCapability.OVERRIDE).filter(pk=override_id).first()
    if row is None:
        raise NotInScope()
    return row
