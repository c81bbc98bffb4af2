"""Storing, fetching, deleting."""

import os
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth import get_user_model
from django.core.files.storage import InMemoryStorage, default_storage

from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.foundation.files import gates
from liaoyuan.foundation.files.models import StoredFile
from liaoyuan.foundation.files.rules import FileKind
from liaoyuan.foundation.files.services import (
    file_delete,
    file_fetch,
    file_store,
    file_store_bytes,
    files_expire,
)
from liaoyuan.foundation.files.tests.factories import GATE, PNG, actor, key, open_gate, upload, xlsx
from liaoyuan.kernel import clock
from liaoyuan.kernel.crypto import sm3
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import DomainError, NotInScope, NotPermitted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def gate(monkeypatch):
    monkeypatch.setattr(gates, "_gates", dict(gates._gates))
    open_gate({"甲"})


def store(data=None, name="名册.xlsx", **fields) -> StoredFile:
    fields = {"actor": actor(), "gate": GATE, "gate_key": key(), "allowed": {FileKind.XLSX}, **fields}
    return file_store(upload=upload(xlsx() if data is None else data, name), **fields)


def content(stored: StoredFile) -> bytes:
    with stored.blob.open() as file:
        return file.read()


def blobs() -> list[str]:
    folders, files = default_storage.listdir("") if default_storage.exists("") else ([], [])
    found = list(files)
    for folder in folders:
        for year in default_storage.listdir(folder)[0]:
            for month in default_storage.listdir(f"{folder}/{year}")[0]:
                found += default_storage.listdir(f"{folder}/{year}/{month}")[1]
    return found


def test_a_stored_file_keeps_its_name_kind_size_and_digest():
    user = get_user_model().objects.create(username="jia", display_name="甲", password="!")
    row = "6b0d"
    stored = store(name="..\\旅\u202e名册.XLSX", actor=actor(user_id=user.pk), gate_key=row)
    assert (stored.name, stored.content_type) == ("旅名册.xlsx", FileKind.XLSX.content_type)
    assert (stored.size, stored.sm3) == (len(xlsx()), sm3(xlsx()))
    assert (stored.gate, stored.gate_key, stored.uploaded_by) == (GATE, row, user)
    assert stored.blob.name == f"blobs/{clock.today():%Y/%m}/{stored.id}"
    assert content(stored) == xlsx()
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.object_id, entry.object_label) == ("files.store", str(stored.id), "旅名册.xlsx")
    assert entry.detail["sm3"] == stored.sm3


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "a.xlsx", "空的"),
        (PNG, "a.png", "这里只收Excel 工作簿（.xlsx），而“a.png”是PNG 图片。请换成所收的格式再上传。"),
        (PNG, "a.xlsx", "两者不符"),
        (xlsx(**{"xl/vbaProject.bin": b"x"}), "a.xlsx", "宏"),
        (b"x" * 2000, "a.xlsx", "两者不符"),
    ],
)
def test_a_refused_upload_leaves_nothing(data, name, words):
    with pytest.raises(DomainError) as refused:
        store(data, name, field="workbook")
    assert words in refused.value.message
    assert refused.value.field == "workbook"
    assert not StoredFile.objects.exists()
    assert not AuditEntry.objects.exists()
    assert blobs() == []


def test_no_file_at_all_is_a_sentence():
    with pytest.raises(DomainError, match="请选择"):
        file_store(actor=actor(), upload=None, gate=GATE, gate_key="1", allowed={FileKind.XLSX})


def test_the_limit_is_inclusive_and_never_above_the_instances(settings):
    data = xlsx()
    megabytes = len(data) / 1024 / 1024
    assert store(max_mb=megabytes).size == len(data)
    with pytest.raises(DomainError, match="上限"):
        store(max_mb=megabytes - 1e-7)
    settings.LIAOYUAN = settings.LIAOYUAN.model_copy(update={"upload_max_mb": 0})
    with pytest.raises(DomainError, match="上限"):
        store(max_mb=999)


def test_an_upload_cut_off_by_the_handler_is_refused():
    file = upload(xlsx())
    file.too_big = True
    with pytest.raises(DomainError, match="超过 64 MB 的上限"):
        file_store(actor=actor(), upload=file, gate=GATE, gate_key="1", allowed={FileKind.XLSX})


def test_nothing_is_stored_behind_a_gate_nobody_opens():
    with pytest.raises(ValueError, match="no gate"):
        store(gate="tests.unknown")
    assert blobs() == []


def test_a_blob_whose_row_was_rolled_back_is_removed():
    class Undone(Exception):
        pass

    def fail() -> None:
        with unit_of_work():
            store()
            raise Undone

    with pytest.raises(Undone):
        fail()
    assert not StoredFile.objects.exists()
    assert blobs() == []
    store()
    assert len(blobs()) == 1


def test_it_works_on_a_storage_without_a_folder(monkeypatch):
    storage = InMemoryStorage()
    monkeypatch.setattr(StoredFile._meta.get_field("blob"), "storage", storage)
    stored = store()
    assert storage.exists(stored.blob.name)
    assert content(file_fetch(actor=actor(), file_id=stored.id)) == xlsx()
    file_delete(actor=actor(), stored=stored)


def test_files_we_make_are_stored_by_their_extension():
    stored = file_store_bytes(actor=actor(), name="错误/标注.xlsx", data=b"PK", gate=GATE, gate_key="1")
    assert (stored.name, stored.content_type, stored.size) == ("标注.xlsx", FileKind.XLSX.content_type, 2)
    with pytest.raises(ValueError, match="extension"):
        file_store_bytes(actor=actor(), name="a.exe", data=b"x", gate=GATE, gate_key="1")


def test_the_gate_lets_in_refuses_and_hides():
    mine, hidden = store(), store(gate_key="hidden")
    assert file_fetch(actor=actor("甲"), file_id=mine.id) == mine
    with pytest.raises(NotPermitted, match="只有经办人"):
        file_fetch(actor=actor("乙"), file_id=mine.id)
    with pytest.raises(NotInScope):
        file_fetch(actor=actor("甲"), file_id=hidden.id)
    with pytest.raises(NotInScope):
        file_fetch(actor=actor("甲"), file_id=key())
    assert list(AuditEntry.objects.filter(action="files.download").values_list("object_id", flat=True)) == [
        str(mine.id)
    ]


def test_a_gate_that_was_taken_out_refuses():
    stored = store()
    gates._gates.pop(GATE)
    with pytest.raises(NotPermitted, match="已停用"):
        file_fetch(actor=actor(), file_id=stored.id)


def test_pictures_behind_an_unaudited_gate_leave_no_row():
    gates.register(GATE, gates._gates[GATE].decide, audited=False)
    stored = store(PNG, "a.png", allowed={FileKind.PNG})
    file_fetch(actor=actor(), file_id=stored.id)
    assert not AuditEntry.objects.filter(action="files.download").exists()


def test_deleting_removes_the_bytes_after_the_commit(django_capture_on_commit_callbacks):
    stored = store()
    with django_capture_on_commit_callbacks(execute=True):
        file_delete(actor=actor(), stored=stored, reason="不再需要")
        assert len(blobs()) == 1
    assert blobs() == []
    assert not StoredFile.objects.exists()
    entry = AuditEntry.objects.get(action="files.delete")
    assert (entry.reason, entry.object_label) == ("不再需要", "名册.xlsx")


def test_expired_files_cannot_be_fetched_and_go_at_night(django_capture_on_commit_callbacks):
    soon = clock.now() + timedelta(hours=1)
    kept, going = store(), store(expires_at=soon)
    assert file_fetch(actor=actor(), file_id=going.id) == going
    with clock.set_to(soon):
        with pytest.raises(NotInScope):
            file_fetch(actor=actor(), file_id=going.id)
        with django_capture_on_commit_callbacks(execute=True):
            assert files_expire(actor=actor()) == 1
    assert list(StoredFile.objects.all()) == [kept]
    assert blobs() == [str(kept.id)]


def test_a_file_another_row_still_holds_stays(monkeypatch, caplog):
    from django.db.models import ProtectedError

    stored = store(expires_at=clock.now() - timedelta(seconds=1))

    def held(self):
        raise ProtectedError("held", {self})

    monkeypatch.setattr(StoredFile, "delete", held)
    assert files_expire(actor=actor()) == 0
    assert StoredFile.objects.get() == stored
    assert "仍被引用" in caplog.text


def test_an_upload_is_never_read_whole():
    """The biggest piece read at once stays small, however big the file is."""
    data = xlsx(**{"xl/big.bin": os.urandom(2 * 1024 * 1024)})
    file = upload(data)
    pieces: list[int] = []
    inner = file.file

    class Watched(SimpleNamespace):
        def read(self, size=-1):
            data = inner.read(size)
            pieces.append(len(data))
            return data

        def __getattr__(self, name):
            return getattr(inner, name)

    file.file = Watched()
    stored = file_store(actor=actor(), upload=file, gate=GATE, gate_key="1", allowed={FileKind.XLSX})
    assert stored.size == len(data)
    assert len(data) > 1024 * 1024
    assert max(pieces) <= 256 * 1024
