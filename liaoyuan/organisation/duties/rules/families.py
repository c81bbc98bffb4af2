"""Rules by family: the letters that an id begins with. Pure."""

FAMILIES = {
    "DM": "发展党员",
    "MT": "组织生活",
    "BR": "支部设置与换届",
    "TB": "临时党支部",
    "ED": "教育培训",
    "DF": "党费",
    "TR": "组织关系",
    "FL": "流动党员",
    "LO": "失去联系",
    "PC": "党籍",
    "UQ": "不合格党员处置",
    "DP": "处分影响期",
}


def family_of(rule_id: str) -> str:
    """The letters before the dash."""
    return rule_id.partition("-")[0]


def family_name(family: str) -> str:
    """What a family is called; its letters where nobody named it."""
    return FAMILIES.get(family, family)
