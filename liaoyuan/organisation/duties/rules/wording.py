"""A rule's shape and numbers in words. Pure."""

from decimal import Decimal
from fractions import Fraction

from liaoyuan.foundation.regulations.rules import Band, Duration, Value
from liaoyuan.organisation.duties.rules.declared import DutyRule

AT = {"here": "本级", "above": "上一级党组织", "approver": "有审批权的上级党委", "self": "本人"}
UNITS = {"count": "", "days": "天", "working_days": "个工作日"}
_PERIODS = {"month": "每月", "quarter": "每季度", "half_year": "每半年", "year": "每年"}
_STATES = {"members_more_than": "超过", "committee_missing": "满"}
_SHAPES = {
    "once": "从起算日起满{term}到期，按月对日、月末取末日",
    "every": "从起算日起每{term}一次，一直按起算日对日，直到终止",
    "earliest": "从起算日起满{term}那天起才可以办，提醒一次，不算逾期",
    "working_days": "从起算次日起数满{term}到期",
    "until": "到期日是当时写明的日期",
    "planned_end": "到期日是组织的计划撤销日期",
    "before_end": "在届满前{term}到期",
    "passed": "超过{term}（满{term}的次日）提出",
    "reached": "从最近一次起满{term}提出，以后按更长的期限再提",
    "yearly": "每年对日到期，提前{term}提出；2月29日平年按2月28日",
    "state": "只要情况还在就一直列出，没有固定日期",
}


def often(rule: DutyRule, term: str, unit: str = "") -> str:
    """A rule's number as one says it of this rule: 每季度1次, 每年32学时, 超过50人; ``unit`` measures its facts.
    "" where there is neither a number nor a period."""
    if rule.shape == "period":
        return _PERIODS[rule.period] + (f"{term}{unit if rule.sums else '次'}" if term else "一次")
    shapes = {
        "every": "每{term}一次",
        "yearly": "每年一次，提前{term}",
        "passed": "超过{term}",
        "before_end": "届满前{term}",
    }
    if rule.shape == "state" and term.isdigit():
        return f"{_STATES.get(rule.state, '')}{term}人"
    return shapes.get(rule.shape, "{term}").format(term=term) if term else ""


def shape_words(rule: DutyRule, term: str, unit: str = "") -> str:
    """How the rule counts its days."""
    if rule.shape == "period":
        return f"{often(rule, term, unit)}，期末最后一天到期"
    return _SHAPES[rule.shape].format(term=term)


def value_words(value: Value, kind: str) -> str:
    """A parameter's value as people say it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Duration):
        return str(value)
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}" if value.denominator > 1 else str(value.numerator)
    if isinstance(value, int):
        return f"{value}{UNITS.get(kind, '')}"
    return "；".join(_band(band) for band in value)


def _band(band: Band) -> str:
    rate = f"{(band.rate * 100).normalize():f}%"
    return f"{Decimal(band.upto) / 100:f}元以内{rate}" if band.upto is not None else f"以上{rate}"
