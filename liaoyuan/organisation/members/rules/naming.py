"""Search keys of names: full pinyin and initials.

Readings are looked up per character and cached, so that 100,000 names take about a second. Names are not prose: the
first character is read as a surname (单 shàn, 曾 zēng, 尉迟 yùchí), and a few given-name characters have their usual
reading in names (晟 shèng), where the dictionary's first reading is another one.
"""

from functools import cache

PINYIN_LENGTH = 120
INITIALS_LENGTH = 40

_SURNAMES = {
    "单": "shan", "曾": "zeng", "仇": "qiu", "解": "xie", "查": "zha", "朴": "piao", "区": "ou", "盖": "ge",
    "任": "ren", "华": "hua", "缪": "miao", "纪": "ji", "翟": "zhai", "覃": "qin", "乐": "yue", "召": "shao",
    "员": "yun", "宿": "su", "逄": "pang", "秘": "bi", "繁": "po", "黑": "he", "折": "she", "冼": "xian",
    "燕": "yan", "那": "na", "尉": "wei", "葛": "ge", "郇": "xun", "佴": "nai", "郗": "xi", "隗": "wei",
    "种": "chong", "重": "chong", "哈": "ha", "能": "nai", "祭": "zhai", "瞿": "qu", "沈": "shen", "石": "shi",
    "薄": "bo", "车": "che", "令": "ling", "卜": "bu", "相": "xiang", "洗": "xian", "牟": "mu", "晟": "cheng",
    "钭": "tou", "靓": "jing", "粘": "nian", "谌": "chen",
}  # fmt: skip
_COMPOUND = {
    "尉迟": ("yu", "chi"), "万俟": ("mo", "qi"), "长孙": ("zhang", "sun"), "单于": ("chan", "yu"),
    "令狐": ("ling", "hu"), "澹台": ("tan", "tai"), "宰父": ("zai", "fu"), "鲜于": ("xian", "yu"),
    "呼延": ("hu", "yan"), "夏侯": ("xia", "hou"), "尉犁": ("yu", "li"), "子车": ("zi", "ju"),
    "拓跋": ("tuo", "ba"), "皇甫": ("huang", "fu"), "亓官": ("qi", "guan"), "乐正": ("yue", "zheng"),
}  # fmt: skip
_GIVEN = {"晟": "sheng", "曾": "zeng", "翟": "zhai", "覃": "qin", "朝": "chao", "长": "chang", "行": "xing"}
_DOTS = "·•・．.‧∙ \u3000"


@cache
def _reading(character: str) -> str:
    """The reading of one character without its tone; ü is v. Letters and digits stand for themselves, in small."""
    fixed = _GIVEN.get(character)
    if fixed:
        return fixed
    from pypinyin import Style, lazy_pinyin  # only who reads names anew pays for the dictionary

    found = lazy_pinyin(character, style=Style.NORMAL, errors="ignore")
    if found:
        return str(found[0])
    return character.lower() if character.isascii() and character.isalnum() else ""


def name_keys(name: str) -> tuple[str, str]:
    """``(full pinyin, initials)`` of a name, both in small letters without separators: 罗兆远 → luozhaoyuan, lzy."""
    compound = _COMPOUND.get(name[:2])
    if compound is not None:
        readings = [*compound, *map(_reading, name[2:])]
    else:
        first = _SURNAMES.get(name[:1]) if not any(dot in name for dot in _DOTS) else None
        readings = [first or _reading(name[0]), *map(_reading, name[1:])] if name else []
    return "".join(readings)[:PINYIN_LENGTH], "".join([text[0] for text in readings if text])[:INITIALS_LENGTH]


def name_tails(name: str) -> tuple[str, str, str]:
    """The name from its second, third and fourth character on: what a search for a part of the name looks into."""
    return name[1:], name[2:], name[3:]


def latin_query(text: str) -> str:
    """What a user typed in letters, in the spelling of the keys: small letters, no spaces or marks, ü and lyu as v."""
    joined = "".join(character for character in text.lower() if character.isalnum() or character == "ü")
    return joined.replace("ü", "v").replace("lyu", "lv")
