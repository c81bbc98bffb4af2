"""A duty in words and in JSON: what it says, whose it is, why, when it reminds and how it climbs."""

from datetime import date
from typing import Any

from liaoyuan.organisation.duties.rules import terms
from liaoyuan.organisation.duties.selectors.day import Day, Holder
from liaoyuan.organisation.duties.selectors.instances import Instance, told_on
from liaoyuan.organisation.duties.selectors.ladder import rungs


def sentence(one: Instance, on: date) -> str:
    """What the duty says on ``on``: before its day, or after."""
    late = one.overdue(on) or (
        one.rule.shape in {"earliest", "passed", "reached"} and one.due is not None and one.due <= on
    )
    text = one.rule.late if late else one.rule.soon
    due = one.due.isoformat() if one.due else ""
    return text.format(name=one.name, unit=one.unit.name, due=due, term=one.term, period=one.period)


def holders(day: Day, one: Instance) -> list[Holder]:
    """Who is responsible on the day: the first of the rule's posts that is filled comes first. Empty where the person
    himself is."""
    return day.responsible(one.rule, one.unit.path)[1]


def why(day: Day, one: Instance) -> str:
    """Why this duty exists and why it is whose it is, in one paragraph."""
    opened = f"{one.opened_on}起" if one.due is not None else f"自{one.opened_on}起如此"
    until = f"，到{one.due}" if one.due else ""
    parts = [f"{one.article}：{one.rule.title}。{one.name}，{opened}{until}。"]
    if one.overridden:
        parts.append(f"期限由单位调整：{one.overridden}。")
    unit, found = day.responsible(one.rule, one.unit.path)
    if one.rule.at == "self":
        parts.append("由本人完成。")
    elif found:
        who = "、".join(f"{holder.name}（{holder.post_name}）" for holder in found)
        parts.append(f"由{unit.name if unit else ''}负责，{one_day(day.on)}在任的是{who}。")
    else:
        parts.append("各级相应职务均空缺，请上级明确负责人。")
    return "".join(parts)


def one_day(on: date) -> str:
    """A day as a sentence says it."""
    return on.isoformat()


def as_json(day: Day, one: Instance) -> dict[str, Any]:
    """One line of ``liaoyuan duties run``."""
    unit, found = day.responsible(one.rule, one.unit.path)
    return {
        "rule": one.rule.id,
        "title": one.rule.title,
        "clause": one.article,
        "subject": one.name,
        "subject_code": one.code,
        "unit": one.unit.code,
        "unit_name": one.unit.name,
        "opened_on": one.opened_on.isoformat(),
        "due": one.due.isoformat() if one.due else None,
        "state": "overdue" if one.overdue(day.on) else "open",
        "text": sentence(one, day.on),
        "responsible_unit": unit.code if unit else None,
        "responsible": [_holder(holder) for holder in found] or _self(one),
        "reminders": [
            told_on(day, one.rule, planned).isoformat() if planned == one.due else planned.isoformat()
            for planned in terms.reminders(one.rule, one.opened_on, one.due)
        ],
        "ladder": [
            {"on": rung.on.isoformat(), "unit": rung.unit.code, "to": [_holder(holder) for holder in rung.holders]}
            for rung in rungs(day, one)
        ],
        "why": why(day, one),
    }


def _holder(holder: Holder) -> dict[str, str]:
    return {"code": holder.number, "name": holder.name, "post": holder.post_name}


def _self(one: Instance) -> list[dict[str, str]]:
    if one.rule.at != "self" or one.person_id is None:
        return []
    return [{"code": one.code, "name": one.name, "post": "本人"}]
