"""The two parallel subtrees of the permission matrix, with one row of everything that an address can name.

Everything named lies on side a (battalion a › branch a › group a), but for what a persona can only do to himself.
"""

from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile

from liaoyuan.activity.notices.models import Objection, PostingPlace, PublicPosting
from liaoyuan.activity.orglife.models import BallotMark, Meeting, Motion, Resolution, RollEntry
from liaoyuan.affairs.admission.models import Case, StepRecord
from liaoyuan.foundation.accounts.models import ApiToken
from liaoyuan.foundation.files.models import StoredFile
from liaoyuan.foundation.inbox.models import Broadcast, Delivery, DeliveryState, Item
from liaoyuan.foundation.regulations.models import ParameterOverride
from liaoyuan.kernel.clock import now, today
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.duties.models import Duty
from liaoyuan.organisation.members.models import Tenure
from liaoyuan.organisation.members.tests.factories import House, PersonFactory, SiteFactory, load_role, two_branches
from liaoyuan.organisation.roster.models import RosterUpload, UploadState
from liaoyuan.organisation.units.models import Grant, GrantSource
from liaoyuan.organisation.whereabouts.models import Posting, Purpose


class World:
    """The house and the keys of its addresses."""

    def __init__(self) -> None:
        self.house: House = two_branches()
        house = self.house
        # Personas are people of the organisation like any other: everybody holds the member's role at his branch.
        for persona, person in house.people.items():
            if persona in house.users:
                Grant.objects.create(
                    user=house.users[persona],
                    role=load_role("member"),
                    unit=person.unit,
                    path=person.unit.path,
                    since=today() - timedelta(days=100),
                    source=GrantSource.APPOINTMENT,
                )
        site = SiteFactory(name="甲靶场")
        self.posting = Posting.objects.create(
            person=house.people["plain_a"],
            purpose=Purpose.objects.get_or_create(name="驻训")[0],
            site=site,
            since=today() - timedelta(days=5),
            planned_end=today() + timedelta(days=5),
        )
        token = ApiToken.objects.create(
            user=house.users["branch_secretary"],
            name="核对",
            digest="d" * 64,
            tail="dddd",
            expires_at=now() + timedelta(days=1),
        )
        file = StoredFile(name="核对.txt", content_type="text/plain", size=6, sm3="0" * 64, gate="nobody", gate_key="1")
        file.blob.save("核对.txt", ContentFile(b"liaoyuan"))
        plain = house.people["plain_a"]
        plain.number = "A000001"
        plain.save(update_fields=["number"])
        item = Item.objects.create(user=house.users["member"], key="核对", title="核对本人信息", url="/members/me/")
        broadcast = Broadcast.objects.create(
            sender=house.users["branch_secretary"],
            sender_name="甲指导员",
            audience="甲营一连党支部",
            title="通知",
            total=1,
        )
        delivery = Delivery.objects.create(
            user=house.users["member"], item=item, channel="email", key="核对", state=DeliveryState.DEAD
        )
        upload = RosterUpload.objects.create(
            file=file,
            unit=house.root,
            path=house.root.path,
            state=UploadState.READY,
            by_id=house.users["organisation_clerk"].pk,
            by_name="旅组织干事",
        )
        meeting, motion = self._meeting()
        notice, objection = self._notice()
        case, record = self._case()
        fact = Fact.objects.create(
            kind="admission.talk",
            person=plain,
            unit=house.branch_a,
            path=house.branch_a.path,
            occurred_on=today(),
            payload={"who": "甲指导员", "mode": "当面", "evidence": "谈话记录"},
            source_app="chronicle",
            source_id="核对",
        )
        duty = Duty.objects.create(
            rule="DM-03",
            version="admission-2026",
            person=plain,
            unit=house.branch_a,
            path=house.branch_a.path,
            key="核对",
            opened_on=today(),
            due=today() + timedelta(days=30),
        )
        override = ParameterOverride.objects.create(
            parameter="admission.talk_within",
            path=house.root.path,
            unit_id=house.root.pk,
            unit_name=house.root.name,
            value="P15D",
            since=today(),
            reason="核对",
            by_name="旅组织干事",
        )
        self.keys: dict[str, Any] = {
            "case": case.pk,
            "record": record.pk,
            "duty": duty.pk,
            "fact": fact.pk,
            "override": override.pk,
            "meeting": meeting.pk,
            "motion": motion.pk,
            "notice": notice.pk,
            "objection": objection.pk,
            "unit": house.branch_a.pk,
            "person": house.people["plain_a"].pk,
            "number": house.people["plain_a"].number,
            "code": house.branch_a.code,
            "posting": self.posting.pk,
            "site": site.pk,
            "grant": Grant.objects.get(source=GrantSource.TENURE, unit=house.branch_a).pk,
            "tenure": Tenure.objects.get(unit=house.branch_a).pk,
            "token": token.pk,
            "file": file.pk,
            "upload": upload.pk,
            "item": item.pk,
            "broadcast": broadcast.pk,
            "delivery": delivery.pk,
            "account": house.users["member"].pk,
            "user": house.users["member"].pk,
        }

    def _meeting(self) -> tuple[Meeting, Motion]:
        """An open meeting of branch a with a motion that is decided; the member has voted."""
        unit = self.house.branch_a
        meeting = Meeting.objects.create(
            unit=unit,
            path=unit.path,
            kind="general_meeting",
            title="核对",
            planned_at=now(),
            opened_at=now(),
            state="open",
            called_by="甲指导员",
        )
        for persona in ("member", "group_leader", "branch_secretary", "battalion_secretary", "plain_a"):
            person = self.house.people[persona]
            RollEntry.objects.create(meeting=meeting, person=person, standing="full", entitled=True)
        motion = Motion.objects.create(
            meeting=meeting,
            order=1,
            title="核对",
            rule="general",
            state="decided",
            entitled=5,
            present=1,
            passed=False,
            yes=0,
            no=1,
            abstain=0,
            invalid=0,
            written=0,
            created_by="甲指导员",
        )
        BallotMark.objects.create(motion=motion, entry=meeting.roll.get(person=self.house.people["member"]))
        Resolution.objects.create(motion=motion, adopted=False, text="没有通过。")
        return meeting, motion

    def _notice(self) -> tuple[PublicPosting, Objection]:
        """A posting of branch a with an objection; the group leader receives."""
        unit = self.house.branch_a
        notice = PublicPosting.objects.create(
            unit=unit,
            path=unit.path,
            title="核对",
            body={"lead": "核对", "rows": [], "closing": ""},
            starts_on=today(),
            last_day=today() + timedelta(days=7),
            working_days=5,
            counts_first_day=False,
            content_hash="0" * 64,
            receiver=self.house.people["group_leader"],
            started_by="甲指导员",
        )
        PostingPlace.objects.create(posting=notice, unit=unit, path=unit.path)
        objection = Objection.objects.create(
            posting=notice, sender=str(self.house.people["plain_a"].pk), sender_index="0" * 32
        )
        return notice, objection

    def _case(self) -> tuple[Case, StepRecord]:
        """The case of an applicant of branch a."""
        unit = self.house.branch_a
        person = PersonFactory(name="甲申请", unit=unit, standing="applicant", full_since=None, joined_on=None)
        case = Case.objects.create(
            person=person, unit=unit, path=unit.path, text_of=today(), started_on=today(), standing="applicant", step=2,
            stage="application", opened_by="甲指导员",
        )  # fmt: skip
        record = StepRecord.objects.create(
            case=case, seq=1, act="apply", step=1, done_on=today(), unit=unit, by_name="甲指导员"
        )
        return case, record

    def arguments(self, text: str) -> dict[str, Any]:
        """``"pk=unit verb=lock"`` as the arguments of an address: a value that names a key is that key."""
        pairs = (part.split("=", 1) for part in text.split())
        return {name: self.keys.get(value, value) for name, value in pairs}
