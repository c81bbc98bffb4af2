"""A case walked through its services, for tests: every act on its day, by who should do it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from liaoyuan.activity.orglife.selectors import voters_on
from liaoyuan.affairs.admission.models import Case, StepRecord
from liaoyuan.affairs.admission.rules.acts import Act
from liaoyuan.affairs.admission.rules.papers import to_archive
from liaoyuan.affairs.admission.services import accepting, applying, converting, listing, papers
from liaoyuan.affairs.admission.services.opening import case_open
from liaoyuan.kernel import clock
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import Person, StandingKind
from liaoyuan.organisation.members.tests.factories import House, PersonFactory

# Who has a vote in the walk's branch, and how a usual vote ends.
VOTERS = 9
VOTES = accepting.Votes(entitled=VOTERS, present=8, yes=7, no=1)
HEARD = ("group", "members", "masses")


def outsider(house: House, side: str = "a", **values: Any) -> Person:
    """Somebody of a branch who is not in the Party."""
    branch = house.branch_a if side == "a" else house.branch_b
    values.setdefault("name", "申明" if side == "a" else "申亮")
    return PersonFactory(unit=branch, standing=StandingKind.MASSES, full_since=None, joined_on=None, **values)


@dataclass
class Walk:
    """One case. ``to(act)`` does everything before that act; ``do(act)`` one act, on its day or on ``on``. Its branch
    is filled up to ``voters`` with a vote."""

    house: House
    person: Person
    side: str = "a"
    old: bool = False
    voters: int = VOTERS
    case: Case = field(init=False)

    def __post_init__(self) -> None:
        suffix = "" if self.side == "a" else "_b"
        self.secretary = self.house.actor(f"branch_secretary{suffix}")
        self.battalion = self.house.actor(f"battalion_secretary{suffix}")
        self.clerk = self.house.actor("organisation_clerk")
        self.mentors = [self.house.people[f"{name}{suffix}"] for name in ("group_leader", "member")]
        self.script = _script(self)
        with clock.set_to(self.day("apply")):
            self._fill()
            self.case = case_open(actor=self.secretary, person=self.person.pk, on=self.day("apply"))

    def _fill(self) -> None:
        """The branch's records begin with the walk at the latest, whenever the test runs."""
        branch = self.house.branch_a if self.side == "a" else self.house.branch_b
        for _one in range(self.voters - voters_on(branch, clock.today()).entitled):
            PersonFactory(unit=branch)

    def day(self, act: str) -> date:
        """The day of an act in the usual walk."""
        days = _OLD | {} if self.old else {}
        return date.fromisoformat(days.get(act, _DAYS[act]))

    def acts(self) -> list[str]:
        """The acts of this walk in order."""
        skipped = {"consent", "post", "posted", "list"} if self.old else {"file_candidate"}
        return [act for act in _DAYS if act.partition(":")[0] not in skipped]

    def to(self, act: str) -> "Walk":
        """Do everything before ``act`` that has not been done."""
        done = set(StepRecord.objects.filter(case=self.case, live=True).values_list("act", flat=True))
        for one in self.acts():
            if one == act:
                return self
            if one.partition(":")[0] not in done or ":" in one:
                self.do(one)
        return self

    def do(self, act: str, *, on: str = "", **more: Any) -> StepRecord:
        """One act on its day (the clock is set to it)."""
        day = date.fromisoformat(on) if on else self.day(act)
        with clock.set_to(day):
            record = self.script[act](on=day, **more)
        self.case.refresh_from_db()
        self.person.refresh_from_db()
        return record


_DAYS = {
    "apply": "2026-06-01",
    "talk": "2026-06-15",
    "activist": "2026-09-01",
    "file_activist": "2026-09-05",
    "mentors": "2026-09-06",
    "review": "2027-03-01",
    "opinion:group": "2027-09-01",
    "opinion:mentors": "2027-09-01",
    "opinion:members": "2027-09-01",
    "opinion:masses": "2027-09-01",
    "propose": "2027-09-01",
    "consent": "2027-09-06",
    "post": "2027-09-07",
    "posted": "2027-09-15",
    "list": "2027-09-15",
    "file_candidate": "2027-09-15",
    "introducers": "2027-09-16",
    "political_review": "2027-09-28",
    "training": "2027-10-12",
    "committee_check": "2027-10-15",
    "pre_review": "2027-10-20",
    "form": "2027-10-25",
    "meeting": "2027-11-05",
    "report": "2027-11-08",
    "approval_talk": "2027-11-20",
    "approve": "2027-12-01",
    "file_member": "2027-12-05",
    "place": "2027-12-06",
    "oath": "2027-12-20",
    "care": "2028-06-01",
    "conversion_apply": "2028-11-05",
    "conversion_check": "2028-11-08",
    "conversion_meeting": "2028-11-10",
    "conversion_report": "2028-11-12",
    "conversion_approve": "2028-12-01",
    "archive": "2028-12-20",
}
_OLD = {"apply": "2026-05-01"}


def _script(walk: Walk) -> dict[str, Callable[..., Any]]:
    def by(actor: Actor, service: Callable[..., Any], **usual: Any) -> Callable[..., Any]:
        return lambda **more: service(**({"actor": actor, "case": walk.case.pk} | usual | more))

    secretary, battalion, clerk = walk.secretary, walk.battalion, walk.clerk
    people = [one.pk for one in walk.mentors]
    return {
        "talk": by(secretary, applying.talk_record, talker=walk.mentors[0], mode="phone", summary="了解入党动机"),
        "activist": by(secretary, applying.activist_determine, way="members"),
        "file_activist": by(battalion, applying.activist_file, number="备2026-1"),
        "mentors": by(secretary, applying.mentors_set, people=people),
        "review": by(secretary, applying.review_record, result="good", summary="思想稳定，训练刻苦"),
        **{
            f"opinion:{source}": by(secretary, listing.opinion_record, source=source, summary="同意列为发展对象")
            for source in ("group", "mentors", "members", "masses")
        },
        "propose": by(secretary, listing.candidate_propose),
        "consent": by(battalion, listing.consent_record, agreed=True, number="批2027-3"),
        "post": by(secretary, listing.posting_record, ends_on=date(2027, 9, 14), places=["连部公示栏"]),
        "posted": by(secretary, listing.posting_result, clear=True, result="没有收到意见"),
        "list": by(secretary, listing.candidate_list),
        "file_candidate": by(battalion, listing.candidate_file, number="备2027-3"),
        "introducers": by(secretary, listing.introducers_set, people=people),
        "political_review": by(
            secretary, listing.political_review_record, passed=True, methods=["talk", "file"], summary="政审合格"
        ),
        "training": by(secretary, listing.training_record, days=3, hours=24, provider="旅党校"),
        "committee_check": by(secretary, accepting.committee_check, qualified=True),
        "pre_review": by(clerk, accepting.pre_review, qualified=True),
        "form": by(secretary, accepting.form_record, number="0001"),
        "meeting": by(secretary, accepting.meeting_record, votes=VOTES),
        "report": by(secretary, accepting.resolution_report),
        "approval_talk": by(
            clerk, applying.talk_record, talker=None, who="旅党委委员", mode="in_person", summary="动机端正，同意审批",
            act=Act.APPROVAL_TALK,
        ),
        "approve": by(clerk, accepting.approve, agreed=True, by="旅党委会议"),
        "file_member": by(clerk, accepting.member_file),
        "place": by(secretary, converting.place),
        "oath": by(secretary, converting.oath_record, where="旅史馆"),
        "care": by(secretary, applying.review_record, result="good", summary="按期参加组织生活", act=Act.CARE),
        "conversion_apply": by(secretary, converting.conversion_apply),
        "conversion_check": by(secretary, converting.conversion_check, sources=HEARD, outcome="convert"),
        "conversion_meeting": by(secretary, converting.conversion_record, outcome="convert", votes=VOTES),
        "conversion_report": by(secretary, converting.conversion_report),
        "conversion_approve": by(clerk, converting.conversion_approve, agreed=True),
        "archive": lambda **more: _archive(walk, **more),
    }  # fmt: skip


def _archive(walk: Walk, **more: Any) -> StepRecord:
    for info in to_archive():
        papers.paper_record(actor=walk.secretary, case=walk.case.pk, kind=info.kind, received_on=more["on"])
    return converting.archive(actor=walk.secretary, case=walk.case.pk, **more)
