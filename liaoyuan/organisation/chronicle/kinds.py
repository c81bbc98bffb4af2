"""Registered kinds of fact: each app declares its own, with a schema, a sentence and who may see it.

Pure: no tables. A kind's schema is a dict of payload keys to types; unknown keys and wrong types are refused, so that
what is read years later is what was meant.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from string import Formatter
from typing import Any


@dataclass(frozen=True, slots=True)
class FactKind:
    """A kind of fact. ``key`` is ``app.event``; ``sentence`` a Chinese template over ``{name}``, ``{unit}``,
    ``{quantity}`` and the payload's keys; ``about`` is "person" or "unit"; ``see`` the capability that shows it
    (members see their own); ``unit`` measures ``quantity`` (学时, 分 …), "" where there is none."""

    key: str
    label: str
    sentence: str
    about: str = "person"
    schema: Mapping[str, type] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    see: str = "chronicle.view"
    unit: str = ""
    icon: str = "point"


_kinds: dict[str, FactKind] = {}


def register(*kinds: FactKind) -> None:
    """Declare kinds, from ``AppConfig.ready``. Raises ValueError for a key taken by another kind, or a sentence that
    names what the schema does not hold."""
    for kind in kinds:
        if _kinds.get(kind.key, kind) != kind:
            raise ValueError(f"two kinds of fact are called {kind.key}")
        known = {"name", "unit", "quantity", *kind.schema}
        for _text, name, _spec, _conversion in Formatter().parse(kind.sentence):
            if name is not None and name not in known:
                raise ValueError(f"the sentence of {kind.key} names {name}, which its schema does not hold")
        if not kind.required <= set(kind.schema):
            raise ValueError(f"{kind.key} requires a key outside its schema")
        _kinds[kind.key] = kind


def kind(key: str) -> FactKind:
    """The kind called ``key``. Raises KeyError where nobody registered it."""
    return _kinds[key]


def all_kinds() -> tuple[FactKind, ...]:
    """Every registered kind, by key."""
    return tuple(_kinds[key] for key in sorted(_kinds))


def payload_problem(key: str, payload: Mapping[str, Any]) -> str:
    """What is wrong with a payload, or "": a missing or unknown key, or a value of another type."""
    declared = kind(key)
    for name in sorted(declared.required - set(payload)):
        return f"“{declared.label}”缺少 {name}"
    for name, value in payload.items():
        wanted = declared.schema.get(name)
        if wanted is None:
            return f"“{declared.label}”没有 {name} 这一项"
        if value is not None and (not isinstance(value, wanted) or (wanted is int and isinstance(value, bool))):
            return f"“{declared.label}”的 {name} 应为 {wanted.__name__}"
    return ""


def sentence(key: str, *, name: str, unit: str, quantity: object, payload: Mapping[str, Any]) -> str:
    """The fact in a Chinese sentence; a key that the payload leaves out reads as nothing."""
    declared = kind(key)
    values = dict.fromkeys(declared.schema, "") | {k: v for k, v in payload.items() if v is not None}
    return declared.sentence.format(name=name, unit=unit, quantity="" if quantity is None else quantity, **values)
