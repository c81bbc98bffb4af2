"""The way of an upload: checked, previewed, confirmed; discarded, interrupted, tried again."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from openpyxl import load_workbook

from liaoyuan.foundation.files.models import StoredFile
from liaoyuan.foundation.files.services import file_fetch
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import Conflict, DomainError, NotInScope, NotPermitted
from liaoyuan.kernel.scoping import Actor, actor_for
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.roster import progress
from liaoyuan.organisation.roster.models import RosterUpload, UploadState
from liaoyuan.organisation.roster.services import import_workbook, uploads
from liaoyuan.organisation.roster.tests.factories import person, two_battalions, workbook
from liaoyuan.organisation.units.models import Unit

pytestmark = pytest.mark.django_db


def actor_of(number: str) -> Actor:
    return actor_for(Person.objects.unscoped("test").get(number=number).user, via="web")


@pytest.fixture
def clerks() -> tuple[Actor, Actor]:
    """The organisation clerks of the battalions A and B."""
    rows = two_battalions()
    for index, letter in enumerate("AB"):
        number = f"P{10 * (index + 1):04d}"
        rows["任职"].append(
            {"人员编号": number, "组织编码": f"L-{letter}", "职务": "组织干事", "任职日期": "2025-01-01"}
        )
    assert import_workbook(workbook(rows), actor=Actor.system("测试"), label="x").written
    return actor_of("P0010"), actor_of("P0020")


def take(actor: Actor, data: bytes, name: str = "名册.xlsx") -> RosterUpload:
    return uploads.upload_take(actor=actor, file=_file(data, name))


def _file(data: bytes, name: str) -> Any:
    return SimpleUploadedFile(name, data)


def checked(actor: Actor, data: bytes) -> RosterUpload:
    upload = take(actor, data)
    uploads.check_upload(str(upload.pk))
    upload.refresh_from_db()
    return upload


def newcomer(number: int = 15, branch: str = "L-A-1", **more: Any) -> bytes:
    return workbook({"人员": [person(number, branch, "群众", **more)]})


def test_an_upload_is_checked_previewed_confirmed_and_written(clerks: tuple[Actor, Actor]) -> None:
    upload = checked(clerks[0], newcomer())
    assert upload.state == UploadState.READY
    section = next(part for part in upload.changes["sections"] if part["key"] == "people")
    assert (section["created"], section["changed"], section["absent"]) == (1, 0, 2)
    assert not Person.objects.unscoped("test").filter(number="P0015").exists()
    uploads.upload_confirm(actor=clerks[0], upload=upload)
    uploads.run_import(str(upload.pk))
    upload.refresh_from_db()
    assert (upload.state, upload.progress) == (UploadState.DONE, 100)
    assert Person.objects.unscoped("test").get(number="P0015").unit.code == "L-A-1"


def test_the_preview_shows_old_and_new_with_secrets_masked(clerks: tuple[Actor, Actor]) -> None:
    line = {**two_battalions()["人员"][1], "职务": "班长", "联系电话": "19912345678"}
    upload = checked(clerks[0], workbook({"人员": [line]}))
    item = next(part for part in upload.changes["sections"] if part["key"] == "people")["changed_items"][0]
    assert item["fields"] == [["职务", "排长", "班长"], ["联系电话", "（空）", "199******78"]]
    assert "19912345678" not in json.dumps(upload.changes)


def test_a_file_with_errors_is_refused_with_a_marked_copy(clerks: tuple[Actor, Actor]) -> None:
    upload = checked(clerks[0], newcomer(民族="火星族"))
    assert upload.state == UploadState.REFUSED
    assert [(one["row"], one["column"], one["kind"]) for one in upload.problems] == [(2, "民族", "ethnicity_unknown")]
    stored = file_fetch(actor=clerks[0], file_id=upload.marked_id)
    with stored.blob.open("rb") as content:
        book = load_workbook(io.BytesIO(content.read()))
    assert book.sheetnames == ["问题清单", "人员"]
    cell = book["人员"]["D2"]
    assert cell.value == "火星族"
    assert "火星族" in cell.comment.text
    assert cell.fill.fgColor.rgb.endswith("F4B6B6")
    with pytest.raises(Conflict):
        uploads.upload_confirm(actor=clerks[0], upload=upload)


def test_what_is_no_workbook_is_not_even_stored(clerks: tuple[Actor, Actor]) -> None:
    before = StoredFile.objects.count()
    with pytest.raises(DomainError) as caught:
        take(clerks[0], b"hello")
    assert caught.value.field == "file"
    assert (StoredFile.objects.count(), RosterUpload.objects.unscoped("test").count()) == (before, 0)


def test_an_upload_is_confirmed_once(clerks: tuple[Actor, Actor]) -> None:
    upload = checked(clerks[0], newcomer())
    uploads.upload_confirm(actor=clerks[0], upload=upload)
    with pytest.raises(Conflict):
        uploads.upload_confirm(actor=clerks[0], upload=upload)
    uploads.run_import(str(upload.pk))
    uploads.run_import(str(upload.pk))
    assert Person.objects.unscoped("test").filter(number="P0015").count() == 1


def test_the_neighbour_s_clerk_neither_sees_nor_decides(clerks: tuple[Actor, Actor]) -> None:
    mine, theirs = clerks
    upload = checked(mine, newcomer())
    from liaoyuan.organisation.roster.selectors import upload_of, uploads_of

    assert list(uploads_of(theirs)) == []
    with pytest.raises(NotInScope):
        upload_of(theirs, upload.pk)
    with pytest.raises(NotInScope):
        file_fetch(actor=theirs, file_id=upload.file_id)
    for verb in (uploads.upload_confirm, uploads.upload_discard):
        with pytest.raises(NotPermitted):
            verb(actor=theirs, upload=upload)
    upload.refresh_from_db()
    assert upload.state == UploadState.READY


def test_a_change_since_the_preview_sends_back_to_the_preview(clerks: tuple[Actor, Actor]) -> None:
    upload = checked(clerks[0], newcomer())
    uploads.upload_confirm(actor=clerks[0], upload=upload)
    import_workbook(newcomer(职务="班长"), actor=Actor.system("测试"), label="meanwhile")
    uploads.run_import(str(upload.pk))
    upload.refresh_from_db()
    assert upload.state == UploadState.READY
    assert "有了变化" in upload.error
    assert Person.objects.unscoped("test").get(number="P0015").position == "班长"


def edited(number: str, **values: str) -> None:
    """What somebody changed by hand."""
    people = Person.objects.unscoped("test").filter(number=number)
    assert people.update(updated_at=clock.now(), **values) == 1


def test_an_edit_by_hand_after_the_preview_is_not_written_over_but_shown(clerks: tuple[Actor, Actor]) -> None:
    import_workbook(newcomer(职务="战士"), actor=Actor.system("测试"), label="before")
    upload = checked(clerks[0], newcomer(职务="班长"))
    uploads.upload_confirm(actor=clerks[0], upload=upload)
    edited("P0015", position="文书")
    uploads.run_import(str(upload.pk))
    upload.refresh_from_db()
    assert (upload.state, "有了变化" in upload.error) == (UploadState.READY, True)
    assert Person.objects.unscoped("test").get(number="P0015").position == "文书"
    assert "文书" in json.dumps(upload.changes, ensure_ascii=False)  # the new preview says what it would replace
    uploads.upload_confirm(actor=clerks[0], upload=upload)
    uploads.run_import(str(upload.pk))
    assert Person.objects.unscoped("test").get(number="P0015").position == "班长"  # now the clerk has seen it


@pytest.mark.parametrize("what", ["person", "unit"])
def test_an_edit_by_hand_at_the_same_moment_is_not_written_over(
    clerks: tuple[Actor, Actor], monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """Between the last look at the platform and the writing."""
    import_workbook(newcomer(职务="战士"), actor=Actor.system("测试"), label="before")
    upload = checked(clerks[0], newcomer(职务="班长") if what == "person" else _rehoused())
    assert upload.state == UploadState.READY
    uploads.upload_confirm(actor=clerks[0], upload=upload)
    real, looks = uploads.look_at, []

    def look_then_edit(*args: Any, **kwargs: Any) -> Any:
        outcome = real(*args, **kwargs)
        looks.append(outcome)
        if len(looks) == 1:
            edited("P0015", position="文书")
            Unit.objects.unscoped("test").filter(code="L-A-1").update(host_body="一连（手工）")
        return outcome

    monkeypatch.setattr(uploads, "look_at", look_then_edit)
    uploads.run_import(str(upload.pk))
    upload.refresh_from_db()
    assert (len(looks), upload.state) == (2, UploadState.READY)
    assert Person.objects.unscoped("test").get(number="P0015").position == "文书"
    assert Unit.objects.unscoped("test").get(code="L-A-1").host_body == "一连（手工）"


def _rehoused() -> bytes:
    unit = next(row for row in two_battalions()["组织"] if row["组织编码"] == "L-A-1")
    return workbook({"组织": [{**unit, "所在单位": "一连（名册）"}]})


def test_discarding_deletes_the_files_and_keeps_the_line(clerks: tuple[Actor, Actor]) -> None:
    upload = checked(clerks[0], newcomer())
    blob = upload.file.blob
    uploads.upload_discard(actor=clerks[0], upload=upload)
    upload.refresh_from_db()
    assert (upload.state, upload.file_id, upload.changes) == (UploadState.DISCARDED, None, {})
    assert upload.name == "名册.xlsx"
    assert blob is not None


def test_a_defect_in_the_middle_leaves_nothing_and_says_so(
    clerks: tuple[Actor, Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = checked(clerks[0], newcomer())
    uploads.upload_confirm(actor=clerks[0], upload=upload)

    def break_down(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr("liaoyuan.organisation.roster.services.apply.presence_insert", break_down)
    with pytest.raises(RuntimeError):
        uploads.run_import(str(upload.pk))
    upload.refresh_from_db()
    assert upload.state == UploadState.FAILED
    assert "没有写入任何数据" in upload.error
    assert not Person.objects.unscoped("test").filter(number="P0015").exists()


def test_a_silent_worker_is_found_out_and_the_upload_tried_again(clerks: tuple[Actor, Actor]) -> None:
    upload = checked(clerks[0], newcomer())
    uploads.upload_confirm(actor=clerks[0], upload=upload)
    upload.beat_at = clock.now() - progress.SILENCE - timedelta(seconds=1)
    upload.save(update_fields=["beat_at"])
    uploads.upload_recover(upload)
    upload.refresh_from_db()
    assert (upload.state, "没有写入" in upload.error) == (UploadState.FAILED, True)
    uploads.run_import(str(upload.pk))  # the late worker finds the door closed
    assert not Person.objects.unscoped("test").filter(number="P0015").exists()
    uploads.upload_retry(actor=clerks[0], upload=upload)
    uploads.check_upload(str(upload.pk))
    upload.refresh_from_db()
    assert upload.state == UploadState.READY


def test_a_waiting_or_living_worker_is_left_in_peace(clerks: tuple[Actor, Actor]) -> None:
    upload = take(clerks[0], newcomer())
    assert uploads.upload_recover(upload).state == UploadState.CHECKING
    upload.beat_at = clock.now()
    assert uploads.upload_recover(upload).state == UploadState.CHECKING


_IMPORT = """
import django, os, sys, time
django.setup()
from liaoyuan.kernel import clock
from datetime import date
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.roster.services import apply, import_workbook
last = apply.presence_insert
def slow(*args, **kwargs):
    print("in the middle", flush=True)
    time.sleep(60)
    return last(*args, **kwargs)
apply.presence_insert = slow
with clock.set_to(date(2026, 11, 22)):
    import_workbook(open(sys.argv[1], "rb").read(), actor=Actor.system("测试"), label="x")
"""


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_leaves_nothing_behind(tmp_path: Path) -> None:
    """A real process, killed with SIGKILL after people, posts and postings were written and before the commit."""
    file = tmp_path / "roster.xlsx"
    file.write_bytes(workbook(two_battalions()))
    home = tmp_path / "home"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "liaoyuan.config.settings", "LIAOYUAN_HOME": str(home)}
    if connection.vendor == "postgresql":
        database = connection.settings_dict
        environment["DATABASE_URL"] = (
            f"postgresql://{database['USER']}:{database['PASSWORD']}"
            f"@{database['HOST']}:{database['PORT'] or 5432}/{database['NAME']}"
        )
    else:
        environment.pop("DATABASE_URL", None)
        migrate = [sys.executable, "-m", "django", "migrate", "-v0"]
        subprocess.run(migrate, env=environment, check=True)  # noqa: S603  our own interpreter
    with subprocess.Popen(  # noqa: S603  our own interpreter
        [sys.executable, "-c", _IMPORT, str(file)], env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "in the middle\n"
        process.send_signal(signal.SIGKILL)
    if connection.vendor == "postgresql":
        deadline = time.monotonic() + 10
        while Person.objects.unscoped("test").exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        assert not Person.objects.unscoped("test").exists()
        return
    count = "import django; django.setup(); from liaoyuan.organisation.members.models import Person, Membership; " \
        "from liaoyuan.organisation.units.models import Unit; " \
        "print(Person.objects.count(), Membership.objects.count(), Unit.objects.count())"  # fmt: skip
    told = subprocess.run(  # noqa: S603  our own interpreter
        [sys.executable, "-c", count], env=environment, check=True, capture_output=True, text=True
    )
    assert told.stdout == "0 0 0\n"


def test_progress_is_told_outside_the_transaction_and_forgotten_at_the_end() -> None:
    upload = RosterUpload.objects.create(name="x.xlsx", state=UploadState.IMPORTING)
    if connection.vendor == "postgresql":
        with progress.Reporter(upload.pk).running() as reporter:
            reporter.say(40, "写入人员")
        return
    path = Path(settings.LIAOYUAN.home) / "run" / "roster" / f"{upload.pk}.json"
    with progress.Reporter(upload.pk).running() as reporter:
        reporter.say(40, "写入人员")
        deadline = time.monotonic() + 10
        while not path.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        assert progress.told(upload)[2] is not None
        assert not progress.silent(upload)
    assert not path.exists()


def test_a_big_file_is_marked_without_its_layout(clerks: tuple[Actor, Actor], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("liaoyuan.organisation.roster.marking.WHOLE_LAYOUT_CELLS", 3)
    upload = checked(clerks[0], newcomer(民族="火星族", 职务="=1+1"))
    with upload.marked.blob.open("rb") as content:
        book = load_workbook(io.BytesIO(content.read()))
    assert "火星族" in book["人员"]["D2"].comment.text
    assert (book["人员"]["K2"].value, book["人员"]["K2"].data_type) in {("=1+1", "s"), (None, "n")}
