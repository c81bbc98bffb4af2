"""What the pages of meetings show, each in a constant number of queries."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from liaoyuan.activity.orglife.models import (
    BallotMark,
    Meeting,
    Motion,
    MotionState,
    PaperTally,
    Presence,
    PresenceCorrection,
    Resolution,
    RollEntry,
    WrittenOpinion,
)
from liaoyuan.activity.orglife.models.meeting import MeetingState
from liaoyuan.activity.orglife.policies import Capability, can_call, can_chair, can_record, can_sign
from liaoyuan.activity.orglife.rules.decisions import HANDHELD, PAPER, RULES
from liaoyuan.activity.orglife.rules.meetings import COMMITTEE_POSTS, KINDS
from liaoyuan.activity.orglife.selectors.meetings import meetings_visible
from liaoyuan.kernel import clock
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.units.models import Unit


def meeting_rows(actor: Actor) -> QuerySet[Meeting]:
    """The list of meetings, with how many came and how many motions there are."""
    attended = Count("roll", filter=Q(roll__presence=Presence.PRESENT), distinct=True)
    rows = meetings_visible(actor).select_related("unit", "chair")
    return rows.annotate(attended=attended, on_roll=Count("roll", distinct=True))


@dataclass(frozen=True, slots=True)
class Counts:
    """The roll in numbers."""

    on_roll: int
    entitled: int
    present: int
    attended: int
    on_leave: int


@dataclass(frozen=True, slots=True)
class MotionRow:
    """A motion as the meeting's page shows it. ``marked`` of ``present`` have voted; ``may_vote``: it is the reader's
    turn; ``voted``: he has."""

    motion: Motion
    rule: str
    marked: int
    opinions: int
    may_vote: bool
    voted: bool
    resolution: Resolution | None


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """Everything of one meeting that the reader may see."""

    meeting: Meeting
    kind: str
    covers: tuple[str, ...]
    roll: tuple[RollEntry, ...]
    counts: Counts
    motions: tuple[MotionRow, ...]
    own: RollEntry | None
    may_call: bool
    may_chair: bool
    may_record: bool
    may_sign: bool
    ballot_open: bool
    corrections: tuple[PresenceCorrection, ...] = ()


def meeting_page(actor: Actor, meeting: Meeting) -> MeetingPage:
    """The page of a meeting that the actor may see (``meeting_visible``)."""
    roll = tuple(
        meeting.roll.select_related("person", "person__unit").order_by("person__rank_order", "person__pinyin", "pk")
    )
    own = next((entry for entry in roll if actor.person_id and entry.person_id == actor.person_id), None)
    motions = tuple(_motion_rows(meeting, own))
    return MeetingPage(
        meeting=meeting,
        kind=KINDS[meeting.kind].label,
        covers=tuple(KINDS[key].label for key in meeting.covers if key in KINDS),
        roll=roll,
        counts=_counts(roll),
        motions=motions,
        own=own,
        may_call=bool(can_call(actor, meeting.path)),
        may_chair=bool(can_chair(actor, meeting)),
        may_record=bool(can_record(actor, meeting)),
        may_sign=bool(can_sign(actor, meeting)),
        ballot_open=any(row.motion.state == MotionState.OPEN for row in motions),
        corrections=_corrections(meeting),
    )


def _corrections(meeting: Meeting) -> tuple[PresenceCorrection, ...]:
    if meeting.state != MeetingState.CLOSED:
        return ()
    return tuple(PresenceCorrection.objects.filter(entry__meeting=meeting).select_related("entry__person"))


def _counts(roll: tuple[RollEntry, ...]) -> Counts:
    there = [entry for entry in roll if entry.presence == Presence.PRESENT]
    return Counts(
        on_roll=len(roll),
        entitled=sum(entry.entitled for entry in roll),
        present=sum(entry.entitled for entry in there),
        attended=len(there),
        on_leave=sum(entry.presence == Presence.LEAVE for entry in roll),
    )


def _motion_rows(meeting: Meeting, own: RollEntry | None) -> list[MotionRow]:
    motions = list(meeting.motions.select_related("person", "resolution").order_by("order"))
    keys = [motion.pk for motion in motions]
    marks = dict(BallotMark.objects.filter(motion__in=keys).values_list("motion").annotate(n=Count("pk")))
    opinions = dict(WrittenOpinion.objects.filter(motion__in=keys).values_list("motion").annotate(n=Count("pk")))
    mine: set[UUID] = set()
    if own is not None:
        mine = set(BallotMark.objects.filter(motion__in=keys, entry=own).values_list("motion_id", flat=True))
    votes = own is not None and own.entitled and own.presence == Presence.PRESENT
    rows = []
    for motion in motions:
        motion.meeting = meeting
        live = motion.state == MotionState.OPEN and motion.mode == HANDHELD
        rows.append(
            MotionRow(
                motion=motion,
                rule=RULES[motion.rule].label,
                marked=marks.get(motion.pk, 0),
                opinions=opinions.get(motion.pk, 0),
                may_vote=live and votes and motion.pk not in mine,
                voted=motion.pk in mine,
                resolution=getattr(motion, "resolution", None),
            )
        )
    return rows


@dataclass(frozen=True, slots=True)
class MotionPage:
    """One motion: where it stands. Before the close nothing of it tells how anybody voted. ``may_tally``: the reader
    may enter what was counted, as recorder or (of paper) as one of those who may be tellers."""

    motion: Motion
    row: MotionRow
    page: MeetingPage
    tallies: tuple[PaperTally, ...]
    writers: tuple[str, ...]

    @property
    def may_tally(self) -> bool:
        """Whether the form of the count is open to the reader now."""
        if self.motion.state != MotionState.OPEN or self.motion.mode == HANDHELD:
            return False
        own = self.page.own
        if self.page.may_record or own is None:
            return self.page.may_record
        there = own.entitled and own.presence == Presence.PRESENT and own.person_id != self.motion.person_id
        return self.motion.mode == PAPER and there


def motion_page(actor: Actor, motion: Motion) -> MotionPage:
    """The page of a motion that the actor may see (``motion_visible``). Who wrote an opinion is named to the recorder;
    what it says, to nobody before the count."""
    page = meeting_page(actor, motion.meeting)
    row = next(row for row in page.motions if row.motion.pk == motion.pk)
    tallies: tuple[PaperTally, ...] = ()
    writers: tuple[str, ...] = ()
    if page.may_record:
        tallies = tuple(PaperTally.objects.filter(motion=motion).select_related("teller").order_by("entered_at"))
        rows = WrittenOpinion.objects.filter(motion=motion).select_related("entry__person").order_by("received_at")
        writers = tuple(opinion.entry.person.name for opinion in rows)
    return MotionPage(row.motion, row, page, tallies, writers)


def ballot_progress(motion: Motion) -> tuple[int, int]:
    """``(have voted, present with a vote)``: all that anybody learns of an open ballot."""
    return BallotMark.objects.filter(motion=motion).count(), motion.present or 0


def own_ballot(actor: Actor, motion: Motion) -> tuple[RollEntry | None, bool]:
    """The actor's place on the roll, and whether he has voted."""
    if actor.person_id is None:
        return None, False
    entry = motion.meeting.roll.filter(person_id=actor.person_id).first()
    return entry, entry is not None and BallotMark.objects.filter(motion=motion, entry=entry).exists()


def resolution_of(motion: Motion) -> Resolution | None:
    """The resolution on a motion that the actor may see."""
    return Resolution.objects.filter(motion=motion).select_related("signed_by").first()


def units_to_call(actor: Actor) -> QuerySet[Unit]:
    """Living units whose meetings the actor may call."""
    return Unit.objects.visible_to(actor, Capability.CALL).filter(dissolved_on__isnull=True).order_by("path")


def officers_to_name(actor: Actor) -> QuerySet[Person]:
    """People who may be named as chair or recorder: members below whom the actor calls meetings, and who holds a post
    of a committee there."""
    below = Person.objects.visible_to(actor, Capability.CALL).filter(active=True)
    posts = Q(tenures__until__isnull=True, tenures__post__code__in=COMMITTEE_POSTS)
    return below.filter(Q(standing__in=["full", "probationary"]) | posts).distinct().order_by("home_path", "rank_order")


def roll_people(meeting: Meeting, **narrowed: Any) -> QuerySet[Person]:
    """People on a meeting's roll."""
    return (
        Person.objects.unscoped("on the roll that the actor may see")
        .filter(roll_entries__in=meeting.roll.filter(**narrowed))
        .order_by("rank_order", "pinyin")
    )


@dataclass(frozen=True, slots=True)
class Ahead:
    """What waits for a person in meetings: ballots to cast, meetings to come, resolutions to sign."""

    to_vote: tuple[Motion, ...]
    coming: tuple[Meeting, ...]
    to_sign: tuple[Motion, ...]


def ahead(actor: Actor) -> Ahead:
    """For the home page, three queries."""
    to_vote: tuple[Motion, ...] = ()
    coming: tuple[Meeting, ...] = ()
    if actor.person_id is not None:
        entries = RollEntry.objects.filter(person_id=actor.person_id)
        votes = entries.filter(entitled=True, presence=Presence.PRESENT).values("meeting")
        marked = BallotMark.objects.filter(entry__person_id=actor.person_id).values("motion")
        to_vote = tuple(
            Motion.objects.filter(state=MotionState.OPEN, mode=HANDHELD, meeting__in=votes)
            .exclude(pk__in=marked)
            .select_related("meeting")[:20]
        )
        coming = tuple(
            Meeting.objects.unscoped("meetings on whose roll the actor stands")
            .filter(state=MeetingState.PLANNED, pk__in=entries.values("meeting"), planned_at__gte=clock.now())
            .select_related("unit")
            .order_by("planned_at")[:5]
        )
    to_sign: tuple[Motion, ...] = ()
    if actor.holds(Capability.CHAIR):
        mine = Meeting.objects.visible_to(actor, Capability.CHAIR).values("pk")
        to_sign = tuple(
            Motion.objects.filter(meeting__in=mine, resolution__signed_at__isnull=True, state=MotionState.DECIDED)
            .select_related("meeting", "meeting__unit")
            .order_by("closed_at")[:20]
        )
    return Ahead(to_vote, coming, to_sign)
