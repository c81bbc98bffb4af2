"""A posting's life as the shared timeline shows it."""

from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.kernel import clock
from liaoyuan.organisation.whereabouts.models import Posting
from liaoyuan.organisation.whereabouts.selectors.postings import posting_changes

_STEPS = {
    "recorded": ("登记外出", "file-plus", "info"),
    "confirmed": ("确认到位", "map-pin-check", "ok"),
    "extended": ("改预计结束日期", "calendar-plus", "soon"),
    "corrected": ("更正", "edit", "muted"),
    "ended": ("登记归队", "home-check", "ok"),
    "cancelled": ("撤销", "x", "muted"),
}
_FIELDS = {
    "purpose": "事由",
    "site": "点位",
    "since": "开始日期",
    "planned_end": "预计结束日期",
    "ended_on": "归队日期",
    "attached_unit": "挂靠支部",
    "note": "备注",
}


def posting_timeline(posting: Posting) -> list[dict[str, Any]]:
    """Every step, the latest first; an imported posting has none, so its recording stands for it."""
    items: list[dict[str, Any]] = []
    recorded = False
    for change in posting_changes(posting):
        recorded = recorded or change.verb == "recorded"
        title, icon, level = _STEPS.get(change.verb, (change.verb, "point", "info"))
        body = "；".join(part for part in (_what(change.verb, change.detail), change.reason) if part)
        items.append(
            {
                "date": clock.local(change.at),
                "title": _("%(step)s · %(who)s") % {"step": title, "who": change.by_name},
                "body": body,
                "icon": icon,
                "level": level,
            }
        )
    if not recorded:
        items.append(
            {
                "date": clock.local(posting.recorded_at),
                "title": _("登记外出 · %s") % (posting.recorded_by or _("花名册导入")),
                "body": posting.note,
                "icon": "file-plus",
                "level": "info",
            }
        )
    return items


def _what(verb: str, detail: dict[str, Any]) -> str:
    if verb == "extended":
        return _("%(before)s 改为 %(after)s") % {
            "before": detail.get("before") or _("未定"),
            "after": detail.get("after", ""),
        }
    if verb == "ended":
        return str(detail.get("ended_on", ""))
    if verb == "corrected":
        return "；".join(
            _("%(field)s：%(before)s → %(after)s")
            % {"field": _FIELDS.get(key, key), "before": pair[0] or "—", "after": pair[1] or "—"}
            for key, pair in detail.items()
            if isinstance(pair, list) and len(pair) == 2
        )
    return ""
