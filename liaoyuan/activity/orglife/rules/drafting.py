"""Resolutions drafted from what was counted (DM-30): the text is a proposal until the secretary signs it."""

from dataclasses import dataclass
from datetime import date

from liaoyuan.activity.orglife.rules.votes import Tally

_MODES = {"handheld": "无记名投票", "paper": "无记名投票", "show_of_hands": "举手表决"}


@dataclass(frozen=True, slots=True)
class Draft:
    """What a resolution is drafted from."""

    rule: str
    unit: str
    meeting: str
    title: str
    person: str
    held_on: date
    mode: str
    entitled: int
    present: int
    cast: Tally
    written: Tally
    passed: bool


def resolution_text(of: Draft) -> str:
    """The resolution but for the person's main performance, which people write."""
    day = f"{of.held_on.year}年{of.held_on.month}月{of.held_on.day}日"
    votes = of.cast + of.written
    counted = (
        f"应到会有表决权 {of.entitled} 人，实到会 {of.present} 人，以{_MODES[of.mode]}方式表决："
        f"赞成 {votes.yes} 票，反对 {votes.no} 票，弃权 {votes.abstain} 票"
        + (f"，无效 {votes.invalid} 票" if votes.invalid else "")
        + (f"（其中会前书面意见 {of.written.total} 份，已计入票数）" if of.written.total else "")
        + "。"
    )
    opening = f"{of.unit}于{day}召开{of.meeting}，讨论“{of.title}”。{counted}"
    return opening + _OUTCOMES.get(of.rule, _OUTCOMES["general"])[of.passed].format(person=of.person)


_OUTCOMES: dict[str, dict[bool, str]] = {
    "admission": {
        True: "赞成人数超过应到会有表决权党员的半数，大会同意接收{person}同志为中共预备党员，报上级党委审批。",
        False: "赞成人数没有超过应到会有表决权党员的半数，大会没有通过接收{person}同志为中共预备党员。",
    },
    "conversion": {
        True: "赞成人数超过应到会有表决权党员的半数，大会通过该项决议，报上级党委审批。",
        False: "赞成人数没有超过应到会有表决权党员的半数，大会没有通过该项决议。",
    },
    "election": {
        True: "{person}同志得票超过实到会有选举权人数的半数，当选。",
        False: "{person}同志得票未过半数，没有当选。",
    },
    "general": {True: "会议通过该事项。", False: "会议没有通过该事项。"},
}
