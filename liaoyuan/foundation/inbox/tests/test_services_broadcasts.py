from typing import Any

import pytest

from liaoyuan.foundation.accounts.tests.factories import UserFactory
from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.foundation.inbox.models import Broadcast, Item
from liaoyuan.foundation.inbox.selectors.broadcasts import recipients, sent, sent_one
from liaoyuan.foundation.inbox.selectors.items import own_items, unread_count
from liaoyuan.foundation.inbox.services import broadcast_chase, broadcast_send, broadcast_withdraw, item_read
from liaoyuan.foundation.inbox.tests.factories import actor, address_book, pair
from liaoyuan.kernel.errors import Conflict, DomainError, NotInScope, NotPermitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Any:
    sender, stranger = pair()
    crew = UserFactory.create_batch(3)
    with address_book({"一连": [sender, *crew], "只有我": [sender]}) as book:
        yield actor(sender, "inbox.send"), actor(stranger, "inbox.send"), crew, book


def send(who: Any, book: str, **more: Any) -> Broadcast:
    return broadcast_send(actor=who, audience=book, choice="一连", **{"title": "周五党课", "body": "九点", **more})


def test_everybody_but_the_sender_gets_one_and_the_trail_says_so(people: Any):
    who, _stranger, crew, book = people
    made = send(who, book)
    assert made.total == 3
    assert set(Item.objects.values_list("user_id", flat=True)) == {user.pk for user in crew}
    item = Item.objects.first()
    assert (item.kind, item.sender, item.body, item.must_read) == ("message", "甲一", "九点", False)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.object_label, entry.detail["recipients"]) == ("inbox.send", "周五党课", 3)


def test_a_message_is_gone_from_the_open_list_once_read(people: Any):
    who, _stranger, crew, book = people
    send(who, book)
    reader = actor(crew[0])
    item_read(actor=reader, item_id=own_items(reader).get().pk)
    assert (unread_count(crew[0].pk), unread_count(crew[1].pk)) == (0, 1)


@pytest.mark.parametrize(("change", "field"), [({"title": " \n"}, "title"), ({"choice": "只有我"}, "choice")])
def test_what_cannot_be_sent(people: Any, change: dict[str, str], field: str):
    who, _stranger, _crew, book = people
    with pytest.raises(DomainError) as refused:
        broadcast_send(actor=who, audience=book, **{"choice": "一连", "title": "周五党课", **change})
    assert refused.value.field == field
    assert not Broadcast.objects.exists()
    assert not Item.objects.exists()


def test_out_of_reach_unknown_and_without_the_capability(people: Any):
    who, _stranger, crew, book = people
    with pytest.raises(NotInScope):
        broadcast_send(actor=who, audience=book, choice="hidden", title="x")
    with pytest.raises(NotInScope):
        broadcast_send(actor=who, audience="unknown", choice="一连", title="x")
    with pytest.raises(NotPermitted):
        send(actor(crew[0]), book)
    assert not Broadcast.objects.exists()


def test_the_sender_sees_who_has_not_read_and_nobody_else_does(people: Any):
    who, stranger, crew, book = people
    made = send(who, book, must_read=True)
    item_read(actor=actor(crew[1]), item_id=Item.objects.get(user=crew[1]).pk)
    assert sent_one(who, made.pk).unread == 2
    rows = list(recipients(who, made))
    assert [row.read_at is None for row in rows] == [True, True, False]
    assert rows[2].user == crew[1]
    assert list(sent(stranger)) == []
    for read in (lambda: sent_one(stranger, made.pk), lambda: recipients(stranger, made)):
        with pytest.raises(NotInScope):
            read()
    with pytest.raises(NotPermitted):
        sent(actor(crew[0]))


def test_the_list_of_sent_messages_costs_one_query(people: Any, django_assert_num_queries: Any):
    who, _stranger, _crew, book = people
    for number in range(5):
        send(who, book, title=f"第{number}次")
    with django_assert_num_queries(1):
        assert [row.unread for row in sent(who)] == [3] * 5


def test_chasing_by_hand_reminds_the_unread_once_a_day(people: Any, at: Any):
    who, stranger, crew, book = people
    made = send(who, book, must_read=True)
    item_read(actor=actor(crew[0]), item_id=Item.objects.get(user=crew[0]).pk)
    with pytest.raises(NotInScope):
        broadcast_chase(actor=stranger, broadcast_id=made.pk)
    assert broadcast_chase(actor=who, broadcast_id=made.pk) == 2
    with pytest.raises(Conflict):
        broadcast_chase(actor=who, broadcast_id=made.pk)
    with at(11, 24):
        assert broadcast_chase(actor=who, broadcast_id=made.pk) == 2
    assert sorted(Item.objects.values_list("chases", flat=True)) == [0, 2, 2]


def test_only_what_must_be_read_is_chased(people: Any):
    who, _stranger, crew, book = people
    with pytest.raises(DomainError):
        broadcast_chase(actor=who, broadcast_id=send(who, book).pk)
    made = send(who, book, must_read=True)
    for user in crew:
        item_read(actor=actor(user), item_id=Item.objects.get(user=user, broadcast=made).pk)
    with pytest.raises(Conflict):
        broadcast_chase(actor=who, broadcast_id=made.pk)


def test_a_withdrawn_message_leaves_the_inboxes_and_stays_on_record(people: Any):
    who, stranger, crew, book = people
    made = send(who, book, must_read=True)
    item_read(actor=actor(crew[0]), item_id=Item.objects.get(user=crew[0]).pk)
    with pytest.raises(NotInScope):
        broadcast_withdraw(actor=stranger, broadcast_id=made.pk, reason="不该")
    with pytest.raises(DomainError):
        broadcast_withdraw(actor=who, broadcast_id=made.pk, reason=" ")
    assert unread_count(crew[1].pk) == 1
    assert broadcast_withdraw(actor=who, broadcast_id=made.pk, reason="时间写错了") == 3
    assert unread_count(crew[1].pk) == 0
    with pytest.raises(Conflict):
        broadcast_withdraw(actor=who, broadcast_id=made.pk, reason="再来一次")
    with pytest.raises(Conflict):
        broadcast_chase(actor=who, broadcast_id=made.pk)
    assert AuditEntry.objects.filter(action="inbox.withdraw", reason="时间写错了").count() == 1
    assert Broadcast.objects.get().withdrawn_reason == "时间写错了"
