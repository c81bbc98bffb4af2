"""The proof finds every kind of tampering and names the first broken row."""

import tracemalloc

import pytest
from django.db import connection

from liaoyuan.foundation.audit.models import AuditEntry, AuditHead
from liaoyuan.foundation.audit.seals import row_mac
from liaoyuan.foundation.audit.services import chain_verify, record, verify, verify_chain
from liaoyuan.foundation.audit.tests.factories import actor, auditor, guard_down, rows
from liaoyuan.kernel.errors import NotPermitted

pytestmark = pytest.mark.django_db


def execute(sql: str, *params) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def test_an_empty_trail_is_whole():
    report = verify_chain()
    assert (report.ok, report.checked, report.first_broken) == (True, 0, None)


def test_a_whole_chain_is_proved_row_by_row(monkeypatch):
    monkeypatch.setattr(verify, "BATCH", 3)
    rows(10)
    seen = []
    report = verify_chain(on_progress=lambda done, of: seen.append((done, of)))
    assert (report.ok, report.checked, report.first_broken) == (True, 10, None)
    assert report.sentence == "审计链完好：10 条记录逐条核对无误，链头一致。"
    assert report.code == AuditHead.objects.get().mac[:16]
    assert seen == [(3, 10), (6, 10), (9, 10)]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor_name", "别人"),
        ("allowed", False),
        ("action", "units.view"),
        ("object_label", ""),
        ("reason", "补写的理由"),
        ("address", "10.9.9.9"),
        ("mac", "0" * 64),
        ("actor_id", None),
    ],
)
def test_a_changed_column_is_found(column, value):
    rows(6)
    with guard_down():
        AuditEntry.objects.filter(seq=4).update(**{column: value})
    report = verify_chain()
    assert (report.ok, report.kind, report.first_broken, report.checked) == (False, "changed", 4, 3)
    assert report.sentence == "第 4 条记录被改动过：内容与链值不符。"


def test_a_changed_detail_and_a_changed_time_are_found():
    rows(4)
    with guard_down():
        entry = AuditEntry.objects.get(seq=3)
        AuditEntry.objects.filter(seq=3).update(detail={"n": 33})
    assert verify_chain().first_broken == 3
    with guard_down():
        AuditEntry.objects.filter(seq=3).update(detail=entry.detail)
    assert verify_chain().ok
    with guard_down():
        AuditEntry.objects.filter(seq=2).update(at=entry.at.replace(year=2020))
    assert verify_chain().first_broken == 2


def test_the_first_of_several_broken_rows_is_named():
    rows(8)
    with guard_down():
        AuditEntry.objects.filter(seq__in=[3, 6]).update(reason="x")
        AuditEntry.objects.filter(seq=5).delete()
    assert verify_chain().first_broken == 3


def test_a_missing_row_is_named():
    rows(6)
    with guard_down():
        AuditEntry.objects.filter(seq__in=[2, 3]).delete()
    report = verify_chain()
    assert (report.kind, report.first_broken, report.checked) == ("missing", 2, 1)
    assert report.sentence == "第 2 条记录缺失（下一条现存的是第 4 条）。"


def test_the_first_row_missing_is_named():
    rows(3)
    with guard_down():
        AuditEntry.objects.filter(seq=1).delete()
    assert verify_chain().first_broken == 1


def test_a_row_inserted_before_the_first_is_named():
    rows(3)
    copy = AuditEntry.objects.get(seq=2)
    copy.seq = -5
    copy.save(force_insert=True)
    report = verify_chain()
    assert (report.kind, report.first_broken) == ("inserted", -5)


def test_a_row_inserted_past_the_head_is_named():
    rows(3)
    copy = AuditEntry.objects.get(seq=3)
    copy.seq = 4
    copy.mac = row_mac(AuditHead.objects.get().mac, copy)  # even by one who holds the key
    copy.save(force_insert=True)
    report = verify_chain()
    assert (report.kind, report.first_broken, report.checked) == ("inserted", 4, 3)
    assert report.sentence == "第 4 条是插入的：链头只到第 3 条。"


def test_a_row_put_in_the_place_of_another_is_named():
    rows(5)
    with guard_down():
        copy = AuditEntry.objects.get(seq=2)
        AuditEntry.objects.filter(seq=4).delete()
        copy.seq = 4
        copy.save(force_insert=True)
    assert (verify_chain().kind, verify_chain().first_broken) == ("changed", 4)


def test_two_rows_exchanged_are_found():
    rows(5)
    with guard_down():
        for old, new in ((2, 100), (3, 2), (100, 3)):
            AuditEntry.objects.filter(seq=old).update(seq=new)
    assert verify_chain().first_broken == 2


def test_a_truncated_tail_is_found():
    rows(6)
    with guard_down():
        AuditEntry.objects.filter(seq__gte=5).delete()
    report = verify_chain()
    assert (report.kind, report.first_broken, report.checked) == ("truncated", 5, 4)
    assert report.sentence == "从第 5 条起末尾被截断：链头记着共有 6 条。"


def test_a_truncated_tail_with_the_head_moved_back_is_found():
    rows(6)
    with guard_down():
        AuditEntry.objects.filter(seq__gte=5).delete()
        AuditHead.objects.update(seq=4, mac=AuditEntry.objects.get(seq=4).mac)
    report = verify_chain()
    assert (report.ok, report.kind, report.first_broken, report.checked) == (False, "head", 5, 4)


def test_everything_deleted_is_found():
    rows(3)
    with guard_down():
        AuditEntry.objects.all().delete()
    assert (verify_chain().kind, verify_chain().first_broken) == ("truncated", 1)


def test_a_deleted_head_is_found():
    rows(3)
    AuditHead.objects.all().delete()
    report = verify_chain()
    assert (report.ok, report.kind) == (False, "head")


@pytest.mark.parametrize("change", [{"mac": "f" * 64}, {"seal": "f" * 64}, {"seal": ""}, {"seq": 2}])
def test_a_tampered_head_is_found(change):
    rows(3)
    AuditHead.objects.update(**change)
    report = verify_chain()
    assert not report.ok
    assert "链头" in report.sentence


def test_a_database_put_back_to_an_older_state_is_found_by_a_code_noted_elsewhere():
    rows(3)
    old_head = AuditHead.objects.values().get()
    rows(2)
    noted = verify_chain()
    with guard_down():
        AuditEntry.objects.filter(seq__gt=3).delete()
        AuditHead.objects.update(**old_head)
    assert verify_chain().ok  # whole in itself
    report = verify_chain(known={5: noted.code})
    assert (report.ok, report.kind, report.first_broken) == (False, "anchor", 4)
    rows(2)  # written anew over the gap
    report = verify_chain(known={5: noted.code})
    assert (report.ok, report.kind, report.first_broken) == (False, "anchor", 5)


def test_another_key_proves_nothing(settings):
    rows(2)
    settings.KEYS = type("Keys", (), {"audit": b"another"})
    assert verify_chain().first_broken == 1


def test_memory_does_not_grow_with_the_chain(monkeypatch):
    monkeypatch.setattr(verify, "BATCH", 50)
    rows(150)
    verify_chain()

    def peak() -> int:
        tracemalloc.start()
        verify_chain()
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return top

    small = peak()
    rows(450)
    assert peak() < small * 1.5


def test_proving_is_recorded_with_its_result():
    rows(3)
    report = chain_verify(actor=auditor())
    assert report.ok
    row = AuditEntry.objects.latest("seq")
    assert (row.action, row.reason, row.detail["checked"], row.detail["ok"]) == (
        "audit.verify",
        "审计链完好：3 条记录逐条核对无误，链头一致。",
        3,
        True,
    )
    assert row.detail["code"] == report.code


def test_only_the_audit_administrator_proves():
    rows(1)
    with pytest.raises(NotPermitted):
        chain_verify(actor=actor("system.manage", "members.view_file"))
    assert AuditEntry.objects.count() == 1


def test_a_found_fault_is_logged_and_recorded(caplog):
    rows(3)
    with guard_down():
        AuditEntry.objects.filter(seq=2).update(reason="x")
    report = chain_verify(actor=auditor())
    assert not report.ok
    assert "第 2 条记录被改动过" in caplog.text
    assert AuditEntry.objects.latest("seq").detail["first_broken"] == 2
    record(actor(), "a.b")
    assert verify_chain().first_broken == 2
