"""ID numbers (GB 11643-1999, CD-07) and what of personal data may be shown."""

import re
from dataclasses import dataclass
from datetime import date
from operator import mul

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_NEW = re.compile(r"[0-9]{17}[0-9X]")
_OLD = re.compile(r"[0-9]{15}")
# Full-width digits and letters, as clerks paste them.
_FULL_WIDTH = {code + 0xFEE0: code for code in range(0x21, 0x7F)}
TAIL = 6
MALE, FEMALE = "1", "2"


@dataclass(frozen=True, slots=True)
class IdParts:
    """What an ID number says of its holder. ``legacy``: one of the 15-digit numbers issued before October 1999."""

    birth: date
    sex: str
    legacy: bool


def normalise_id(text: str) -> str:
    """The number in half-width digits, a capital X, no spaces or hyphens."""
    return text.translate(_FULL_WIDTH).upper().replace(" ", "").replace("\u3000", "").replace("-", "")


def check_character(body: str) -> str:
    """The 18th character belonging to the first 17 digits (ISO 7064 MOD 11-2)."""
    return _CHECK[sum(map(mul, map(int, body), _WEIGHTS)) % 11]


def id_parts(number: str) -> IdParts | None:
    """Birth and sex in a normalised number; None where form, date or check character is wrong."""
    if _NEW.fullmatch(number):
        if check_character(number[:17]) != number[17]:
            return None
        born, sequence, legacy = number[6:14], number[14:17], False
    elif _OLD.fullmatch(number):
        born, sequence, legacy = "19" + number[6:12], number[12:15], True
    else:
        return None
    try:
        birth = date(int(born[:4]), int(born[4:6]), int(born[6:]))
    except ValueError:
        return None
    return IdParts(birth, MALE if int(sequence) % 2 else FEMALE, legacy)


def odd_character(number: str) -> int | None:
    """The first place (1 to 18) of an 18-character number that holds what does not belong there: no digit, nor the X
    that only the last place may have. None where there is none, or where the number is not of that length."""
    if len(number) != 18:
        return None
    odd = (place for place, one in enumerate(number, 1) if one not in ("0123456789X" if place == 18 else "0123456789"))
    return next(odd, None)


def id_problem(number: str, *, birth: date | None = None, sex: str = "") -> str:
    """The sentence saying why a normalised number cannot be right, or "". ``sex`` is a code of GB/T 2261.1; an area
    code is never refused: withdrawn ones stay on old cards (CD-08)."""
    if not number:
        return ""
    if not (_NEW.fullmatch(number) or _OLD.fullmatch(number)):
        place = odd_character(number)
        if place is not None:
            return f"身份证号应为 18 位数字（末位可为 X），而第 {place} 位是“{number[place - 1]}”，请对照证件核对。"
        return "身份证号应为 18 位（末位可为 X），或 1999 年以前的 15 位旧号，请核对位数。"
    if len(number) == 18 and check_character(number[:17]) != number[17]:
        return "身份证号校验码不对，多半有一位录错，请对照证件核对。"
    parts = id_parts(number)
    if parts is None:
        return "身份证号里的出生日期不存在，请对照证件核对。"
    if birth is not None and parts.birth != birth:
        return f"身份证号里的出生日期是 {parts.birth:%Y-%m-%d}，与填写的 {birth:%Y-%m-%d} 不一致，请核对。"
    if sex in {MALE, FEMALE} and parts.sex != sex:
        return f"身份证号表明是{'男' if parts.sex == MALE else '女'}性，与填写的性别不一致，请核对。"
    return ""


def id_tail(number: str) -> str:
    """The last six characters, which the blind index for searching is made of; fewer could be guessed by trying."""
    return number[-TAIL:] if len(number) > TAIL else ""


def mask_id(number: str) -> str:
    """First three and last two characters; the birth date and the sequence stay hidden."""
    return f"{number[:3]}{'*' * (len(number) - 5)}{number[-2:]}" if len(number) > 8 else "*" * len(number)


def mask_phone(phone: str) -> str:
    """First three and last two digits."""
    return f"{phone[:3]}{'*' * (len(phone) - 5)}{phone[-2:]}" if len(phone) > 6 else "*" * len(phone)


def mask_name(name: str) -> str:
    """The surname's first character, the rest hidden."""
    return name[:1] + "某" * (1 if len(name) > 1 else 0) if name else ""


def normalise_phone(text: str) -> str:
    """Half-width, no spaces or hyphens."""
    return text.translate(_FULL_WIDTH).replace(" ", "").replace("\u3000", "").replace("-", "")


def phone_problem(phone: str) -> str:
    """The sentence saying why a normalised phone number cannot be right, or ""."""
    if phone and not re.fullmatch(r"\+?[0-9]{5,15}", phone):
        return "联系电话只能是 5 至 15 位数字（可以 + 开头），请核对。"
    return ""
