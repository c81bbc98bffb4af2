"""Kinds and states of meetings, and which unit may hold which."""

from dataclasses import dataclass

PLANNED, OPEN, CLOSED, CANCELLED = "planned", "open", "closed", "cancelled"
PRESENT, LEAVE, ABSENT = "present", "leave", "absent"
# The kind of fact that tells it of a person; the first is the duty rules' (who came lately).
PRESENCE_KINDS = {PRESENT: "orglife.attended", LEAVE: "orglife.excused", ABSENT: "orglife.absent"}

_BRANCHES = frozenset({"branch", "joint_branch", "temporary_branch"})
_COMMITTEES = frozenset({"committee", "general_branch"})
_ANY = _BRANCHES | _COMMITTEES | {"group"}


@dataclass(frozen=True, slots=True)
class MeetingKind:
    """A kind of meeting: its name, the units that hold it, the icon, and the row of the rules table it answers to."""

    key: str
    label: str
    units: frozenset[str]
    icon: str
    fact: str

    @property
    def fact_kind(self) -> str:
        """The kind of fact in the chronicle."""
        return f"orglife.{self.key}"


KINDS: dict[str, MeetingKind] = {
    kind.key: kind
    for kind in (
        MeetingKind("general_meeting", "支部党员大会", _BRANCHES | {"general_branch"}, "users-group", "MT-01"),
        MeetingKind("committee_meeting", "委员会会议", _BRANCHES | _COMMITTEES, "users", "MT-02"),
        MeetingKind("group_meeting", "党小组会", frozenset({"group"}), "messages", "MT-03"),
        MeetingKind("party_class", "党课", _ANY, "school", "MT-04"),
        MeetingKind("theme_day", "主题党日", _ANY, "flag", "MT-05"),
        MeetingKind("life_meeting", "组织生活会", _ANY, "message-2", "MT-06"),
        MeetingKind("democratic_review", "民主评议党员", _BRANCHES, "clipboard-check", "MT-07"),
    )
}

COMMITTEE_POSTS = frozenset(
    {
        "secretary", "deputy_secretary", "organisation_officer", "publicity_officer", "discipline_officer",
        "youth_officer", "committee_member", "discipline_secretary",
    }
)  # fmt: skip

TRANSITIONS: dict[str, frozenset[str]] = {
    PLANNED: frozenset({OPEN, CANCELLED}),
    OPEN: frozenset({CLOSED, CANCELLED}),
    CLOSED: frozenset(),
    CANCELLED: frozenset(),
}


def may_become(state: str, to: str) -> bool:
    """Whether a meeting may go from one state to another."""
    return to in TRANSITIONS[state]


def by_committee(kind: str, unit_kind: str) -> bool:
    """Whether the roll is the committee and not the members: a committee's meeting, and anything a committee above the
    branches holds for itself."""
    return kind == "committee_meeting" or unit_kind in _COMMITTEES - {"general_branch"}


@dataclass(frozen=True, slots=True)
class Entitlement:
    """Whether somebody on the roll has a vote; else why not, and the row of the rules table it rests on."""

    entitled: bool
    why_not: str = ""
    fact: str = ""


def entitlement(
    *, standing: str, attached: bool, temporary_branch: bool, loss: tuple[str, str] | None = None
) -> Entitlement:
    """Full members of the branch with their rights have a vote (MT-17). Who is attached takes part and votes at home
    (TB-09), but for a temporary branch, all of whose members are attached. ``loss``: reason and row of lost rights."""
    if standing != "full":
        return Entitlement(False, "预备党员没有表决权", "MT-17")
    if loss is not None:
        return Entitlement(False, loss[0], loss[1])
    if attached and not temporary_branch:
        return Entitlement(False, "组织关系不在本支部，参加活动，在原支部表决", "TB-09")
    return Entitlement(True)
