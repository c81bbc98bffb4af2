"""The board: red, amber or green for every unit of one level, counted in the database.

A count is kept in the process until a duty changes: every change of the table leaves a new stamp in the row that says
up to when was counted (``models.Run``), in its own transaction. The board reads that stamp and asks again where it is
another one, so it is never older than the table.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from uuid import UUID

from django.db.models import Case, CharField, Count, Q, QuerySet, Value, When
from django.db.models.functions import Substr

from liaoyuan.kernel import clock, paths
from liaoyuan.kernel.errors import NotInScope
from liaoyuan.kernel.paths import upper
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.duties.models import Duty, DutyState, Run
from liaoyuan.organisation.duties.policies import Capability
from liaoyuan.organisation.duties.rules.families import family_name, family_of
from liaoyuan.organisation.duties.selectors.rows import SOON_DAYS, duties_visible, guarded_rules, never_late
from liaoyuan.organisation.units.models import Unit


@dataclass(slots=True)
class Tally:
    """Open duties: all, late, due within a week."""

    total: int = 0
    late: int = 0
    soon: int = 0

    def add(self, total: int, late: int, soon: int) -> None:
        """Count some more."""
        self.total, self.late, self.soon = self.total + total, self.late + late, self.soon + soon

    @property
    def level(self) -> str:
        """Red where anything is late, amber where anything is due within a week, green else."""
        return "late" if self.late else "soon" if self.soon else "ok"


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One unit with all below it; ``own`` is the unit looked at itself, without what is below."""

    unit: Unit
    count: Tally
    own: bool = False
    opens: bool = False


@dataclass(frozen=True, slots=True)
class Board:
    """One level of the tree. ``unit`` is None where the actor's reach has several tops."""

    unit: Unit | None
    trail: tuple[Unit, ...]
    rows: tuple[BoardRow, ...]
    whole: Tally
    families: tuple[tuple[str, str, Tally], ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Counted:
    """The counts of one level: by path, by family with the worst first, and all together."""

    by_path: Mapping[str, Tally]
    families: tuple[tuple[str, str, Tally], ...]
    whole: Tally


@dataclass(frozen=True, slots=True)
class _Question:
    """What is counted. Two are the same where the stamp of the table, the day, the level and every reach that decides
    what is seen are the same; how it is asked follows from those."""

    stamp: UUID | None
    today: date
    level: tuple[str, ...]
    reaches: tuple[tuple[str, ...], ...]
    rows: QuerySet[Duty] = field(compare=False)
    prefix: Substr | Case = field(compare=False)


def board(actor: Actor, unit_id: UUID | None = None) -> Board:
    """The board at a unit, or at the top of the actor's reach: five queries at most, however many units and duties.
    Raises NotInScope for a unit out of reach."""
    visible = Unit.objects.visible_to(actor, Capability.VIEW).filter(dissolved_on__isnull=True)
    tops = _tops(actor)
    unit: Unit | None = None
    shown: list[Unit]
    if unit_id is not None:
        unit = visible.filter(pk=unit_id).first()
        if unit is None:
            raise NotInScope()
    elif len(tops) == 1 and tops[0]:
        unit = visible.filter(path=tops[0]).first()
    if unit is not None:
        children = list(visible.filter(parent=unit).order_by("position", "path"))
        shown = [unit, *children]
        counted = _kept(actor, (unit.path,), Substr("path", 1, len(unit.path) + paths.WIDTH), below=unit.path)
    else:
        condition = Q(parent__isnull=True) if "" in tops else Q(path__in=tops)
        shown = list(visible.filter(condition).order_by("path"))
        level = tuple(one.path for one in shown)
        counted = _kept(actor, ("", *level), _by_tops(level))
    return Board(
        unit=unit,
        trail=_trail(actor, unit),
        rows=tuple(
            BoardRow(one, counted.by_path.get(one.path, Tally()), own=one is unit, opens=one is not unit)
            for one in shown
            if one is not unit or counted.by_path.get(one.path) or len(shown) == 1
        ),
        whole=counted.whole,
        families=counted.families,
    )


def _tops(actor: Actor) -> Sequence[str]:
    return actor.reach(Capability.VIEW)


def _open(actor: Actor) -> QuerySet[Duty]:
    return duties_visible(actor, theirs=False).filter(state=DutyState.OPEN).order_by()


def _by_tops(tops: Iterable[str]) -> Case:
    whens = [When(path__gte=top, path__lt=upper(top), then=Value(top)) for top in tops]
    return Case(*whens, default=Value(""), output_field=CharField())


def _kept(actor: Actor, level: tuple[str, ...], prefix: Substr | Case, *, below: str = "") -> Counted:
    rows = _open(actor)
    if below:
        rows = rows.filter(path__gte=below, path__lt=upper(below))
    capabilities = (Capability.VIEW, *guarded_rules())
    reaches = tuple(tuple(actor.reach(capability)) for capability in capabilities)
    stamp = Run.objects.values_list("stamp", flat=True).first()
    question = _Question(stamp, clock.today(), level, reaches, rows, prefix)
    return _counted_once(question) if stamp else _counted(question)


def _counted(question: _Question) -> Counted:
    grouped = question.rows.annotate(place=question.prefix).values_list("place", "rule")
    # As ``is_late`` and ``is_soon``, of open rows grouped by rule: each row is compared with a day and nothing else.
    today = question.today
    late, soon = Q(due__lt=today), Q(due__gte=today, due__lte=today + timedelta(days=SOON_DAYS))
    found = grouped.annotate(total=Count("rule"), late=Count("rule", filter=late), soon=Count("rule", filter=soon))
    calm = never_late()
    by_path: dict[str, Tally] = {}
    by_family: dict[str, Tally] = {}
    whole = Tally()
    for place, rule, total, passed, near in found:
        numbers = (total, 0, 0) if rule in calm else (total, passed, near)
        for count in (
            by_path.setdefault(place, Tally()),
            by_family.setdefault(family_of(rule), Tally()),
            whole,
        ):
            count.add(*numbers)
    worst = sorted(by_family.items(), key=lambda item: (-item[1].late, -item[1].soon, -item[1].total, item[0]))
    return Counted(by_path, tuple((family, family_name(family), count) for family, count in worst), whole)


_counted_once = lru_cache(maxsize=256)(_counted)


def _trail(actor: Actor, unit: Unit | None) -> tuple[Unit, ...]:
    """The units above that the actor may open too, root first."""
    if unit is None:
        return ()
    above = [path for path in paths.ancestors(unit.path) if actor.covers(Capability.VIEW, path)]
    if not above:
        return ()
    return tuple(Unit.objects.visible_to(actor, Capability.VIEW).filter(path__in=above).order_by("path"))
