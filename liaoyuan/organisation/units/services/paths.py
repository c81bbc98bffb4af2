"""Deriving paths: one UPDATE for any number of subtrees, on both databases."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.db import models
from django.db.models import Case, F, OuterRef, Subquery, Value, When
from django.db.models.functions import Concat, Substr

from liaoyuan.kernel import bus
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.paths import WIDTH, child, upper
from liaoyuan.organisation.units.events import UnitPathsChanged, UnitPathsRebuilt
from liaoyuan.organisation.units.models import Grant, Unit
from liaoyuan.organisation.units.services.lock import tree_lock

Moves = tuple[tuple[str, str], ...]
_BATCH = 200


def paths_rewrite(model: type[models.Model], column: str, moves: Moves) -> int:
    """Give every row of ``model`` whose ``column`` lies under an old prefix its new prefix; returns the rows changed.

    One UPDATE: swapped prefixes are swapped, not merged. For the copies that higher apps keep, called from their
    same-transaction handler of ``UnitPathsChanged``.
    """
    if not moves:
        return 0
    whens, where = [], models.Q(pk__in=[])
    for old, new in moves:
        inside = models.Q(**{f"{column}__gte": old, f"{column}__lt": upper(old)})
        rest = Substr(column, len(old) + 1, output_field=models.CharField())
        whens.append(When(inside, then=Concat(Value(new), rest, output_field=models.CharField())))
        where |= inside
    if len(moves) > 1:  # one range that holds all: a long OR would be deeper than SQLite lets an expression be
        first, last = min(old for old, _ in moves), max(old for old, _ in moves)
        where = models.Q(**{f"{column}__gte": first, f"{column}__lt": upper(last)})
    changed = Case(*whens, default=F(column), output_field=models.CharField())
    return model._base_manager.filter(where).update(**{column: changed})


def subtrees_move(moves: Moves) -> None:
    """Rewrite the units' and the grants' paths and tell who else keeps copies, in this transaction.

    ``Unit.path`` is unique and both databases check it row by row, so subtrees that take each other's place are first
    parked under segments in small letters, which no real segment has.
    """
    moves = tuple((old, new) for old, new in moves if old != new)
    if not moves:
        return
    taken = {old for old, _ in moves}
    if any(new in taken for _, new in moves):
        parked = {old: f"{old[:-WIDTH]}z{number:03x}" for number, (old, _) in enumerate(moves)}
        paths_rewrite(Unit, "path", tuple(parked.items()))
        paths_rewrite(Unit, "path", tuple((parked[old], new) for old, new in moves))
    else:
        paths_rewrite(Unit, "path", moves)
    paths_rewrite(Grant, "path", moves)
    bus.publish(UnitPathsChanged(moves=moves))


def paths_rebuild() -> int:
    """Derive every path anew from parent and position (siblings with equal positions are numbered anew by their old
    order); returns how many units had a wrong one. Copies in other tables are derived anew by their apps on
    ``UnitPathsRebuilt``. Raises ValueError where units form a ring."""
    with unit_of_work():
        tree_lock()
        rows = list(Unit.objects.unscoped("derives every path").order_by("position", "path"))
        right = dict(_derived(rows))
        if len(right) != len(rows):
            lost = [row.code for row in rows if row.pk not in right]
            raise ValueError(f"这些组织的上级互相成环：{'、'.join(sorted(lost)[:10])}。请先改正上级。")
        wrong = [row for row in rows if (row.path, row.position) != right[row.pk]]
        for number, row in enumerate(wrong):
            row.path = f"~{number:07x}"
        _store(wrong)
        for row in wrong:
            row.path, row.position = right[row.pk]
        _store(wrong)
        current = Unit.objects.unscoped("copies the path").filter(pk=OuterRef("unit_id")).values("path")
        Grant.objects.unscoped("derives every path").update(path=Subquery(current))
        bus.publish(UnitPathsRebuilt(count=len(wrong)))
    return len(wrong)


def tree_problems() -> list[str]:
    """What is wrong with the derived columns: paths that are not what parents and positions say, rings, grants whose
    copy differs. Empty where the tree is sound."""
    rows = list(Unit.objects.unscoped("proves the tree").order_by("position", "path"))
    right = dict(_derived(rows))
    found = [f"{row.code}：上级成环" for row in rows if row.pk not in right]
    found += [
        f"{row.code}：路径 {row.path}，应为 {right[row.pk][0]}"
        for row in rows
        if row.pk in right and row.path != right[row.pk][0]
    ]
    stale = Grant.objects.unscoped("proves the tree").exclude(path=F("unit__path"))
    return found + [f"授权 {pk}：路径与组织不一致" for pk in stale.values_list("pk", flat=True)]


def next_position(parent: Unit | None) -> int:
    """The first free position after the last child of ``parent``; call it under the tree lock."""
    rows = Unit.objects.unscoped("numbers the children").filter(parent=parent)
    highest = rows.aggregate(highest=models.Max("position"))["highest"]
    return 0 if highest is None else highest + 1


def path_under(parent: Unit | None, position: int) -> str:
    """The derived path of ``parent``'s child at ``position``."""
    return child("" if parent is None else parent.path, position)


def _derived(rows: Iterable[Unit]) -> Iterator[tuple[UUID, tuple[str, int]]]:
    """``(id, (path, position))`` for every unit that hangs on a root; positions are kept unless two siblings share
    one. ``rows`` are ordered by position, then by path."""
    children: dict[UUID | None, list[Unit]] = {}
    for row in rows:
        children.setdefault(row.parent_id, []).append(row)
    waiting: list[tuple[UUID | None, str]] = [(None, "")]
    while waiting:
        parent_id, prefix = waiting.pop()
        free = 0
        for row in children.get(parent_id, ()):
            position = max(row.position, free)
            free = position + 1
            path = child(prefix, position)
            yield row.pk, (path, position)
            waiting.append((row.pk, path))


def _store(rows: list[Unit]) -> None:
    Unit.objects.unscoped("derives every path").bulk_update(rows, ["path", "position"], batch_size=_BATCH)
