"""What is written, when, and what survives."""

import math
from contextlib import contextmanager, suppress

import pytest
from django.db import connection, transaction

from liaoyuan.foundation.audit.models import AuditEntry, AuditHead
from liaoyuan.foundation.audit.services import read, record, record_many, record_refusal, verify_chain
from liaoyuan.foundation.audit.tests.factories import actor, person
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.ids import new_id

pytestmark = pytest.mark.django_db
# Read the head, insert, move the head; the test's savepoint and its release around them. On PostgreSQL the foreign keys
# are checked in the journey that locks the chain, and the last two go in one.
QUERIES = 4 if connection.vendor == "postgresql" else 5


class UndoneError(Exception):
    pass


@contextmanager
def undone(block=unit_of_work):
    """A unit (or a plain savepoint) that fails at its end."""
    with suppress(UndoneError), block():
        yield
        raise UndoneError


def labels() -> list[str]:
    return list(AuditEntry.objects.order_by("seq").values_list("object_label", flat=True))


def test_a_row_says_who_when_from_where_what_and_why():
    who, about = actor(name="李干事"), new_id()
    record(
        who,
        "members.reveal",
        object_type="members.person",
        object_id=about,
        object_label="王大力",
        subject_id=about,
        reason="核对花名册",
        detail={"field": "phone"},
    )
    row = AuditEntry.objects.get()
    assert (row.seq, row.actor_id, row.actor_name, row.address, row.via) == (
        1,
        who.user_id,
        "李干事",
        "10.0.0.7",
        "web",
    )
    assert (row.action, row.allowed, row.reason) == ("members.reveal", True, "核对花名册")
    assert (row.object_type, row.object_id, row.object_label) == ("members.person", str(about), "王大力")
    assert (row.subject_id, row.detail) == (about, {"field": "phone"})


def test_rows_of_a_unit_are_written_at_its_end_in_order():
    with unit_of_work():
        record(actor(), "a.b", object_label="一")
        record(actor(), "a.b", object_label="二")
        assert labels() == []
    assert labels() == ["一", "二"]
    assert verify_chain().ok


def test_outside_of_a_unit_a_row_is_written_at_once():
    record(actor(), "a.b", object_label="一")
    assert labels() == ["一"]


def test_a_unit_that_fails_leaves_no_row():
    with undone():
        record(actor(), "a.b", object_label="一")
    assert labels() == []
    record(actor(), "a.b", object_label="二")
    assert labels() == ["二"]
    assert AuditHead.objects.get().seq == 1


def test_an_inner_unit_that_was_rolled_back_takes_its_rows_with_it():
    with unit_of_work():
        record(actor(), "a.b", object_label="外前")
        with undone():
            record(actor(), "a.b", object_label="内")
        with unit_of_work():
            record(actor(), "a.b", object_label="内二")
        record(actor(), "a.b", object_label="外后")
    assert labels() == ["外前", "内二", "外后"]
    assert verify_chain().ok


def test_a_plain_savepoint_that_was_rolled_back_takes_its_rows_with_it():
    with unit_of_work():
        record(actor(), "a.b", object_label="外")
        with undone(transaction.atomic):
            record(actor(), "a.b", object_label="内")
    assert labels() == ["外"]


def test_a_refusal_survives_the_rollback_of_its_unit():
    who, about = actor(), new_id()
    with undone():
        record(who, "members.view_file", object_label="写了又撤", subject_id=about)
        with undone():
            record_refusal(who, "members.view_file", reason="没有权限", object_label="内", subject_id=about)
        record_refusal(who, "members.view_file", reason="没有权限", object_label="外", subject_id=about)
    assert labels() == ["内", "外"]
    assert list(AuditEntry.objects.values_list("allowed", flat=True)) == [False, False]
    assert verify_chain().ok


def test_a_refusal_in_a_unit_that_commits_comes_after_its_rows():
    with unit_of_work():
        record_refusal(actor(), "a.b", reason="不行", object_label="拒")
        record(actor(), "a.b", object_label="许")
    assert labels() == ["许", "拒"]


def test_read_records_the_person_as_object_and_subject():
    who, whom = actor(), person("王大力")
    read(who, "members.view_file", whom, reason="谈话前了解情况", tab="timeline")
    row = AuditEntry.objects.get()
    assert (row.subject_id, row.object_id, row.object_label) == (whom.id, str(whom.id), "王大力")
    assert (row.reason, row.detail) == ("谈话前了解情况", {"tab": "timeline"})


def test_many_look_ups_cost_one_lock(django_assert_num_queries):
    record(actor(), "a.b")  # the head exists
    crowd = [person(f"第{number}人") for number in range(30)]
    with django_assert_num_queries(QUERIES), unit_of_work():
        record_many(actor(), "insights.open_crowd", crowd[:29])
        record_many(actor(), "insights.open_crowd", [(crowd[29].id, crowd[29].name)])
    assert AuditEntry.objects.filter(action="insights.open_crowd").count() == 30
    assert AuditEntry.objects.filter(subject_id=crowd[29].id).get().object_label == "第29人"
    assert verify_chain().ok


def test_one_row_costs_little(django_assert_num_queries):
    record(actor(), "a.b")
    with django_assert_num_queries(QUERIES), unit_of_work():
        record(actor(), "a.b")


def test_texts_are_cut_and_cleaned_instead_of_failing():
    record(
        actor(name="名" * 200, via="x" * 40),
        "a" * 100,
        object_id="i" * 100,
        object_label="标\x00签" + "长" * 300,
        reason="由" * 999,
        detail={"n\x00": math.nan, "text": "\ud800"},
    )
    row = AuditEntry.objects.get()
    assert [len(value) for value in (row.actor_name, row.via, row.action, row.object_id, row.reason)] == [
        80,
        16,
        64,
        64,
        300,
    ]
    assert row.object_label.startswith("标签长")
    assert row.detail == {"n": "nan", "text": "?"}
    assert verify_chain().ok
