"""What a person's own data must satisfy, and how it is tidied: shared by the form and the roster."""

from dataclasses import dataclass
from datetime import date

from liaoyuan.kernel.days import conceivable
from liaoyuan.organisation.members import codes
from liaoyuan.organisation.members.rules.admission import Finding, birth_problem
from liaoyuan.organisation.members.rules.identity import id_problem, normalise_id, normalise_phone, phone_problem

NAME_LENGTH = 40
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_DOTS = str.maketrans(dict.fromkeys("•・．‧∙･", "·"))


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonData:
    """The fields of a person that a clerk fills in, in codes (``codes``); money in fen."""

    name: str
    sex: str = ""
    ethnicity: str = ""
    birth_date: date | None = None
    id_number: str = ""
    phone: str = ""
    native_place: str = ""
    education: str = ""
    category: str = ""
    rank: str = ""
    position: str = ""
    dues_base: int | None = None


def normalise_name(text: str) -> str:
    """One kind of middle dot, no spaces inside a Chinese name, single spaces in others."""
    joined = " ".join(text.replace("\u3000", " ").translate(_DOTS).split())
    return joined if joined.isascii() else joined.replace(" ", "")


def tidied(data: PersonData) -> PersonData:
    """The same data as it is stored."""
    return PersonData(
        name=normalise_name(data.name),
        sex=data.sex,
        ethnicity=data.ethnicity,
        birth_date=data.birth_date,
        id_number=normalise_id(data.id_number),
        phone=normalise_phone(data.phone),
        native_place="".join(data.native_place.split()),
        education=data.education,
        category=data.category,
        rank=data.rank.strip(),
        position=" ".join(data.position.split()),
        dues_base=data.dues_base,
    )


def data_findings(data: PersonData, *, today: date) -> list[Finding]:
    """What is wrong in tidied data, field by field."""
    found = [
        Finding(field, "invalid", message)
        for field, message in (
            ("name", name_problem(data.name)),
            ("birth_date", birth_problem(data.birth_date, today=today)),
            ("id_number", id_problem(data.id_number, birth=data.birth_date, sex=data.sex)),
            ("phone", phone_problem(data.phone)),
            ("rank", rank_problem(data.rank, data.category)),
        )
        if message
    ]
    for field, value, known in (
        ("sex", data.sex, codes.SEXES),
        ("ethnicity", data.ethnicity, codes.ETHNICITIES),
        ("education", data.education, codes.EDUCATIONS),
        ("category", data.category, codes.CATEGORIES),
    ):
        if value and value not in known:
            found.append(Finding(field, "unknown_code", "请从列表中选择。"))
    if data.dues_base is not None and data.dues_base < 0:
        found.append(Finding("dues_base", "negative", "月党费基数不能是负数，请核对。"))
    return found


def day_problem(day: date, *, birth: date | None = None) -> str:
    """The sentence saying why nothing can have happened on ``day`` to somebody born on ``birth``, or ""."""
    if not conceivable(day):
        return f"日期 {day.isoformat()} 不可能是实际日期，请核对年份，年份写全四位。"
    if birth is not None and day < birth:
        return f"日期 {day.isoformat()} 早于出生日期 {birth.isoformat()}，请核对两个日期。"
    return ""


def name_problem(name: str) -> str:
    """The sentence saying why a tidied name cannot be right, or ""."""
    if not name:
        return "请填写姓名。"
    if len(name) > NAME_LENGTH:
        return f"姓名不能超过 {NAME_LENGTH} 个字，请核对。"
    if name.startswith(_FORMULA):
        return "姓名不能以 = + - @ 开头，请核对。"
    if any(character.isdigit() or not (character.isalpha() or character in "·. '-") for character in name):
        return "姓名里只能有文字和间隔号“·”，请核对。"
    return ""


def rank_problem(rank: str, category: str) -> str:
    """The sentence saying why a rank does not go with a category, or ""."""
    if not rank:
        return ""
    retired = codes.retired_rank(rank)
    if retired is not None:
        return f"“{rank}”自 {retired.ended_on:%Y-%m-%d} 起不再使用，请改为“{retired.successor}”。"
    known = codes.rank(rank)
    if known is None:
        return f"没有“{rank}”这一军衔，请从列表中选择。"
    if category and category != known.category:
        return (
            f"“{rank}”是{codes.category_label(known.category)}军衔，与人员类别“{codes.category_label(category)}”不符。"
        )
    return ""
