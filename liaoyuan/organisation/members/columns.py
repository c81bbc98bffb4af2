"""Columns of Person that follow from what a clerk fills in. The roster's bulk import uses the same functions."""

from typing import Any

from liaoyuan.kernel.crypto import blind_index
from liaoyuan.organisation.members import codes
from liaoyuan.organisation.members.rules.fields import PersonData
from liaoyuan.organisation.members.rules.identity import id_tail
from liaoyuan.organisation.members.rules.naming import name_keys, name_tails

ID_PURPOSE = "person.id"
ID_TAIL_PURPOSE = "person.id_tail"


def id_indexes(number: str) -> tuple[str, str]:
    """Blind indexes of a normalised ID number: the whole, and its last six characters; "" for ""."""
    return blind_index(number, purpose=ID_PURPOSE), blind_index(id_tail(number), purpose=ID_TAIL_PURPOSE)


def columns_of(data: PersonData) -> dict[str, Any]:
    """Every column that ``data`` (tidied) decides, derived ones included."""
    pinyin, initials = name_keys(data.name)
    name_2, name_3, name_4 = name_tails(data.name)
    id_index, id_tail_index = id_indexes(data.id_number)
    return {
        "name": data.name,
        "name_2": name_2,
        "name_3": name_3,
        "name_4": name_4,
        "pinyin": pinyin,
        "initials": initials,
        "sex": data.sex,
        "ethnicity": data.ethnicity,
        "birth_date": data.birth_date,
        "id_number": data.id_number,
        "id_index": id_index,
        "id_tail_index": id_tail_index,
        "phone": data.phone,
        "native_place": data.native_place,
        "education": data.education,
        "category": data.category,
        "rank": data.rank,
        "rank_order": codes.rank_order(data.rank),
        "position": data.position,
        "dues_base": data.dues_base,
    }
