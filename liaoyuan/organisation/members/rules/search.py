"""What a typed search means: a part of a name, pinyin, a person's number, or digits of an ID number."""

import re
from dataclasses import dataclass

from liaoyuan.organisation.members.rules.fields import normalise_name
from liaoyuan.organisation.members.rules.identity import TAIL, normalise_id
from liaoyuan.organisation.members.rules.naming import latin_query

NAME, LATIN, NUMBER, ID_TAIL, ID_WHOLE, NOTHING = "name", "latin", "number", "id_tail", "id_whole", ""
_ID_WHOLE = re.compile(r"[0-9]{17}[0-9X]|[0-9]{15}")
_ID_TAIL = re.compile(rf"[0-9]{{{TAIL - 1}}}[0-9X]")
_NUMBER = re.compile(r"(?=[^ ]*[0-9-])[A-Z0-9-]+")
LONGEST = 40


@dataclass(frozen=True, slots=True)
class Typed:
    """``kind`` says where to look for ``value``. Six digits may be either: an ID's tail first, then a number."""

    kind: str
    value: str


def typed(text: str) -> Typed:
    """Read what the user typed. Anything that can be no search gives NOTHING."""
    text = text.replace("\x00", "").strip()[:LONGEST]
    if not text:
        return Typed(NOTHING, "")
    plain = normalise_id(text)
    if _ID_WHOLE.fullmatch(plain):
        return Typed(ID_WHOLE, plain)
    if _ID_TAIL.fullmatch(plain):
        return Typed(ID_TAIL, plain)
    number = text.upper().replace(" ", "")
    if _NUMBER.fullmatch(number):
        return Typed(NUMBER, number)
    if any(not character.isascii() and character.lower() != "ü" for character in text):
        return Typed(NAME, normalise_name(text))
    latin = latin_query(text)
    return Typed(LATIN, latin) if latin else Typed(NOTHING, "")
