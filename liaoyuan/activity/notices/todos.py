"""What postings ask people to do, for the home page."""

from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.activity.notices.selectors.pages import waiting
from liaoyuan.kernel.registry import Todo
from liaoyuan.kernel.scoping import Actor


def todos(actor: Actor) -> list[Todo]:
    """Threads to answer, postings to conclude, periods that the calendar cannot end."""
    if actor.user_id is None:
        return []
    found = []
    now = waiting(actor)
    if now.unanswered:
        found.append(
            Todo(
                title=_("%(n)d 件公示异议待答复") % {"n": now.unanswered},
                why=_("您是受理人，只有您能看到。"),
                url=reverse("notices:received"),
                action=_("去答复"),
                severity=2,
                count=now.unanswered,
                icon="message-report",
            )
        )
    found += [
        Todo(
            title=_("请对异议作出结论：%(title)s") % {"title": row.title},
            why=_("公示已期满，有异议的由受理人核实后认定。"),
            url=reverse("notices:posting", args=[row.pk]),
            action=_("去认定"),
            severity=2,
            due=row.last_day,
            icon="speakerphone",
        )
        for row in now.to_conclude
    ]
    found += [
        Todo(
            title=_("公示期为暂算，请确认：%(title)s") % {"title": row.title},
            why=_("工作日历还没有下一年的安排，公示不会自动结束。请先录入工作日历，或核对后作出结论。"),
            url=reverse("notices:posting", args=[row.pk]),
            action=_("去核对"),
            severity=2,
            due=row.last_day,
            icon="calendar-question",
        )
        for row in now.provisional
    ]
    found += [
        Todo(
            title=_("受理人%(name)s不能再受理异议，请更换：%(title)s")
            % {"name": row.receiver.name, "title": row.title},
            why=_("原受理人已离队或者没有账号，公示期内的异议没有人能看到和答复。"),
            url=reverse("notices:receiver", args=[row.pk]),
            action=_("去更换"),
            severity=3,
            due=row.last_day,
            icon="message-report",
        )
        for row in now.unreceived
    ]
    return found
