"""General meetings of the platform that vote on a case, for tests."""

from datetime import datetime, time, timedelta
from uuid import UUID

from liaoyuan.activity.orglife.models import Meeting, Motion
from liaoyuan.activity.orglife.rules.votes import PaperCount
from liaoyuan.activity.orglife.services import (
    meeting_call,
    meeting_open,
    motion_close,
    motion_open,
    paper_tally_record,
    presence_mark_many,
)
from liaoyuan.affairs.admission.services.accepting import meeting_submit
from liaoyuan.affairs.admission.tests.walk import Walk
from liaoyuan.kernel import clock
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.units.models import Unit

AGENDA = {
    "admission": frozenset({"subject_report", "introducers", "committee_report", "discussion"}),
    "conversion": frozenset({"committee_report", "discussion"}),
}


def at(on: str, hour: int = 9) -> datetime:
    """An hour of a day."""
    return datetime.combine(datetime.fromisoformat(on), time(hour), tzinfo=clock.local(clock.now()).tzinfo)


def called(walk: Walk, on: str, *, unit: Unit | None = None, title: str = "讨论发展党员") -> Meeting:
    """A general meeting planned for a day; the clock is the caller's."""
    return meeting_call(
        actor=walk.secretary if unit is None else walk.clerk, unit=unit or walk.house.branch_a, kind="general_meeting",
        title=title, planned_at=at(on),
    )  # fmt: skip


def submitted(walk: Walk, meeting: Meeting, *, conversion: bool = False) -> Motion:
    """The case on its agenda, to be voted on on paper."""
    return meeting_submit(
        actor=walk.secretary, case=walk.case.pk, meeting=meeting.pk, mode="paper", conversion=conversion
    )


def opened(walk: Walk, motion: Motion, on: str) -> int:
    """Its meeting is open and its ballot too, everybody is there. Returns how many may vote."""
    people = voters(walk)
    with clock.set_to(at(on) + timedelta(minutes=5)):
        meeting_open(actor=walk.secretary, meeting=motion.meeting_id)
        presences: dict[UUID, str] = {one.pk: "present" for one in people}
        presence_mark_many(actor=walk.secretary, meeting=motion.meeting_id, presences=presences)
        motion_open(actor=walk.secretary, motion=motion.pk, agenda=AGENDA[motion.rule])
    return len(people)


def counted(walk: Walk, motion: Motion, on: str, *, yes: int = -1) -> None:
    """Two tellers count (``yes`` votes, else all) and the ballot is closed."""
    people = voters(walk)
    yes = len(people) if yes < 0 else yes
    with clock.set_to(at(on) + timedelta(minutes=30)):
        count = PaperCount(len(people), len(people), yes, len(people) - yes, 0)
        for teller in people[:2]:
            paper_tally_record(actor=walk.secretary, motion=motion.pk, teller=teller.pk, count=count)
        motion_close(actor=walk.secretary, motion=motion.pk)
    motion.refresh_from_db()
    walk.case.refresh_from_db()


def voted(walk: Walk, on: str, *, yes: int = -1, conversion: bool = False) -> Motion:
    """A meeting of a day, from the agenda to the count."""
    with clock.set_to(at(on, 8)):
        motion = submitted(walk, called(walk, on), conversion=conversion)
    opened(walk, motion, on)
    counted(walk, motion, on, yes=yes)
    return motion


def voters(walk: Walk) -> list[Person]:
    """The full members of the case's first branch."""
    return list(Person.objects.unscoped("test").filter(unit=walk.house.branch_a, standing="full").order_by("pk"))
