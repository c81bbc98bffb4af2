"""Who sees an upload: whoever reaches all that its clerk reached, because its preview tells of all of them."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from liaoyuan.foundation.files.services import file_fetch
from liaoyuan.kernel.errors import NotInScope, NotPermitted
from liaoyuan.kernel.scoping import Actor, actor_for
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.roster.models import RosterUpload, UploadReach
from liaoyuan.organisation.roster.selectors import upload_of, uploads_of
from liaoyuan.organisation.roster.services import import_workbook, uploads
from liaoyuan.organisation.roster.tests.factories import person, two_battalions, unit, workbook
from liaoyuan.organisation.units.models import Unit
from liaoyuan.organisation.units.services import paths_rebuild, unit_move

pytestmark = pytest.mark.django_db
CLERKS = {"both": ("P0010", "AB"), "both_too": ("P0020", "AB"), "only_a": ("P0012", "A"), "only_b": ("P0022", "B")}


def actor_of(number: str) -> Actor:
    return actor_for(Person.objects.unscoped("test").get(number=number).user, via="web")


@pytest.fixture
def clerks() -> dict[str, Actor]:
    rows = two_battalions()
    rows["组织"] += [unit("L-C", "C营党委", "党委", "L"), unit("L-Z", "基地党委", "党委", "L")]
    rows["人员"] += [person(12, "L-A-1"), person(22, "L-B-1"), person(30, "L-A-1")]
    held = [(number, f"L-{letter}") for number, letters in CLERKS.values() for letter in letters] + [("P0030", "L")]
    for number, code in held:
        rows["任职"].append({"人员编号": number, "组织编码": code, "职务": "组织干事", "任职日期": date(2025, 1, 1)})
    assert import_workbook(workbook(rows), actor=Actor.system("测试"), label="x").written
    return {name: actor_of(number) for name, (number, _) in CLERKS.items()} | {"brigade": actor_of("P0030")}


def taken(actor: Actor) -> RosterUpload:
    """An upload that would change somebody of battalion B."""
    line = {**two_battalions()["人员"][2], "职务": "班长"}
    upload = uploads.upload_take(actor=actor, file=SimpleUploadedFile("名册.xlsx", workbook({"人员": [line]})))
    uploads.check_upload(str(upload.pk))
    upload.refresh_from_db()
    assert upload.state == "ready"
    return upload


def who_sees(clerks: dict[str, Actor], upload: RosterUpload) -> set[str]:
    seen = {name for name, actor in clerks.items() if upload in uploads_of(actor)}
    for name, actor in clerks.items():
        if name in seen:
            assert upload_of(actor, upload.pk) == upload
        else:
            with pytest.raises(NotInScope):
                upload_of(actor, upload.pk)
    return seen


def test_an_upload_is_seen_by_its_clerk_his_equal_and_those_above(clerks: dict[str, Actor]) -> None:
    assert len(clerks["both"].reach("roster.import")) == 2
    assert who_sees(clerks, taken(clerks["both"])) == {"both", "both_too", "brigade"}


def test_who_reaches_a_part_does_not_read_the_preview_of_the_rest(clerks: dict[str, Actor]) -> None:
    upload = taken(clerks["both"])
    user = Person.objects.unscoped("test").get(number="P0012").user
    user.must_change_password = user.must_use_totp = False
    user.save()
    client = Client()
    client.force_login(user, backend="liaoyuan.foundation.accounts.backends.AccountBackend")
    answer = client.get(reverse("roster:show", args=[upload.pk]))
    assert (answer.status_code, "班长" in answer.content.decode()) == (404, False)


def test_an_upload_of_one_battalion_is_seen_by_all_of_its_clerks(clerks: dict[str, Actor]) -> None:
    assert who_sees(clerks, taken(clerks["only_b"])) == {"only_b", "both", "both_too", "brigade"}


def test_an_equal_reads_but_neither_decides_nor_gets_the_file(clerks: dict[str, Actor]) -> None:
    """It holds ID numbers in clear, and the preview was worked out for another account."""
    upload = taken(clerks["both"])
    with pytest.raises(NotPermitted):
        uploads.upload_confirm(actor=clerks["both_too"], upload=upload)
    with pytest.raises(NotPermitted):
        file_fetch(actor=clerks["both_too"], file_id=upload.file_id)
    assert file_fetch(actor=clerks["both"], file_id=upload.file_id).pk == upload.file_id


def test_an_upload_of_everything_is_not_for_who_reaches_a_part(clerks: dict[str, Actor]) -> None:
    upload = taken(clerks["brigade"])
    assert who_sees(clerks, upload) == {"brigade"}


def test_who_reaches_everything_sees_every_upload(clerks: dict[str, Actor]) -> None:
    upload = taken(clerks["both"])
    assert list(uploads_of(Actor.system("测试"))) == [upload]


def test_an_upload_follows_its_units_when_they_move(clerks: dict[str, Actor]) -> None:
    upload, of_b = taken(clerks["both"]), taken(clerks["only_b"])
    rows = Unit.objects.unscoped("test")
    unit_move(actor=Actor.system("测试"), unit=rows.get(code="L-B"), to_parent=rows.get(code="L-Z"), reason="调整")
    again = {name: actor_of(number) for name, (number, _) in CLERKS.items()} | {"brigade": actor_of("P0030")}
    assert who_sees(again, upload) == {"both", "both_too", "brigade"}
    assert who_sees(again, of_b) == {"only_b", "both", "both_too", "brigade"}


def test_an_upload_finds_its_units_again_after_a_rebuild(clerks: dict[str, Actor]) -> None:
    upload = taken(clerks["both"])
    right = sorted(UploadReach.objects.filter(upload=upload).values_list("path", flat=True))
    UploadReach.objects.filter(upload=upload).update(path="0ZZZ")
    RosterUpload.objects.unscoped("test").filter(pk=upload.pk).update(path="0ZZZ")
    paths_rebuild()
    assert sorted(UploadReach.objects.filter(upload=upload).values_list("path", flat=True)) == right
    assert who_sees(clerks, upload) == {"both", "both_too", "brigade"}
