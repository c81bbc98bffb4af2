from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liaoyuan.foundation.accounts.tests.factories import UserFactory
from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.foundation.inbox.models import Item
from liaoyuan.foundation.inbox.selectors import items as items_selectors
from liaoyuan.foundation.inbox.selectors.items import counts, own_items, pressing_items, unread_count
from liaoyuan.foundation.inbox.services import (
    NewItem,
    hints,
    item_done,
    item_read,
    item_snooze,
    items,
    items_close,
    items_put,
    items_read_all,
    items_reopen,
)
from liaoyuan.foundation.inbox.tests.factories import SYSTEM, actor, new, pair, put
from liaoyuan.kernel import clock
from liaoyuan.kernel.clock import now
from liaoyuan.kernel.errors import Conflict, DomainError, NotInScope
from liaoyuan.kernel.ids import new_id
from liaoyuan.kernel.scoping import Actor

pytestmark = pytest.mark.django_db


def titles(who: Actor) -> list[str]:
    return [row.title for row in own_items(who)]


def test_the_same_put_twice_is_one_row_and_counts_as_new_once():
    one, other = pair()
    assert put(new(one), new(one), new(other)) == 2
    assert put(new(one), new(other)) == 0
    assert Item.objects.count() == 2
    assert put(new(one, key="case:2")) == 1


def test_nothing_to_put_writes_nothing(django_assert_num_queries: Any):
    with django_assert_num_queries(0):
        assert items_put(actor=SYSTEM, items=[]) == 0


def test_an_account_that_does_not_exist_is_left_out():
    one, _other = pair()
    assert put(new(one), NewItem(user_id=new_id(), key="case:1", title="谁")) == 1


def test_an_open_row_takes_over_new_words_and_stays_read():
    one, _other = pair()
    put(new(one, level="soon", due_on=date(2026, 11, 30)))
    item = Item.objects.get()
    item_read(actor=actor(one), item_id=item.pk)
    assert put(new(one, title="与李四谈话（已改期）", level="soon", due_on=date(2026, 12, 2))) == 0
    item.refresh_from_db()
    assert (item.title, item.due_on, item.read_at is not None) == ("与李四谈话（已改期）", date(2026, 12, 2), True)


def test_what_became_more_pressing_is_unread_again_and_no_longer_put_off():
    one, _other = pair()
    put(new(one, level="soon"))
    item = Item.objects.get()
    item_snooze(actor=actor(one), item_id=item.pk, until=date(2026, 11, 30), reason="等他归队")
    assert unread_count(one.pk) == 0
    put(new(one, level="late"))
    item.refresh_from_db()
    assert (item.severity, item.read_at, item.snoozed_until) == (3, None, None)
    assert unread_count(one.pk) == 1
    put(new(one, level="info"))  # less pressing: told of silently
    item.refresh_from_db()
    assert item.severity == 1


def test_what_is_done_stays_done_when_it_is_put_again():
    one, _other = pair()
    put(new(one))
    items_close(actor=SYSTEM, keys=["case:1"])
    assert put(new(one, level="late", title="又来")) == 0
    assert Item.objects.get().done_at is not None
    assert Item.objects.get().title == "与李四谈话"


def test_closing_takes_it_from_everybody_who_had_it_and_from_nobody_else():
    one, other = pair()
    put(new(one), new(other), new(other, key="case:2", title="另一件"))
    assert items_close(actor=SYSTEM, keys=["case:1", "case:1", "unknown"]) == 2
    assert items_close(actor=SYSTEM, keys=["case:1"]) == 0
    assert [row.key for row in Item.objects.filter(done_at=None)] == ["case:2"]


def test_closing_for_one_leaves_the_others():
    one, other = pair()
    put(new(one), new(other))
    assert items_close(actor=SYSTEM, keys=["case:1"], user_ids=[one.pk]) == 1
    assert Item.objects.get(done_at=None).user_id == other.pk


def test_reopened_items_stand_open_and_unread_again():
    one, _other = pair()
    put(new(one))
    item_read(actor=actor(one), item_id=Item.objects.get().pk)
    items_close(actor=SYSTEM, keys=["case:1"])
    assert items_reopen(actor=SYSTEM, keys=["case:1"]) == 1
    assert items_reopen(actor=SYSTEM, keys=["case:1"]) == 0
    assert unread_count(one.pk) == 1


def test_one_key_in_very_many_inboxes_is_reopened_piece_by_piece(monkeypatch: pytest.MonkeyPatch):
    """SQLite takes only so many values in one statement."""
    monkeypatch.setattr(items, "_AT_ONCE", 3)
    put(*(new(user, key="all") for user in UserFactory.create_batch(8)))
    items_close(actor=SYSTEM, keys=["all"])
    with CaptureQueriesContext(connection) as asked:
        assert items_reopen(actor=SYSTEM, keys=["all"]) == 8
    assert sum(query["sql"].startswith("UPDATE") for query in asked.captured_queries) == 3


def test_titles_and_texts_are_stored_on_both_databases_whatever_they_hold():
    one, _other = pair()
    put(new(one, title="一\x00行\n标题" + "长" * 300, body="文\x00字\ud800", sender="甲" * 200))
    item = Item.objects.get()
    assert (item.title[:6], len(item.title), item.body, len(item.sender)) == ("一 行 标题", 200, "文字?", 80)


def test_many_cost_as_many_queries_as_few(django_assert_max_num_queries: Any):
    few, many = UserFactory.create_batch(2), UserFactory.create_batch(400)
    with CaptureQueriesContext(connection) as little:
        items_put(actor=SYSTEM, items=[new(user, key="a") for user in few])
    with CaptureQueriesContext(connection) as much:
        assert items_put(actor=SYSTEM, items=[new(user, key="b") for user in many]) == 400
    assert len(little) <= 8
    inserts = sum("INSERT" in query["sql"] for query in much)  # SQLite takes fewer rows in a statement
    assert len(much) - inserts <= len(little)
    with django_assert_max_num_queries(8):
        items_close(actor=SYSTEM, keys=["b"])


def test_reading_is_one_s_own_business():
    one, other = pair()
    put(new(one))
    key = Item.objects.get().pk
    for who in (actor(other), Actor.nobody(), SYSTEM):
        with pytest.raises(NotInScope):
            item_read(actor=who, item_id=key)
        with pytest.raises(NotInScope):
            item_done(actor=who, item_id=key)
        with pytest.raises(NotInScope):
            item_snooze(actor=who, item_id=key, until=date(2026, 11, 30), reason="不该")
    item = Item.objects.get()
    assert (item.read_at, item.done_at, item.snoozed_until) == (None, None, None)
    assert titles(actor(other)) == []


def test_done_and_read_twice_keep_the_first_time(at: Any):
    one, _other = pair()
    put(new(one))
    key = Item.objects.get().pk
    first = item_done(actor=actor(one), item_id=key).done_at
    with at(11, 24):
        assert item_done(actor=actor(one), item_id=key).done_at == first
        assert item_read(actor=actor(one), item_id=key).read_at == first


def test_a_message_is_not_done_and_a_fact_s_todo_is_not_ticked():
    one, _other = pair()
    put(new(one, key="m", kind="message"), new(one, key="f", by_fact=True))
    for row in Item.objects.all():
        with pytest.raises(DomainError, match=r"消息|自动办结"):
            item_done(actor=actor(one), item_id=row.pk)
    assert not Item.objects.exclude(done_at=None).exists()


@pytest.mark.parametrize(
    ("until", "reason", "field"),
    [
        (date(2026, 11, 23), "等他归队", "until"),
        (date(2026, 11, 1), "等他归队", "until"),
        (date(2026, 12, 24), "等他归队", "until"),
        (date(2026, 11, 30), " \n", "reason"),
        (date(2026, 11, 30), "x", "reason"),
    ],
)
def test_a_snooze_needs_a_day_ahead_and_a_reason(until, reason, field):
    one, _other = pair()
    put(new(one))
    with pytest.raises(DomainError) as refused:
        item_snooze(actor=actor(one), item_id=Item.objects.get().pk, until=until, reason=reason)
    assert refused.value.field == field
    assert Item.objects.get().snoozed_until is None
    assert not AuditEntry.objects.exists()


def test_a_snoozed_todo_is_gone_until_its_day_and_the_trail_knows_why(at: Any):
    one, _other = pair()
    put(new(one))
    item_snooze(actor=actor(one), item_id=Item.objects.get().pk, until=date(2026, 11, 30), reason="等他归队")
    assert (counts(actor(one)).open, counts(actor(one)).snoozed) == (0, 1)
    assert pressing_items(actor(one)) == []
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.reason, entry.detail["until"]) == ("inbox.snooze", "等他归队", "2026-11-30")
    with at(11, 29, 23):
        assert counts(actor(one)).open == 0
    with at(11, 30, 0, 1):
        assert (counts(actor(one)).open, counts(actor(one)).snoozed) == (1, 0)


def test_what_is_done_or_a_message_is_not_put_off():
    one, _other = pair()
    put(new(one), new(one, key="m", kind="message"))
    done, message = Item.objects.get(key="case:1"), Item.objects.get(key="m")
    item_done(actor=actor(one), item_id=done.pk)
    with pytest.raises(Conflict):
        item_snooze(actor=actor(one), item_id=done.pk, until=date(2026, 11, 30), reason="等他归队")
    with pytest.raises(DomainError):
        item_snooze(actor=actor(one), item_id=message.pk, until=date(2026, 11, 30), reason="等他归队")


def test_reading_all_leaves_what_must_be_read_one_by_one():
    one, other = pair()
    put(new(one), new(one, key="m", kind="message"), new(one, key="must", kind="message", must_read=True), new(other))
    assert items_read_all(actor=actor(one)) == 2
    assert [row.key for row in Item.objects.filter(user=one, read_at=None)] == ["must"]
    assert unread_count(other.pk) == 1
    assert items_read_all(actor=SYSTEM) == 0


def test_the_list_has_the_worst_first():
    one, _other = pair()
    put(
        new(one, key="1", title="一般", level="info", due_on=date(2026, 11, 24)),
        new(one, key="2", title="近期无期限", level="soon"),
        new(one, key="3", title="近期有期限", level="soon", due_on=date(2026, 12, 1)),
        new(one, key="4", title="逾期早", level="late", due_on=date(2026, 11, 1)),
        new(one, key="5", title="逾期晚", level="late", due_on=date(2026, 11, 20)),
        new(one, key="6", title="必读", kind="message", must_read=True),
    )
    assert titles(actor(one)) == ["逾期早", "逾期晚", "必读", "近期有期限", "近期无期限", "一般"]
    assert [row.title for row in pressing_items(actor(one))][:3] == ["逾期早", "逾期晚", "必读"]


def test_counts_and_badge_cost_one_query_each(django_assert_num_queries: Any):
    one, _other = pair()
    put(*(new(one, key=str(number), kind="message" if number % 2 else "todo") for number in range(9)))
    who = actor(one)
    with django_assert_num_queries(1):
        found = counts(who)
    assert (found.open, found.unread, found.todo, found.message) == (9, 9, 5, 4)
    with django_assert_num_queries(1):
        assert unread_count(one.pk) == 9
    with django_assert_num_queries(0):
        assert unread_count(None) == 0


def test_the_badge_counts_what_is_unread_and_awake():
    one, _other = pair()
    put(*(new(one, key=str(number)) for number in range(5)))
    rows = list(Item.objects.filter(user=one).order_by("key"))
    yesterday, today, tomorrow = (clock.today() + timedelta(days=days) for days in (-1, 0, 1))
    for row, change in zip(
        rows,
        [
            {"snoozed_until": yesterday}, {"snoozed_until": today}, {"snoozed_until": tomorrow},
            {"done_at": now()}, {"read_at": now()},
        ],
        strict=True,
    ):  # fmt: skip
        Item.objects.filter(pk=row.pk).update(**change)
    assert unread_count(one.pk) == Item.objects.filter(items_selectors.is_unread(), user=one).count() == 2


def test_few_are_hinted_by_name_and_many_in_one_message(monkeypatch: Any):
    said: list[tuple[str, int]] = []
    monkeypatch.setattr(hints.realtime, "publish", lambda group, kind, users=(): said.append((group, len(users))))
    one, other = pair()
    put(new(one), new(other))
    assert sorted(said) == sorted([(f"inbox.{one.pk}", 0), (f"inbox.{other.pk}", 0)])
    said.clear()
    put(*(new(user, key="x") for user in UserFactory.create_batch(60)))
    assert said == [("inbox", 60)]
    said.clear()
    put(new(one))
    assert said == []  # nothing new, nothing said


def test_new_items_are_stamped_by_the_clock():
    one, _other = pair()
    put(new(one))
    assert abs((Item.objects.get().created_at - now()).total_seconds()) < 5
