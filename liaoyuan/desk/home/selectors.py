"""My day: what is due, what my scope looks like, three numbers. Everything comes from the registry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.kernel import clock, registry
from liaoyuan.kernel.registry import HomePanel, Tile, Todo
from liaoyuan.kernel.scoping import Actor

SHOWN = 6
NUMBERS = 3
_LEVELS = {3: "late", 2: "soon", 1: "info"}
_WORKPLACES = ("在哪里", "人员", "组织", "管理")


@dataclass(frozen=True, slots=True)
class Task:
    """A to-do as shown: the state says how pressing it is in words, the date how long."""

    todo: Todo
    level: str
    label: str
    day: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A way on, for accounts that have neither a map nor numbers."""

    label: str
    route: str
    icon: str


@dataclass(frozen=True, slots=True)
class Day:
    """The home page's content."""

    tasks: list[Task]
    more: int
    panels: list[HomePanel]
    tiles: list[Tile]
    links: list[Link]
    why_no_panel: str


def my_tasks(actor: Actor) -> list[Task]:
    """Every to-do of ``actor``, worst first."""
    today = clock.today()
    return [
        Task(todo, _LEVELS.get(todo.severity, "info"), _words(todo, today), _day(todo.due, today))
        for todo in registry.todos_for(actor)
    ]


def my_day(actor: Actor) -> Day:
    """The home page of ``actor``. What there is not to show is told in a sentence, never left blank."""
    tasks = my_tasks(actor)
    panels = registry.home_panels_for(actor)
    tiles = registry.tiles_for(actor)[:NUMBERS]
    return Day(
        tasks=tasks[:SHOWN],
        more=max(0, len(tasks) - SHOWN),
        panels=panels,
        tiles=tiles,
        links=[] if panels else _links(actor),
        why_no_panel="" if panels else _why(actor),
    )


def _words(todo: Todo, today: date) -> str:
    if todo.due is None:
        return {3: _("需尽快处理"), 2: _("近期处理")}.get(todo.severity, _("有空时处理"))
    days = (todo.due - today).days
    if days < 0:
        return _("逾期 %(days)d 天") % {"days": -days}
    if days == 0:
        return _("今天到期")
    return _("还有 %(days)d 天") % {"days": days}


def _day(due: date | None, today: date) -> str:
    """The day without its year only where it is this year's: last December's must not look like the one to come."""
    if due is None:
        return ""
    return f"{due:%m-%d}" if due.year == today.year else f"{due:%Y-%m-%d}"


def _links(actor: Actor) -> list[Link]:
    items = [item for item in registry.nav_for(actor) if item.group in _WORKPLACES]
    return [Link(str(item.label), item.route, item.icon) for item in items[:8]]


def _why(actor: Actor) -> str:
    administrator = {"system.manage", "accounts.manage", "audit.view"}
    if any(actor.holds(capability) for capability in administrator):
        return _("三员账号与党员数据相互隔离：这里没有党员地图和统计数字，只有您职责内的工作。")
    if actor.person_id is None:
        return _("您的账号还没有关联人员，也没有岗位，所以看不到党员地图。请联系本级组织干事。")
    return _("您目前没有可以查看党员地图的支部。如有疑问，请联系本支部书记。")


def panel_contexts(actor: Actor, panels: Sequence[HomePanel]) -> list[tuple[HomePanel, dict[str, Any]]]:
    """Each panel with what its template needs."""
    return [(panel, panel.context(actor)) for panel in panels]
