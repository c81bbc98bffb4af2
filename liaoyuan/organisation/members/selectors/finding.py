"""Which people a typed search means, as SQL: unions of index ranges.

Written by hand because it answers every key press: built by the ORM, the same query costs more time than it runs. The
text serves both databases. A range of text chooses the index (``person_*_path`` hold the path too: a common name
in a small scope is told from the index alone); in a subtree of few people, the subtree does. PostgreSQL knows the sizes
by itself; SQLite is told by a unary plus which column only to look at. The reach is ``visible_to``'s: a test compares
the two.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models.expressions import RawSQL

from liaoyuan.kernel.crypto import blind_index
from liaoyuan.kernel.paths import upper
from liaoyuan.organisation.members.columns import ID_PURPOSE, ID_TAIL_PURPOSE
from liaoyuan.organisation.members.models.text import LAST
from liaoyuan.organisation.members.rules import search
from liaoyuan.organisation.units.selectors import holds_every_root

FEW = 1500  # people in a subtree up to which looking at each costs less than walking a common beginning of a name

_BELONGING = " AND (home_path > '' OR attached_path > '')"  # anywhere in the tree

Parameters = list[str]


@dataclass(frozen=True, slots=True)
class Term:
    """One condition on one indexed column: a beginning, an equal value, or (``inside``) a part of a long name."""

    column: str
    value: str
    how: str = "begins"

    def sql(self, mark: str = "") -> tuple[str, Parameters]:
        """The condition; ``mark`` before the column keeps SQLite from choosing its index."""
        column = f"{mark}{self.column}"
        if self.how == "equals":
            return f"{column} = %s", [self.value]
        if self.how == "inside":
            escaped = self.value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
            return f"{column} > '' AND {column} LIKE %s ESCAPE '\\'", [f"%{escaped}%"]
        return f"{column} >= %s AND {column} < %s", [self.value, self.value + LAST]


def terms_of(typed: search.Typed) -> list[Term]:
    """Where to look for a name, pinyin or number; none for what is no such search."""
    if typed.kind == search.NAME:
        parts = [Term(column, typed.value) for column in ("name", "name_2", "name_3")]
        return [*parts, Term("name_4", typed.value, "inside")]
    if typed.kind == search.LATIN:
        return [Term("pinyin", typed.value), Term("initials", typed.value)]
    return [Term("number", typed.value)] if typed.kind in {search.NUMBER, search.ID_TAIL} else []


def id_terms_of(typed: search.Typed) -> list[Term]:
    """The blind index to compare for an ID number; none for anything else."""
    if typed.kind == search.ID_WHOLE:
        return [Term("id_index", blind_index(typed.value, purpose=ID_PURPOSE), "equals")]
    if typed.kind == search.ID_TAIL:
        return [Term("id_tail_index", blind_index(typed.value, purpose=ID_TAIL_PURPOSE), "equals")]
    return []


def keys_sql(reach: Sequence[str], terms: Sequence[Term], *, active_only: bool) -> tuple[str, Parameters]:
    """``SELECT id …`` of the people in ``reach`` who meet one of ``terms``; somebody may come twice."""
    also = " AND active" if active_only else ""
    if not reach or not terms:
        return "SELECT id FROM members_person WHERE 1 = 0", []
    if "" in reach:
        return _union([_select(*term.sql(), also) for term in terms])
    if holds_every_root(reach):
        return _union([_select(*term.sql(), f"{_BELONGING}{also}") for term in terms])
    sqlite = connection.vendor == "sqlite"
    few = sqlite and _few(reach)
    home = _within("home_path", reach, "+" if sqlite and not few else "")
    attached = _within("attached_path", reach)
    anyone = _any([term.sql("+" if sqlite else "") for term in terms])
    parts = [_both(home, anyone, also)] if few else [_both(term.sql(), home, also) for term in terms]
    return _union([*parts, _both(attached, anyone, also)])


def keys_in(reach: Sequence[str], terms: Sequence[Term]) -> RawSQL:
    """The same for ``filter(pk__in=…)``."""
    return RawSQL(*keys_sql(reach, terms, active_only=False))  # noqa: S611  written here, values as parameters


def _few(reach: Sequence[str]) -> bool:
    where, values = _within("home_path", reach)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT COUNT(*) FROM (SELECT 1 FROM members_person WHERE {where} LIMIT {FEW})",  # noqa: S608  no outside text
            values,
        )
        return cursor.fetchone()[0] < FEW


def _within(column: str, reach: Sequence[str], mark: str = "") -> tuple[str, Parameters]:
    one = f"({mark}{column} >= %s AND {mark}{column} < %s)"
    return " OR ".join([one] * len(reach)), [value for prefix in reach for value in (prefix, upper(prefix))]


def _any(conditions: list[tuple[str, Parameters]]) -> tuple[str, Parameters]:
    text = " OR ".join(f"({text})" for text, _ in conditions)
    return text, [value for _, values in conditions for value in values]


def _both(one: tuple[str, Parameters], other: tuple[str, Parameters], also: str) -> tuple[str, Parameters]:
    return _select(f"({one[0]}) AND ({other[0]})", [*one[1], *other[1]], also)


def _select(where: str, values: Parameters, also: str) -> tuple[str, Parameters]:
    return f"SELECT id FROM members_person WHERE {where}{also}", values  # noqa: S608  columns are named here


def _union(parts: list[tuple[str, Parameters]]) -> tuple[str, Parameters]:
    return " UNION ALL ".join(text for text, _ in parts), [value for _, values in parts for value in values]
