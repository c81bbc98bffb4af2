"""Duty rules as data: read from TOML, checked to the file and the rule. Pure.

A rule says what opens a duty, what closes it, by when, whose it is and who hears of it when it is late. Its shapes:

=============  ======================================================================================================
once           due a term after the opening fact
every          due every term from the opening fact, until an ending fact
earliest       as once, but the day is the first lawful one: a reminder, never overdue
working_days   due when so many working days have passed since the opening fact (a posting)
until          due on the day that the opening fact's payload names
planned_end    due on the day on which the unit is planned to end
before_end     due a term before another term after the opening fact has passed
passed         raised once more than the term has passed since the opening fact (strictly)
reached        raised once the term has passed since the latest opening fact, again at each further step
yearly         due on every anniversary of the opening fact; opens some days before
period         due at the end of every month, quarter, half-year or year
state          a state of the unit, without a day
=============  ======================================================================================================
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from liaoyuan.foundation.inbox.rules import quiet_span
from liaoyuan.organisation.duties.rules.places import OVER

SHAPES = frozenset(
    {
        "once", "every", "earliest", "working_days", "until", "planned_end", "before_end", "passed", "reached",
        "yearly", "period", "state",
    }
)  # fmt: skip
PERIODS = frozenset({"month", "quarter", "half_year", "year"})
SETTLED = "settled"  # in a rule's ``record``, and the first part of the kinds of fact that stand for it
MISSED = "missed"  # the first part of the kinds of fact by which a turn that was missed is closed
MADE_UP = {"unit": "已补开", "person": "已补办"}  # by a rule's subject
EXPLAINED = "没有补上，已说明原因"
PLACES = frozenset({"here", "above", "approver", "self"})
_TYPES: Mapping[str, type] = {"str": str, "int": int, "bool": bool}


class RuleError(ValueError):
    """A rule file is wrong; the message names the file and the rule."""


@dataclass(frozen=True, slots=True)
class Step:
    """One rung of the ladder: ``after`` days overdue, the holders of ``posts`` in the unit ``up`` levels above."""

    after: int
    up: int
    posts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DutyRule:
    """One rule. ``cites`` is the regulation parameter that gives the term and the clause (``clause`` where there is no
    number: ``family.article``); ``record`` the facts that may be written down by hand to close it, the usual one
    first. A rule that names none is closed by hand as settled elsewhere (``settled``): a kind of fact of its own, with
    the result, the reasons and the evidence. What recurs cannot be settled elsewhere; a turn that was missed is closed
    as such (``missed``), and whatever made up for it counts for no other turn. ``quiet`` are the hours in which its
    reminders do not go out over outside channels: "22:00-07:00", "none" (at any hour), or "" (the instance's).
    A closing fact of the day on which a duty opens closes it; one of the ``ordered`` kinds only where it was written
    down after the opening: what sends a case back and what begins it anew may bear one day. ``text_from`` are the kinds
    that tell when a person's case began, whose day's text binds: the first of them where it is known, else the earliest
    of the others. ``prolongs`` is the kind of fact by which the unit above makes a term longer, by ``prolongs_most`` at
    the most."""

    id: str
    title: str
    soon: str
    late: str
    shape: str
    subject: str
    cites: str = ""
    clause: str = ""
    opens: tuple[str, ...] = ()
    closes: tuple[str, ...] = ()
    ordered: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    prolongs: str = ""
    prolongs_most: str = ""
    record: tuple[str, ...] = ()
    period: str = ""
    state: str = ""
    steps: tuple[str, ...] = ()
    hard: str = ""
    term_of: str = ""
    text_from: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    standings: tuple[str, ...] = ()
    committee: bool = False
    leaders: bool = False
    sums: bool = False
    starts: str = ""
    lead: tuple[int, ...] = ()
    again: int = 0
    at: str = "here"
    posts: tuple[str, ...] = ()
    self: bool = False
    moves: bool = False
    severity: int = 2
    quiet: str = ""
    minutes: int = 0
    fields: int = 0
    ladder: tuple[Step, ...] = ()

    @property
    def dated(self) -> bool:
        """Whether its duties have a day."""
        return self.shape != "state"

    @property
    def recurring(self) -> bool:
        """Whether the same subject owes it again and again."""
        return self.shape in {"every", "yearly", "period"}

    @property
    def settled(self) -> str:
        """The kind of fact by which somebody notes that this was seen to elsewhere."""
        return f"{SETTLED}.{self.id}"

    @property
    def missed(self) -> str:
        """The kind of fact that says of one turn of what recurs that it was missed; "" for what is owed once."""
        return f"{MISSED}.{self.id}" if self.recurring else ""

    @property
    def ended_by(self) -> tuple[str, ...]:
        """What ends the counting for good. Silence that was looked into once goes on being counted."""
        found = self.ends if self.shape == "every" else self.closes
        return tuple(kind for kind in found if kind != self.settled) if self.shape == "reached" else found

    @property
    def limits(self) -> tuple[str, ...]:
        """The parameters that it rests on beside ``cites``."""
        return tuple(one for one in (self.term_of, self.hard, self.prolongs_most, *self.steps) if one)

    @property
    def never_late(self) -> bool:
        """Whether its day is an earliest one, or there is none."""
        return self.shape in {"earliest", "state"}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fact that a file declares because the app that will own it is not there yet."""

    key: str
    label: str
    sentence: str
    about: str = "person"
    schema: Mapping[str, type] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    see: str = "chronicle.view"
    unit: str = ""
    icon: str = "point"
    labels: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    asks: frozenset[str] = frozenset()
    filled: frozenset[str] = frozenset()
    above: bool = False


def read_file(text: str, *, name: str, ladder: tuple[Step, ...] = ()) -> tuple[list[DutyRule], list[Kind]]:
    """The rules and kinds of one file. Raises RuleError with the file, the rule and what is wrong."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RuleError(f"{name}：{error}") from error
    rules = [_rule(row, name, ladder) for row in raw.get("rule", [])]
    kinds = [_kind(row, name) for row in raw.get("kind", [])]
    return rules, kinds


def read_ladder(text: str) -> tuple[Step, ...]:
    """The usual ladder, lowest rung first. Raises RuleError where it does not rise."""
    steps = tuple(Step(row["after"], row["up"], tuple(row["posts"])) for row in tomllib.loads(text)["ladder"])
    if [step.after for step in steps] != sorted({step.after for step in steps}) or any(step.up < 0 for step in steps):
        raise RuleError("升级次序应由早到晚，只向上")
    return steps


def read_folder(folder: Path, *, usual: tuple[Step, ...] = ()) -> tuple[tuple[DutyRule, ...], tuple[Kind, ...]]:
    """Every rule and kind of a folder; ``ladder.toml`` in it is the usual ladder, else ``usual``. Raises RuleError."""
    ladder_file = folder / "ladder.toml"
    ladder = read_ladder(ladder_file.read_text()) if ladder_file.exists() else usual
    rules: list[DutyRule] = []
    kinds: list[Kind] = []
    for path in sorted(folder.glob("*.toml")):
        if path != ladder_file:
            more_rules, more_kinds = read_file(path.read_text(), name=path.name, ladder=ladder)
            rules += more_rules
            kinds += more_kinds
            kinds += [settled_kind(rule) for rule in more_rules if rule.settled in rule.record]
            kinds += [missed_kind(rule) for rule in more_rules if rule.missed]
    check_unique(rules)
    return tuple(rules), tuple(kinds)


def check_unique(rules: Iterable[DutyRule]) -> None:
    """Raise RuleError where two rules share an id."""
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            raise RuleError(f"规则 {rule.id} 重复")
        seen.add(rule.id)


def _rule(row: Mapping[str, Any], name: str, ladder: tuple[Step, ...]) -> DutyRule:
    def fail(what: str) -> RuleError:
        return RuleError(f"{name} 规则 {row.get('id', '（无编号）')}：{what}")

    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    usual = values.pop("ladder", "usual")
    if usual not in {"usual", "none"}:
        raise fail("ladder 只能是 usual 或 none")
    unknown = set(values) - set(DutyRule.__dataclass_fields__)
    if unknown:
        raise fail(f"不认识 {'、'.join(sorted(unknown))}")
    for key in ("id", "title", "soon", "late", "shape", "subject"):
        if not values.get(key):
            raise fail(f"缺少 {key}")
    record = values.pop("record", SETTLED)
    named = (record,) if isinstance(record, str) else record
    if SETTLED in named:
        own = f"{SETTLED}.{values['id']}"
        named = tuple(own if kind == SETTLED else kind for kind in named)
        values["closes"] = (*values.get("closes", ()), own)
    rule = DutyRule(**values, record=named, ladder=() if usual == "none" else ladder)
    problem = _problem(rule)
    if problem:
        raise fail(problem)
    return rule


def _problem(rule: DutyRule) -> str:
    needs_term = rule.shape not in {"until", "planned_end", "state", "period"}
    wrong = (
        (rule.shape not in SHAPES, f"没有“{rule.shape}”这种形态"),
        (rule.subject not in {"person", "unit"}, "subject 只能是 person 或 unit"),
        (not (rule.cites or rule.clause), "须写明依据 cites 或 clause"),
        (needs_term and not rule.cites, "这种形态须引用期限参数 cites"),
        (rule.shape == "period" and rule.period not in PERIODS, "period 只能是 month、quarter、half_year、year"),
        (rule.shape == "period" and not set(rule.closes) - {rule.settled}, "须写明由什么事项办结 closes"),
        (rule.recurring and rule.settled in rule.record, "须写明手工登记什么事项 record"),
        (rule.shape == "state" and not rule.state, "须写明 state"),
        (rule.shape not in {"period", "state"} and not rule.opens, "须写明由什么事项引起 opens"),
        (bool(set(rule.ordered) - set(rule.closes)), "ordered 只能是 closes 中的事项"),
        (rule.shape == "before_end" and not rule.term_of, "须写明 term_of"),
        (bool(rule.prolongs) != bool(rule.prolongs_most), "prolongs 和 prolongs_most 须一并写明"),
        (rule.subject == "unit" and not rule.kinds, "须写明适用的组织类别 kinds"),
        (rule.at not in PLACES, f"没有“{rule.at}”这种责任位置"),
        (rule.at != "self" and not rule.posts, "须写明责任职务 posts"),
        (_quiet_wrong(rule.quiet), "quiet 应写成 22:00-07:00，或 none（随时可发）"),
        (rule.severity not in {1, 2, 3}, "severity 只能是 1、2、3"),
        (list(rule.lead) != sorted(rule.lead, reverse=True), "提前天数应由多到少"),
        (rule.starts not in {"", "first_fact"}, "starts 只能是 first_fact"),
    )
    return next((sentence for bad, sentence in wrong if bad), "")


def _quiet_wrong(quiet: object) -> bool:
    try:
        quiet_span(quiet if isinstance(quiet, str) else "?")
    except ValueError:
        return True
    return False


def settled_kind(rule: DutyRule) -> Kind:
    """The kind of fact that says that what ``rule`` asks was seen to elsewhere."""
    return Kind(
        key=rule.settled,
        label=f"别处办结：{rule.title}",
        sentence=("{name}" if rule.subject == "person" else "{unit}") + f"的“{rule.title}”已在别处办结：{{result}}",
        about=rule.subject,
        schema={"result": str, "note": str, "evidence": str},
        labels={"result": "办理结果", "note": "在别处办理的原因"},
        asks=frozenset({"note"}),
        icon="circle-check",
        above=rule.at in OVER,
    )


def missed_kind(rule: DutyRule) -> Kind:
    """The kind of fact that says that one turn of ``rule`` (``turn``, in words ``period``) was missed, why, and whether
    it was made up for on that day."""
    return Kind(
        key=rule.missed,
        label=f"未按期：{rule.title}",
        sentence=("{name}" if rule.subject == "person" else "{unit}") + f"{{period}}的“{rule.title}”未按期：{{result}}",
        about=rule.subject,
        schema={"turn": str, "period": str, "result": str, "note": str, "evidence": str},
        required=frozenset({"turn", "period", "result"}),
        labels={"result": "怎么补救", "note": "没有按期的原因"},
        choices={"result": (MADE_UP[rule.subject], EXPLAINED)},
        asks=frozenset({"note"}),
        filled=frozenset({"turn", "period"}),
        icon="calendar-off",
    )


def _kind(row: Mapping[str, Any], name: str) -> Kind:
    values = dict(row)
    for key in ("key", "label", "sentence"):
        if not values.get(key):
            raise RuleError(f"{name} 事项 {row.get('key', '（无名）')}：缺少 {key}")
    try:
        values["schema"] = {key: _TYPES[kind] for key, kind in values.get("schema", {}).items()}
        values["required"] = frozenset(values.get("required", ()))
        values["asks"] = frozenset(values.get("asks", ()))
        values["choices"] = {key: tuple(offered) for key, offered in values.get("choices", {}).items()}
        return Kind(**values)
    except (KeyError, TypeError) as error:
        raise RuleError(f"{name} 事项 {row['key']}：{error}") from error
