"""Founding units and naming places by the thousand, for the roster. The roster has authorised and checked."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from liaoyuan.kernel.bulk import Step, insert_rows, moment, new_ids
from liaoyuan.kernel.clock import now, today
from liaoyuan.kernel.paths import child
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.units.models import Site, Unit, UnitChange
from liaoyuan.organisation.units.services.changes import SNAPSHOT
from liaoyuan.organisation.units.services.lock import tree_lock
from liaoyuan.organisation.units.spelling import spell

_COLUMNS = (
    "id", "code", "name", "pinyin", "initials", "kind", "parent", "position", "path", "host_body",
    "can_approve_members", "founded_on", "elected_on", "site", "approved_by", "mission", "planned_end_on",
    "dissolved_on", "updated_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit to be founded; ``parent``, ``approved_by`` and ``site`` by code and name, existing or in the same call."""

    code: str
    name: str
    kind: str
    parent: str = ""
    host_body: str = ""
    can_approve_members: bool = False
    founded_on: date | None = None
    elected_on: date | None = None
    site: str = ""
    approved_by: str = ""
    mission: str = ""
    planned_end_on: date | None = None
    dissolved_on: date | None = None


def sites_ensure(wanted: Mapping[str, tuple[float, float]]) -> dict[str, str]:
    """Every place by name → id (hex): those of ``wanted`` that are missing are made, others get the wanted position."""
    known = {site.name: site for site in Site.objects.all()}
    fresh = [Site(name=name, lon=at[0], lat=at[1]) for name, at in wanted.items() if name not in known]
    Site.objects.bulk_create(fresh, batch_size=1000)
    moved = []
    for name, at in wanted.items():
        site = known.get(name)
        if site is not None and (site.lon, site.lat) != at:
            site.lon, site.lat = at
            moved.append(site)
    Site.objects.bulk_update(moved, ["lon", "lat"], batch_size=500)
    return {site.name: site.pk.hex for site in [*known.values(), *fresh]}


def units_create(
    *, actor: Actor, wanted: Sequence[NewUnit], sites: Mapping[str, str], reason: str, step: Step | None = None
) -> dict[str, tuple[str, str]]:
    """Found all of ``wanted`` as the last children of their parents, in their order; write each one's first UnitChange.

    Parents come before children whatever the order given. Returns code → (id in hex, path) of every unit there is.
    Takes the tree lock. Raises KeyError where a parent or an approver is nowhere.
    """
    tree_lock()
    known = {
        code: (key.hex, path)
        for code, key, path in Unit.objects.unscoped("parents by code").order_by().values_list("code", "id", "path")
    }
    free = _free_positions()
    by_code = {unit.code: unit for unit in wanted}
    ids = dict(zip(by_code, new_ids(len(by_code)), strict=True))
    order = _parents_first(wanted, by_code, known)
    spelled: dict[str, tuple[str, str]] = {}
    stamp, today_text = moment(now()), today().isoformat()
    rows, changes = [], []
    change_ids = new_ids(len(order))
    for number, unit in enumerate(order):
        parent_id, parent_path = known[unit.parent] if unit.parent else (None, "")
        position = free.get(parent_id, 0)
        free[parent_id] = position + 1
        path = child(parent_path, position)
        known[unit.code] = (ids[unit.code], path)
        keys = spelled.get(unit.name) or spelled.setdefault(unit.name, spell(unit.name))
        approver = (ids.get(unit.approved_by) or known[unit.approved_by][0]) if unit.approved_by else None
        row = (
            ids[unit.code], unit.code, unit.name, *keys, unit.kind, parent_id, position, path, unit.host_body,
            unit.can_approve_members, _iso(unit.founded_on), _iso(unit.elected_on),
            sites[unit.site] if unit.site else None, approver, unit.mission, _iso(unit.planned_end_on),
            _iso(unit.dissolved_on), stamp,
        )  # fmt: skip
        rows.append(row)
        changes.append(
            (change_ids[number], row[0], "create", row[11] or today_text, reason, "{}", _after(row), actor.name[:80],
             stamp)
        )  # fmt: skip
    insert_rows(Unit, _COLUMNS, rows, step=step)
    fields = ("id", "unit", "verb", "on", "reason", "before", "after", "by_name", "recorded_at")
    insert_rows(UnitChange, fields, changes)
    return known


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _after(row: tuple[Any, ...]) -> str:
    values = dict(zip(_COLUMNS, row, strict=True))
    shown = {name: values[name.removesuffix("_id")] for name in SNAPSHOT}
    for name in ("parent_id", "site_id", "approved_by_id"):
        shown[name] = str(UUID(shown[name])) if shown[name] else None
    return json.dumps(shown, ensure_ascii=False)


def _free_positions() -> dict[str | None, int]:
    rows = Unit.objects.unscoped("numbers the children").order_by().values_list("parent_id", "position")
    free: dict[str | None, int] = {}
    for parent, position in rows:
        key = parent.hex if parent else None
        free[key] = max(free.get(key, 0), position + 1)
    return free


def _parents_first(
    wanted: Sequence[NewUnit], by_code: Mapping[str, NewUnit], known: Mapping[str, Any]
) -> list[NewUnit]:
    placed: dict[str, None] = {}
    for unit in wanted:
        trail = []
        at: NewUnit | None = unit
        while at is not None and at.code not in placed and at.code not in known:
            trail.append(at.code)
            at = by_code.get(at.parent)
            if len(trail) > len(by_code):
                raise KeyError(unit.code)
        placed.update(dict.fromkeys(reversed(trail)))
    return [by_code[code] for code in placed]
