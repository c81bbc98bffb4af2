"""Two clerks who import at the same moment: nothing half, nothing double, nobody's plan written over another's."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.foundation.audit.services import verify_chain
from liaoyuan.kernel import clock
from liaoyuan.kernel.scoping import Actor, actor_for
from liaoyuan.organisation.members.models import Membership, Person
from liaoyuan.organisation.roster.models import RosterUpload
from liaoyuan.organisation.roster.services import import_workbook, importing, uploads
from liaoyuan.organisation.roster.tests.factories import TODAY, person, two_battalions, workbook
from liaoyuan.organisation.units.models import Site, Unit
from liaoyuan.organisation.units.services import tree_problems
from liaoyuan.organisation.whereabouts.models import Posting, Presence, Purpose
from liaoyuan.organisation.whereabouts.services.postings import posting_begin_group
from tests.concurrency.together import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.set_to(TODAY):
        yield


def load(data: bytes) -> bool:
    return import_workbook(data, actor=Actor.system("测试"), label="x").written


def people() -> Any:
    return Person.objects.unscoped("test")


@pytest.fixture
def clerks() -> tuple[Actor, Actor]:
    """The organisation clerks of the battalions A and B."""
    rows = two_battalions()
    for index, letter in enumerate("AB"):
        number = f"P{10 * (index + 1):04d}"
        rows["任职"].append(
            {"人员编号": number, "组织编码": f"L-{letter}", "职务": "组织干事", "任职日期": "2025-01-01"}
        )
    assert load(workbook(rows))
    return actor_of("P0010"), actor_of("P0020")


def actor_of(number: str) -> Actor:
    return actor_for(people().get(number=number).user, via="web")


def confirmed(actor: Actor, rows: dict[str, list[dict[str, Any]]]) -> RosterUpload:
    upload = uploads.upload_take(actor=actor, file=SimpleUploadedFile("名册.xlsx", workbook(rows)))
    uploads.check_upload(str(upload.pk))
    upload.refresh_from_db()
    assert upload.state == "ready", upload.problems
    uploads.upload_confirm(actor=actor, upload=upload)
    return upload


def run_both(*both: RosterUpload) -> list[str]:
    together(*(lambda key=str(upload.pk): uploads.run_import(key) for upload in both))
    for upload in both:
        upload.refresh_from_db()
    return sorted(upload.state for upload in both)


def test_the_same_roster_twice_at_once_is_written_once():
    data = workbook(two_battalions())
    assert sorted(together(lambda: load(data), lambda: load(data))) == [False, True]
    assert (people().count(), Unit.objects.unscoped("test").count()) == (4, 7)
    assert (Membership.objects.count(), Posting.objects.unscoped("test").count()) == (4, 2)
    assert Presence.objects.unscoped("test").count() == 4
    assert AuditEntry.objects.filter(action="roster.import").count() == 1
    assert tree_problems() == []
    assert verify_chain().ok


def test_clerks_of_two_battalions_do_not_stand_in_each_others_way(clerks: tuple[Actor, Actor]):
    crowds = [[person(100 * at + n, f"L-{letter}-1", "群众") for n in range(40)] for at, letter in ((1, "A"), (2, "B"))]
    both = [confirmed(actor, {"人员": crowd}) for actor, crowd in zip(clerks, crowds, strict=True)]
    assert run_both(*both) == ["done", "done"]
    assert people().count() == 4 + 80
    assert Presence.objects.unscoped("test").count() == 84
    assert verify_chain().ok


def test_the_same_newcomer_in_two_files_comes_once_and_the_loser_is_told(clerks: tuple[Actor, Actor]):
    line = person(15, "L-A-1", "群众")
    both = [confirmed(clerks[0], {"人员": [{**line, "职务": job}]}) for job in ("班长", "副班长")]
    assert run_both(*both) == ["done", "ready"]
    loser = next(upload for upload in both if upload.state == "ready")
    assert "有了变化" in loser.error
    assert people().filter(number="P0015").count() == 1


def test_two_files_never_send_one_person_to_two_places(clerks: tuple[Actor, Actor]):
    assert load(workbook({"人员": [person(15, "L-A-1", "群众")]}))
    trip = {"人员编号": "P0015", "事由": "休假", "地点名称": "乙驻训点", "预计结束日期": date(2026, 12, 31)}
    both = [confirmed(clerks[0], {"外出": [{**trip, "开始日期": date(2026, 11, day)}]}) for day in (2, 5)]
    assert run_both(*both) == ["done", "refused"]
    assert Posting.objects.unscoped("test").filter(person__number="P0015").count() == 1
    loser = next(upload for upload in both if upload.state == "refused")
    assert [one["kind"] for one in loser.problems] == ["posting_overlap_recorded"]


def test_a_posting_by_hand_between_look_and_write_is_noticed(
    clerks: tuple[Actor, Actor], monkeypatch: pytest.MonkeyPatch
):
    assert load(workbook({"人员": [person(15, "L-A-1", "群众")]}))
    trip = {"人员编号": "P0015", "事由": "休假", "地点名称": "乙驻训点", "开始日期": date(2026, 11, 2)}
    upload = confirmed(clerks[0], {"外出": [trip]})
    plan = importing.make_plan

    def rival(*args: Any) -> Any:
        """He comes in when the plan is made."""
        made = plan(*args)
        if not Posting.objects.unscoped("test").filter(person__number="P0015").exists():
            camp, leave = Site.objects.get(name="乙驻训点"), Purpose.objects.get(name="休假")
            key = people().get(number="P0015").pk
            posting_begin_group(actor=Actor.system("测试"), people=[key], site=camp, purpose=leave, since=TODAY)
        return made

    monkeypatch.setattr(importing, "make_plan", rival)
    uploads.run_import(str(upload.pk))
    upload.refresh_from_db()
    assert [one["kind"] for one in upload.problems] == ["posting_overlap_recorded"]
    (kept,) = Posting.objects.unscoped("test").filter(person__number="P0015")
    assert (kept.since, upload.state) == (TODAY, "refused")
