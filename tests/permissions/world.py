"""The two parallel subtrees of the permission matrix, with one row of everything that an address can name.

Everything named lies on side a (battalion a › branch a › group a), but for what a persona can only do to himself.
"""

from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile

from liaoyuan.foundation.accounts.models import ApiToken
from liaoyuan.foundation.files.models import StoredFile
from liaoyuan.foundation.inbox.models import Broadcast, Delivery, DeliveryState, Item
from liaoyuan.kernel.clock import now, today
from liaoyuan.organisation.members.models import Tenure
from liaoyuan.organisation.members.tests.factories import House, SiteFactory, load_role, two_branches
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
        self.keys: dict[str, Any] = {
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

    def arguments(self, text: str) -> dict[str, Any]:
        """``"pk=unit verb=lock"`` as the arguments of an address: a value that names a key is that key."""
        pairs = (part.split("=", 1) for part in text.split())
        return {name: self.keys.get(value, value) for name, value in pairs}
