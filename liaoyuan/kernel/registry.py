"""Registries that let a higher app add to a lower one's pages: navigation, home tiles, profile tabs, to-dos, gates.

Everything is registered from ``AppConfig.ready`` and read when a page is built; adding an app never edits another.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.functional import Promise

from liaoyuan.kernel.scoping import Actor

Words = str | Promise  # text for the screen, translated when it is shown

Visible = Callable[[Actor], bool]


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the menu. ``route`` is a URL name without arguments; ``icon`` a Tabler icon name; ``key`` the letter
    after ``g`` that goes there; ``bottom`` puts it into the handheld's bottom bar (at most five)."""

    label: Words
    route: str
    icon: str
    group: str
    order: int
    visible: Visible
    key: str = ""
    bottom: bool = False


@dataclass(frozen=True, slots=True)
class Todo:
    """Something a person should do, computed from facts. ``severity``: 3 overdue, 2 soon, 1 whenever. ``more`` are
    further links beside the action: (words, address)."""

    title: str
    why: str
    url: str
    action: str
    severity: int = 1
    due: date | None = None
    count: int = 1
    icon: str = "checkbox"
    more: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Tile:
    """One honest number with its trend. ``trend`` holds the figures of the past days, oldest first."""

    label: Words
    value: int
    unit: str
    url: str = ""
    note: str = ""
    trend: tuple[int, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class ProfileTab:
    """A tab of the member file. ``build(actor, person)`` gives the context of ``template``; None hides the tab."""

    key: str
    label: Words
    template: str
    order: int
    build: Callable[[Actor, Any], dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class DataProblem:
    """Something wrong in the data, as its clerk should read it: what, why it matters, where to mend it.
    ``severity``: 3 a rule is broken, 2 something is missing that others need, 1 worth a look."""

    title: str
    why: str
    url: str = ""
    severity: int = 2


@dataclass(frozen=True, slots=True)
class DataCheck:
    """A named source of data problems within the actor's reach, in a constant number of queries. Yield lazily, worst
    first: pages stop reading after the first few hundred."""

    key: str
    label: Words
    source: Callable[[Actor], Iterable[DataProblem]]


@dataclass(frozen=True, slots=True)
class ProofResult:
    """What a proof found. ``sentence`` says how much was compared, or names the first thing that differs."""

    ok: bool
    checked: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Proof:
    """A nightly proof that derived data (paths, denormalised columns, caches) still equals the truth it is derived
    from. ``run`` only reads."""

    key: str
    label: Words
    run: Callable[[], ProofResult]


@dataclass(frozen=True, slots=True)
class HomePanel:
    """A panel of the home page's middle (the map). ``context(actor)`` gives the context of ``template``."""

    key: str
    template: str
    order: int
    visible: Visible
    context: Callable[[Actor], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class HeaderPiece:
    """A piece of every page's head. ``template`` is included with ``header``, what ``context(actor)`` gave; None hides
    it. Every page pays for it: one quick query at most."""

    key: str
    template: str
    context: Callable[[Actor], dict[str, Any] | None]


_nav: dict[str, NavItem] = {}
_todos: dict[str, Callable[[Actor], Iterable[Todo]]] = {}
_tiles: dict[str, Callable[[Actor], Tile | None]] = {}
_tabs: dict[str, ProfileTab] = {}
_data_checks: dict[str, DataCheck] = {}
_proofs: dict[str, Proof] = {}
_home_panels: dict[str, HomePanel] = {}
_header_pieces: dict[str, HeaderPiece] = {}


def add_nav(*items: NavItem) -> None:
    """Add menu entries; the route is the identity."""
    _nav.update({item.route: item for item in items})


def add_todos(key: str, source: Callable[[Actor], Iterable[Todo]]) -> None:
    """Add a source of to-dos for the home page. It must cost a constant number of queries."""
    _todos[key] = source


def add_tile(key: str, source: Callable[[Actor], Tile | None]) -> None:
    """Add a number to the home page; None where it says nothing to this actor."""
    _tiles[key] = source


def add_profile_tab(tab: ProfileTab) -> None:
    """Add a tab to the member file."""
    _tabs[tab.key] = tab


def add_data_check(key: str, label: str, source: Callable[[Actor], Iterable[DataProblem]]) -> None:
    """Add a source of data problems (for the data quality page and the to-dos of who may mend them)."""
    _data_checks[key] = DataCheck(key, label, source)


def add_proof(key: str, label: str, run: Callable[[], ProofResult]) -> None:
    """Add a nightly proof that derived data equals its truth."""
    _proofs[key] = Proof(key, label, run)


def add_home_panel(
    key: str, template: str, *, order: int, visible: Visible, context: Callable[[Actor], dict[str, Any]]
) -> None:
    """Add a panel to the middle of the home page. Its template is included with its own context and the request."""
    _home_panels[key] = HomePanel(key, template, order, visible, context)


def add_header(key: str, template: str, context: Callable[[Actor], dict[str, Any] | None]) -> None:
    """Add a piece to the head of every page."""
    _header_pieces[key] = HeaderPiece(key, template, context)


def header_for(actor: Actor) -> list[tuple[str, dict[str, Any]]]:
    """Template and context of the head's pieces, in the order of registration."""
    built = [(piece.template, piece.context(actor)) for piece in _header_pieces.values()]
    return [(template, context) for template, context in built if context is not None]


def nav_for(actor: Actor) -> list[NavItem]:
    """The menu of ``actor`` in order."""
    return sorted((item for item in _nav.values() if item.visible(actor)), key=lambda item: item.order)


def todos_for(actor: Actor) -> list[Todo]:
    """Every to-do of ``actor``, worst first."""
    found = [todo for source in _todos.values() for todo in source(actor)]
    return sorted(found, key=lambda todo: (-todo.severity, todo.due or date.max, todo.title))


def tiles_for(actor: Actor) -> list[Tile]:
    """The home page's numbers of ``actor``."""
    return [tile for tile in (source(actor) for source in _tiles.values()) if tile is not None]


def profile_tabs() -> list[ProfileTab]:
    """The member file's tabs in order."""
    return sorted(_tabs.values(), key=lambda tab: tab.order)


def data_checks() -> list[DataCheck]:
    """Every data check, by label."""
    return sorted(_data_checks.values(), key=lambda check: check.label)


def proofs() -> list[Proof]:
    """Every proof, by key."""
    return sorted(_proofs.values(), key=lambda proof: proof.key)


def home_panels_for(actor: Actor) -> list[HomePanel]:
    """The home page's panels of ``actor`` in order."""
    return sorted((panel for panel in _home_panels.values() if panel.visible(actor)), key=lambda panel: panel.order)
