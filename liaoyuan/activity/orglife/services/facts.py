"""What a meeting that is over tells the chronicle."""

from liaoyuan.activity.orglife.models import Meeting, Presence, RollEntry
from liaoyuan.activity.orglife.rules import meetings as rules
from liaoyuan.organisation.chronicle.services import NewFact

APP = "orglife"


def told_of(meeting: Meeting) -> list[NewFact]:
    """That it was held: one fact for each kind that it covers, about the unit."""
    attended = meeting.roll.filter(presence=Presence.PRESENT).count()
    payload = {"title": meeting.title, "attended": attended, "on_roll": meeting.roll.count()}
    return [
        NewFact(
            kind=rules.KINDS[kind].fact_kind,
            unit=meeting.unit,
            occurred_on=meeting.held_on,
            source=source_of(meeting),
            payload=payload,
        )
        for kind in dict.fromkeys([meeting.kind, *meeting.covers])
    ]


def attendance(meeting: Meeting, entry: RollEntry) -> NewFact:
    """That one person came, was excused or stayed away."""
    return NewFact(
        kind=rules.PRESENCE_KINDS[entry.presence],
        unit=meeting.unit,
        occurred_on=meeting.held_on,
        source=source_of(meeting, entry),
        person=entry.person,
        payload={"what": meeting.title},
    )


def source_of(meeting: Meeting, entry: RollEntry | None = None) -> tuple[str, str]:
    """The source by which the chronicle knows a meeting, or one person's part in it."""
    return APP, str(meeting.pk) if entry is None else f"{meeting.pk.hex}{entry.pk.hex}"
