"""The board: cases of a branch as cards by stage; of a larger organisation as numbers to drill into."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from liaoyuan.affairs.admission.models import Case
from liaoyuan.affairs.admission.policies import Capability
from liaoyuan.affairs.admission.rules.steps import STAGES, Stage, Step, step_name
from liaoyuan.affairs.admission.rules.timeline import SOON
from liaoyuan.affairs.admission.selectors.cases import cases
from liaoyuan.foundation.regulations.selectors import document_on
from liaoyuan.kernel import clock, paths
from liaoyuan.kernel.errors import NotInScope
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.units.models import Unit, UnitKind

BRANCHES = (UnitKind.BRANCH, UnitKind.JOINT_BRANCH, UnitKind.TEMPORARY_BRANCH)
MOST_CARDS = 300


@dataclass(frozen=True, slots=True)
class Card:
    """One case on the board. ``level``: late, soon, info or ok (no term running)."""

    case: Case
    step: str
    level: str
    words: str


@dataclass(frozen=True, slots=True)
class Column:
    """One stage with its cards."""

    stage: str
    label: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One organisation with its numbers: cases by stage in order, how many are late and soon due."""

    unit: Unit
    counts: tuple[int, ...]
    total: int
    late: int
    soon: int

    @property
    def named(self) -> list[tuple[str, int]]:
        """The counts with their stages' names, which stand beside them where handhelds show a row as a card."""
        return list(zip(STAGES.values(), self.counts, strict=True))


@dataclass(frozen=True, slots=True)
class Board:
    """What the page shows of one organisation: cards in a branch, rows above."""

    unit: Unit
    trail: tuple[Unit, ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: Row
    more: bool


def unit_for(actor: Actor, code: str = "") -> Unit:
    """The organisation asked for, or the highest one that the actor may look into. NotInScope where there is none."""
    rows = (
        Unit.objects.visible_to(actor, Capability.VIEW).filter(dissolved_on__isnull=True).exclude(kind=UnitKind.GROUP)
    )
    found = rows.filter(code=code).first() if code else rows.order_by("path").first()
    if found is None:
        raise NotInScope()
    return found


def board(actor: Actor, unit: Unit) -> Board:
    """The board of a unit from ``unit_for``. A constant number of queries."""
    today = clock.today()
    below = cases(actor).filter(closed_as="", path__gte=unit.path, path__lt=paths.upper(unit.path))
    trail = tuple(
        Unit.objects.visible_to(actor, Capability.VIEW).filter(path__in=paths.ancestors(unit.path)).order_by("path")
    )
    if unit.kind in BRANCHES:
        found = list(below.order_by("due_on", "person__pinyin")[: MOST_CARDS + 1])
        cards = [card(row, today) for row in found[:MOST_CARDS]]
        columns = tuple(
            Column(str(stage), STAGES[stage], tuple(one for one in cards if one.case.stage == stage)) for stage in Stage
        )
        counts = tuple(len(column.cards) for column in columns)
        total = Row(unit, counts, sum(counts), _count(cards, "late"), _count(cards, "soon"))
        return Board(unit, trail, columns, (), total, len(found) > MOST_CARDS)
    rows = _rows(actor, unit, today)
    counts = tuple(sum(column) for column in zip(*(row.counts for row in rows), strict=True)) or (0,) * len(Stage)
    total = Row(unit, counts, sum(counts), sum(row.late for row in rows), sum(row.soon for row in rows))
    return Board(unit, trail, (), rows, total, more=False)


def _count(cards: Sequence[Card], level: str) -> int:
    return sum(one.level == level for one in cards)


def _rows(actor: Actor, unit: Unit, today: date) -> tuple[Row, ...]:
    """Direct children (groups left out), each with everything below it: counted once by path, summed here."""
    children = list(
        Unit.objects.visible_to(actor, Capability.VIEW)
        .filter(parent=unit, dissolved_on__isnull=True)
        .exclude(kind=UnitKind.GROUP)
        .order_by("path")
    )
    soon = today + timedelta(days=SOON)
    numbers = (
        Case.objects.visible_to(actor, Capability.VIEW)
        .filter(closed_as="", path__gte=unit.path, path__lt=paths.upper(unit.path))
        .values("path", "stage")
        .annotate(
            number=Count("pk"),
            late=Count("pk", filter=Q(due_on__lt=today)),
            soon=Count("pk", filter=Q(due_on__gte=today, due_on__lte=soon)),
        )
        .order_by()
    )
    sums: dict[str, dict[str, Any]] = {}
    width = len(unit.path) + paths.WIDTH
    for row in numbers:
        one = sums.setdefault(row["path"][:width], {"late": 0, "soon": 0})
        one[row["stage"]] = one.get(row["stage"], 0) + row["number"]
        one["late"] += row["late"]
        one["soon"] += row["soon"]
    rows = []
    for child in children:
        one = sums.get(child.path, {})
        counts = tuple(int(one.get(str(stage), 0)) for stage in Stage)
        rows.append(Row(child, counts, sum(counts), int(one.get("late", 0)), int(one.get("soon", 0))))
    return tuple(rows)


def card(case: Case, today: date) -> Card:
    """A case as a card: which step, and how long it may still take."""
    needs_consent = bool(document_on("admission", case.text_of).parameters["candidate_needs_consent"].value)
    name = step_name(Step(case.step), needs_consent=needs_consent) if case.step else ""
    level, words = due_words(case.due_on, today)
    return Card(case, name, level, words)


def due_words(due: date | None, today: date) -> tuple[str, str]:
    """``(level, words)`` for a last day."""
    if due is None:
        return "muted", _("没有期限")
    left = (due - today).days
    if left < 0:
        return "late", _("逾期 %(days)d 天") % {"days": -left}
    if left == 0:
        return "soon", _("今天到期")
    return ("soon" if left <= SOON else "info"), _("还有 %(days)d 天") % {"days": left}
