"""Registered kinds of fact: each app declares its own, with a schema, a sentence and who may see it.

Pure: no tables. A kind's schema is a dict of payload keys to types; unknown keys and wrong types are refused, so that
what is read years later is what was meant.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from string import Formatter
from typing import Any


@dataclass(frozen=True, slots=True)
class FactKind:
    """A kind of fact. ``key`` is ``app.event``; ``sentence`` a Chinese template over ``{name}``, ``{unit}``,
    ``{quantity}`` and the payload's keys; ``about`` is "person" or "unit"; ``see`` the capability that shows it
    (members see their own); ``unit`` measures ``quantity`` (学时, 分 …), "" where there is none. ``labels`` names
    payload keys on forms where ``WORDS`` does not fit; ``choices`` are the values offered for a key; ``asks`` the keys
    that must be given where it is written down by hand, beside those that the sentence names; ``filled`` the keys that
    the app itself fills in: no form asks for them, and only the app's own page writes such a kind down. ``above``: the
    unit above decides or does it, so it is written down, corrected and withdrawn by whoever may do so there."""

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


# What a payload's keys are called on a form, unless the kind says otherwise.
WORDS: Mapping[str, str] = {
    "attended": "到会人数",
    "evidence": "依据",
    "mode": "方式",
    "month": "月份",
    "note": "说明",
    "on_roll": "名册人数",
    "place": "地点",
    "post": "职务",
    "purpose": "事由",
    "result": "结论",
    "site": "点位",
    "title": "主题",
    "to": "接收单位",
    "topic": "内容",
    "until": "截止日期",
    "what": "内容",
    "where": "组织",
    "who": "谈话人",
}
# Every fact may say more than its schema asks: a remark, and where the proof is kept.
ALWAYS: Mapping[str, type] = {"note": str, "evidence": str}
# What the part of a key before its dot is about; an app adds its own with ``name_topics``.
_topics: dict[str, str] = {
    "orglife": "组织生活",
    "study": "学习教育",
    "admission": "发展党员",
    "standing": "政治面貌",
    "tenure": "任职",
    "members": "党员管理",
    "transfers": "组织关系",
    "posting": "外出",
    "dues": "党费",
    "discipline": "纪律处分",
    "unit": "党组织",
    "notices": "公示",
    "settled": "别处办结",
    "missed": "未按期说明",
}
_OTHER = "其他"
_TYPE_WORDS = {str: "文字", int: "整数", bool: "是或否"}
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
        if not kind.required | kind.asks | kind.filled <= set(kind.schema) | set(ALWAYS):
            raise ValueError(f"{kind.key} requires a key outside its schema")
        _kinds[kind.key] = kind


def kind(key: str) -> FactKind:
    """The kind called ``key``. Raises KeyError where nobody registered it."""
    return _kinds[key]


def above(key: str) -> bool:
    """Whether the unit above decides it. False for a kind that nobody registered."""
    return key in _kinds and _kinds[key].above


def all_kinds() -> tuple[FactKind, ...]:
    """Every registered kind, by key."""
    return tuple(_kinds[key] for key in sorted(_kinds))


def name_topics(topics: Mapping[str, str]) -> None:
    """Say what an app's kinds are about, from ``AppConfig.ready``: the part before the dot → words."""
    _topics.update(topics)


def by_topic(found: Iterable[FactKind]) -> list[tuple[str, list[FactKind]]]:
    """Kinds under what they are about, in the order in which the topics were named; those of none come last."""
    groups: dict[str, list[FactKind]] = {words: [] for words in (*_topics.values(), _OTHER)}
    for one in found:
        groups[_topics.get(one.key.partition(".")[0], _OTHER)].append(one)
    return [group for group in groups.items() if group[1]]


def payload_problem(key: str, payload: Mapping[str, Any]) -> str:
    """What is wrong with a payload, or "": a missing or unknown key, or a value of another type."""
    declared = kind(key)
    for name in sorted(declared.required - set(payload)):
        return f"“{declared.label}”缺少“{word(declared, name)}”"
    for name, value in payload.items():
        wanted = declared.schema.get(name) or ALWAYS.get(name)
        if wanted is None:
            return f"“{declared.label}”没有 {name} 这一项"
        if value is not None and (not isinstance(value, wanted) or (wanted is int and isinstance(value, bool))):
            return f"“{declared.label}”的“{word(declared, name)}”应为{_TYPE_WORDS.get(wanted, wanted.__name__)}"
    return ""


def word(declared: FactKind, key: str) -> str:
    """What a payload's key is called on screen; the key itself where nobody named it."""
    return declared.labels.get(key) or WORDS.get(key, key)


def named(declared: FactKind) -> frozenset[str]:
    """The payload keys that the sentence needs: without them it would have holes."""
    return frozenset(name for _text, name, _spec, _conversion in Formatter().parse(declared.sentence) if name) & set(
        declared.schema
    )


def sentence(key: str, *, name: str, unit: str, quantity: object, payload: Mapping[str, Any]) -> str:
    """The fact in a Chinese sentence; a key that the payload leaves out reads as nothing."""
    declared = kind(key)
    values = dict.fromkeys(declared.schema, "") | {k: v for k, v in payload.items() if v is not None}
    return declared.sentence.format(name=name, unit=unit, quantity="" if quantity is None else quantity, **values)
