"""Pinyin for searching: the full spelling and the initials of a Chinese name."""


def spell(name: str) -> tuple[str, str]:
    """``("hechengyiying", "hcyy")`` for 合成一营: small letters, no tones; digits and letters stay."""
    from pypinyin import Style, lazy_pinyin  # only who names a unit pays for the dictionary

    full = "".join(lazy_pinyin(name, errors=_keep))
    initials = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER, errors=_keep))
    return full.lower()[:240], initials.lower()[:80]


def _keep(text: str) -> str:
    return "".join(character for character in text if character.isalnum() and character.isascii())
