"""What a calendar program is told: the days of one's own duties."""

from datetime import timedelta

from liaoyuan.kernel import clock
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.duties.models import CalendarFeed, Duty
from liaoyuan.organisation.duties.selectors.mine import my_duty_ids
from liaoyuan.organisation.duties.selectors.rows import Overrides, shown

AHEAD = timedelta(days=370)
MOST = 500


def own_feed(actor: Actor) -> CalendarFeed | None:
    """The actor's own subscription."""
    return CalendarFeed.objects.filter(user=actor.user_id).first() if actor.user_id else None


def calendar_of(actor: Actor, *, host: str) -> bytes:
    """The actor's open duties as iCalendar: each a whole day with its sentence, and nothing else about anybody."""
    from icalendar import Calendar, Event  # only who asks for a calendar pays for it

    today = clock.today()
    book = Calendar()
    book.add("prodid", "-//Liaoyuan//duties//ZH")
    book.add("version", "2.0")
    book.add("method", "PUBLISH")
    book.add("x-wr-calname", "到点提醒")
    overrides = Overrides.on(today)
    rows = Duty.objects.unscoped("one's own duties").filter(pk__in=my_duty_ids(actor, until=today + AHEAD))
    for duty in rows.select_related("person", "unit").order_by("due", "pk")[:MOST]:
        if duty.due is None:
            continue
        event = Event()
        event.add("uid", f"{duty.pk}@{host}")
        event.add("dtstamp", clock.now())
        event.add("dtstart", duty.due)
        event.add("dtend", duty.due + timedelta(days=1))
        event.add("summary", shown(duty, overrides, today).sentence)
        event.add("transp", "TRANSPARENT")
        book.add_component(event)
    return bytes(book.to_ical())
