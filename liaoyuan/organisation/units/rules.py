"""What may stand where, and what a unit's data must satisfy: pure functions, no database, no wording.

A rule answers with findings; ``wording.sentence`` turns one into the sentence a user reads. A finding with
``blocking=False`` is a warning: the regulation says "一般", so a person decides.
"""

import dataclasses
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from liaoyuan.foundation.regulations.dates import add_months, horizon
from liaoyuan.foundation.regulations.limits import TEXTS, Limit, Limits
from liaoyuan.kernel.paths import MAX_DEPTH

COMMITTEE = "committee"
GENERAL_BRANCH = "general_branch"
BRANCH = "branch"
JOINT_BRANCH = "joint_branch"
TEMPORARY_BRANCH = "temporary_branch"
GROUP = "group"

BRANCHES = frozenset({BRANCH, JOINT_BRANCH, TEMPORARY_BRANCH})
_ABOVE_BRANCHES = frozenset({COMMITTEE, GENERAL_BRANCH})
_MAY_STAND_UNDER: Mapping[str, frozenset[str]] = {
    COMMITTEE: frozenset({COMMITTEE}),
    GENERAL_BRANCH: frozenset({COMMITTEE}),
    BRANCH: _ABOVE_BRANCHES,
    JOINT_BRANCH: _ABOVE_BRANCHES,
    TEMPORARY_BRANCH: _ABOVE_BRANCHES,
    GROUP: BRANCHES,
}
_ROOTS = frozenset({COMMITTEE, GENERAL_BRANCH})
_CODE = re.compile(r"[A-Z0-9]+(?:-[A-Z0-9]+)*")
TEMPORARY_CLAUSE = "《中国共产党支部工作条例（试行）》第8条"
CODE_LENGTH = 48
NAME_LENGTH = 80
_HOSTS = re.compile(r"[、，,；;/\n]+")
FORMULA_SIGNS = ("=", "+", "-", "@")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a rule noticed. ``code`` names the sentence in ``wording``; ``field`` the form field it belongs to."""

    code: str
    field: str = ""
    clause: str = ""
    blocking: bool = True
    values: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """What the rules need to know of a unit. ``above`` are the ids of its ancestors where they are known."""

    code: str
    name: str
    kind: str
    parent_kind: str | None
    depth: int = 1
    host_body: str = ""
    founded_on: date | None = None
    elected_on: date | None = None
    planned_end_on: date | None = None
    dissolved_on: date | None = None
    mission: str = ""
    approver_kind: str | None = None
    approver_is_above: bool = False
    can_approve_members: bool = False


def normalise_code(text: str) -> str:
    """A code as it is stored: full-width turned to half-width, no spaces, capitals."""
    before = None
    while text != before:  # taking a space out may let two characters compose: until nothing changes
        before, text = text, re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper()
    return text


def normalise_name(text: str) -> str:
    """A name as it is stored: no spaces around, none doubled, no control characters."""
    shown = "".join(character for character in text if character.isprintable() or character.isspace())
    return re.sub(r"\s+", " ", shown).strip()


def host_bodies(text: str) -> tuple[str, ...]:
    """The bodies that a branch covers, as written in 所在单位 (separated by 、 or commas)."""
    return tuple(part.strip() for part in _HOSTS.split(text) if part.strip())


def may_stand_under(kind: str, parent_kind: str | None) -> bool:
    """Whether a unit of ``kind`` may stand under ``parent_kind`` (None = at the top)."""
    if parent_kind is None:
        return kind in _ROOTS
    return parent_kind in _MAY_STAND_UNDER.get(kind, frozenset())


def kinds_under(parent_kind: str | None) -> tuple[str, ...]:
    """Kinds that may stand under ``parent_kind``, in the glossary's order."""
    return tuple(kind for kind in _MAY_STAND_UNDER if may_stand_under(kind, parent_kind))


def placement(kind: str, parent_kind: str | None, *, depth: int, field: str = "parent") -> list[Finding]:
    """Kind under kind, and the tree's depth. ``depth`` is that of the deepest node of what is placed (a root is 1)."""
    found = []
    if kind not in _MAY_STAND_UNDER:
        found.append(Finding("unknown_kind", field="kind", values={"kind": kind}))
    elif not may_stand_under(kind, parent_kind):
        found.append(Finding("wrong_place", field=field, values={"kind": kind, "parent_kind": parent_kind or ""}))
    if depth > MAX_DEPTH:
        found.append(Finding("too_deep", field=field, values={"depth": depth, "max": MAX_DEPTH}))
    return found


def naming(code: str, name: str) -> list[Finding]:
    """Code: letters and digits in parts joined by hyphens, ≤ 48. Name: 2 to 80 characters, no formula sign first."""
    found = []
    if not code or len(code) > CODE_LENGTH or not _CODE.fullmatch(code):
        found.append(Finding("bad_code", field="code", values={"code": code, "max": CODE_LENGTH}))
    if not 2 <= len(name) <= NAME_LENGTH:
        found.append(Finding("bad_name_length", field="name", values={"max": NAME_LENGTH}))
    elif name.startswith(FORMULA_SIGNS):
        found.append(Finding("name_is_formula", field="name"))
    return found


def dates(facts: UnitFacts, *, today: date) -> list[Finding]:
    """Founded ≤ elected, founded ≤ planned end, founded ≤ dissolved; nothing that happened lies in the future, and no
    plan beyond what can be planned."""
    found = []
    for name in ("founded_on", "elected_on", "dissolved_on"):
        value = getattr(facts, name)
        if value is not None and value > today:
            found.append(Finding("in_future", field=name, values={"what": name, "day": value}))
    last = horizon(today)
    if facts.planned_end_on is not None and facts.planned_end_on > last:
        values = {"what": "planned_end_on", "day": facts.planned_end_on, "last": last}
        found.append(Finding("too_far", field="planned_end_on", values=values))
    if facts.founded_on is not None:
        for name in ("elected_on", "planned_end_on", "dissolved_on"):
            value = getattr(facts, name)
            if value is not None and value < facts.founded_on:
                found.append(Finding("before_founding", field=name, values={"what": name, "founded": facts.founded_on}))
    return found


def temporary(facts: UnitFacts) -> list[Finding]:
    """A temporary branch stands for a mission with an end, approved by an organisation above it (TB-01, TB-02, TB-06);
    only it has either. It cannot hold the power to approve members (TB-04)."""
    clause = TEMPORARY_CLAUSE
    if facts.kind != TEMPORARY_BRANCH:
        return []
    found = []
    if facts.approver_kind is None:
        found.append(Finding("temporary_without_approver", field="approved_by", clause=clause))
    elif facts.approver_kind not in _ABOVE_BRANCHES or not facts.approver_is_above:
        found.append(Finding("approver_not_above", field="approved_by", clause=clause))
    if not facts.mission:
        found.append(Finding("temporary_without_mission", field="mission", clause=clause))
    if facts.planned_end_on is None:
        found.append(Finding("temporary_without_end", field="planned_end_on", clause=clause))
    return found


def approving_power(facts: UnitFacts) -> list[Finding]:
    """Only a committee approves members (DM-32)."""
    if facts.can_approve_members and facts.kind != COMMITTEE:
        return [
            Finding(
                "cannot_approve", field="can_approve_members", clause="《中国共产党发展党员工作细则（2026年）》第22条"
            )
        ]
    return []


def unit_findings(facts: UnitFacts, *, today: date, limits: Limits = TEXTS) -> list[Finding]:
    """Everything that one unit's own data must satisfy; blocking findings first. ``limits`` are its own numbers."""
    found = [
        *naming(facts.code, facts.name),
        *placement(facts.kind, facts.parent_kind, depth=facts.depth),
        *dates(facts, today=today),
        *temporary(facts),
        *approving_power(facts),
        *joint_branch(facts, limits("branch.joint_branch_bodies_most", today)),
        *temporary_length(facts, limits("branch.temporary_branch_warn_after", today)),
    ]
    return sorted(found, key=lambda finding: not finding.blocking)


def joint_branch(facts: UnitFacts, most: Limit) -> list[Finding]:
    """A joint branch generally covers two to ``most`` bodies (BR-03): a warning."""
    if facts.kind != JOINT_BRANCH:
        return []
    count = len(host_bodies(facts.host_body))
    if count > most.value:
        values = {"count": count, "max": most.value}
        return [Finding("too_many_hosts", "host_body", most.clause, blocking=False, values=values)]
    if count < 2:
        return [Finding("too_few_hosts", "host_body", most.clause, blocking=False, values={"count": count})]
    return []


def temporary_length(facts: UnitFacts, months: Limit) -> list[Finding]:
    """A temporary branch planned for longer than ``months`` should perhaps be an ordinary one (TB-08): a warning."""
    if facts.kind != TEMPORARY_BRANCH or facts.founded_on is None or facts.planned_end_on is None:
        return []
    if add_months(facts.founded_on, months.value) < facts.planned_end_on:
        values = {"months": months.value}
        return [Finding("temporary_too_long", "planned_end_on", months.clause, blocking=False, values=values)]
    return []


def headcount(kind: str, *, full: int, members: int, today: date, limits: Limits = TEXTS) -> list[Finding]:
    """Three full members found a branch (BR-01), fifty are generally the most (BR-02): warnings, never refusals."""
    if kind not in BRANCHES:
        return []
    found = []
    least, most = limits("branch.branch_full_members_least", today), limits("branch.branch_members_most", today)
    if full < least.value:
        values = {"count": full, "min": least.value}
        found.append(Finding("too_few_full_members", "", least.clause, blocking=False, values=values))
    if members > most.value:
        values = {"count": members, "max": most.value}
        found.append(Finding("too_many_members", "", most.clause, blocking=False, values=values))
    return found


def change_day(on: date, *, today: date, founded_on: date | None, last_change: date | None) -> list[Finding]:
    """A change takes effect on a day that has come, not before the founding and not before the unit's last change:
    otherwise the past could not be told from the changes."""
    if on > today:
        return [Finding("change_in_future", field="on")]
    if founded_on is not None and on < founded_on:
        return [Finding("change_before_founding", field="on", values={"founded": founded_on})]
    if last_change is not None and on < last_change:
        return [Finding("change_before_last", field="on", values={"last": last_change})]
    return []


def term_end(
    kind: str, elected_on: date | None, *, today: date, limits: Limits = TEXTS
) -> tuple[date | None, str, str]:
    """End of the term, its state (ok | soon | late | "") and the clause. Groups and temporary branches have none
    (TB-04: a temporary branch does not re-elect)."""
    if elected_on is None or kind in {GROUP, TEMPORARY_BRANCH}:
        return None, "", ""
    term = limits("branch.term" if kind in BRANCHES else "constitution.committee_term", today)
    notice = limits("branch.term_notice", today)
    end = add_months(elected_on, term.value)
    if end < today:
        return end, "late", term.clause
    return end, "soon" if add_months(end, -notice.value) <= today else "ok", term.clause


def mergeable(kinds: Iterable[str]) -> bool:
    """Whether units of these kinds may become one: all committees, all general branches, all groups, all temporary
    branches, or ordinary and joint branches in any mix. A temporary branch holds no memberships, so it cannot merge
    with one that does (TB-01)."""
    kinds = set(kinds)
    return len(kinds) == 1 or kinds <= {BRANCH, JOINT_BRANCH}
