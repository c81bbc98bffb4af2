from datetime import datetime, time
from typing import Any

import pytest
from django.db import connection
from django_tasks_db.models import DBTaskResult

from liaoyuan.foundation.accounts.models import User
from liaoyuan.foundation.accounts.tests.factories import UserFactory
from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.foundation.inbox.models import ChannelPreference, Delivery, DeliveryState, Item
from liaoyuan.foundation.inbox.services import (
    channels_set,
    chase_due,
    digests_queue,
    item_read,
    item_snooze,
    items_close,
    items_read_all,
)
from liaoyuan.foundation.inbox.tests.conftest import SHANGHAI
from liaoyuan.foundation.inbox.tests.factories import SYSTEM, actor, new, pair, put
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import DomainError

pytestmark = pytest.mark.django_db
GATEWAY = "http://127.0.0.1:9/sms"


def queued() -> list[tuple[str, str, str]]:
    rows = Delivery.objects.order_by("user__username", "channel", "created_at")
    return [(row.user.username, row.channel, row.purpose) for row in rows.select_related("user")]


def wants(user: User, mode: str = "urgent", *, email: str = "", digest_at: time | None = None) -> None:
    modes = {"webhook": mode, "email": mode}
    ChannelPreference.objects.update_or_create(
        user=user, defaults={"modes": modes, "email": email, "digest_at": digest_at}
    )


def test_without_a_channel_nothing_is_queued(django_assert_max_num_queries: Any):
    one, _other = pair()
    with django_assert_max_num_queries(8):
        put(new(one, level="late"))
    assert digests_queue(actor=SYSTEM) == 0
    assert not Delivery.objects.exists()


def test_what_presses_goes_at_once_and_wakes_the_worker_the_rest_waits_for_the_digest(to_gateway: Any):
    to_gateway(GATEWAY)
    one, other = pair()
    put(new(one, level="late"), new(one, key="2", level="soon"), new(other, key="3", kind="message", must_read=True))
    assert queued() == [("jia-1", "webhook", "item"), ("yi-1", "webhook", "item")]
    assert DBTaskResult.objects.filter(task_path="liaoyuan.foundation.inbox.tasks.deliver").count() == 1
    put(new(one, level="late"))
    assert len(queued()) == 2


def test_what_became_late_goes_once_more(to_gateway: Any):
    to_gateway(GATEWAY)
    one, _other = pair()
    put(new(one, level="soon"))
    assert queued() == []
    put(new(one, level="late"))
    put(new(one, level="late", title="逾期 2 天"))
    assert queued() == [("jia-1", "webhook", "item")]


def test_mail_needs_an_address_and_the_person_s_consent(to_postbox: Any):
    to_postbox(9)
    one, other = pair()
    wants(one, email="jia@unit.example")
    put(new(one, level="late"), new(other, level="late"))
    assert queued() == [("jia-1", "email", "item")]
    wants(one, "digest", email="jia@unit.example")
    put(new(one, key="2", level="late"))
    assert len(queued()) == 1
    wants(one, "off", email="jia@unit.example")
    assert digests_queue(actor=SYSTEM) == 0


def test_in_quiet_hours_it_waits_for_their_end(to_gateway: Any, at: Any):
    to_gateway(GATEWAY)
    one, _other = pair()
    with at(11, 23, 23, 15):
        put(new(one, level="late"))
    assert Delivery.objects.get().next_try_at == datetime(2026, 11, 24, 6, 30, tzinfo=SHANGHAI)
    assert not DBTaskResult.objects.exists()


def test_what_was_read_done_or_put_off_here_is_not_told_outside(to_gateway: Any):
    to_gateway(GATEWAY)
    one, other = pair()
    put(*(new(one, key=str(number), level="late") for number in range(4)), new(other, key="3", level="late"))
    mine = {row.key: row for row in Item.objects.filter(user=one)}
    item_read(actor=actor(one), item_id=mine["0"].pk)
    item_snooze(actor=actor(one), item_id=mine["1"].pk, until=clock.today().replace(day=30), reason="等他归队")
    items_close(actor=SYSTEM, keys=["2"])
    assert Delivery.objects.filter(state=DeliveryState.QUEUED).count() == 2
    items_read_all(actor=actor(one))
    assert Delivery.objects.get(state=DeliveryState.QUEUED).user_id == other.pk


def test_one_digest_a_day_for_whoever_has_something_open(to_gateway: Any, at: Any):
    to_gateway(GATEWAY)
    one, other = pair()
    nobody = UserFactory(username="bing-1")
    gone = UserFactory(username="ding-1", is_active=False)
    put(new(one), new(other, kind="message"), new(gone), new(nobody, key="9"))
    items_close(actor=SYSTEM, keys=["9"])
    assert digests_queue(actor=SYSTEM) == 2
    assert digests_queue(actor=SYSTEM) == 0
    assert queued() == [("jia-1", "webhook", "digest"), ("yi-1", "webhook", "digest")]
    with at(11, 24, 6, 59):
        assert digests_queue(actor=SYSTEM) == 0
    with at(11, 24, 7, 0):
        assert digests_queue(actor=SYSTEM) == 2


def test_the_digest_comes_at_the_time_one_has_chosen(to_gateway: Any, at: Any):
    to_gateway(GATEWAY)
    one, other = pair()
    wants(one, digest_at=time(18, 30))
    wants(other, digest_at=time(5))
    put(new(one), new(other))
    with at(11, 24, 5, 10):  # within the quiet hours: written now, sent after them
        assert digests_queue(actor=SYSTEM) == 1
        assert Delivery.objects.get().next_try_at == datetime(2026, 11, 24, 6, 30, tzinfo=SHANGHAI)
    with at(11, 24, 18, 29):
        assert digests_queue(actor=SYSTEM) == 0
    with at(11, 24, 18, 30):
        assert digests_queue(actor=SYSTEM) == 1


def test_after_an_outage_of_days_there_is_one_digest(to_gateway: Any, at: Any):
    to_gateway(GATEWAY)
    one, _other = pair()
    put(new(one))
    with at(11, 29, 16, 0):
        assert digests_queue(actor=SYSTEM) == 1
    assert str(Delivery.objects.get().on) == "2026-11-29"


def test_what_is_put_off_is_not_in_the_digest(to_gateway: Any):
    to_gateway(GATEWAY)
    one, _other = pair()
    put(new(one))
    item_snooze(actor=actor(one), item_id=Item.objects.get().pk, until=clock.today().replace(day=30), reason="等他归队")
    assert digests_queue(actor=SYSTEM) == 0


def test_digests_cost_as_many_queries_for_many_as_for_few(to_gateway: Any, django_assert_max_num_queries: Any):
    to_gateway(GATEWAY)
    users = UserFactory.create_batch(60)
    put(*(new(user, key="x") for user in users))
    with django_assert_max_num_queries(16):
        assert digests_queue(actor=SYSTEM) == 60


def test_must_read_is_chased_every_few_days_until_it_is_read(to_gateway: Any, at: Any):
    to_gateway(GATEWAY)
    one, other = pair()
    put(new(one, kind="message", must_read=True), new(other, kind="message", must_read=True), new(one, key="2"))
    item_read(actor=actor(other), item_id=Item.objects.get(user=other).pk)
    with at(11, 25, 8, 5):
        assert chase_due(actor=SYSTEM) == 0  # two days are not over
    with at(11, 26, 8, 5):
        assert chase_due(actor=SYSTEM) == 1
        assert chase_due(actor=SYSTEM) == 0
    item = Item.objects.get(user=one, key="case:1")
    assert (item.chases, item.severity) == (1, 2)
    with at(12, 20, 8, 5):  # after an outage: one reminder, not ten
        assert chase_due(actor=SYSTEM) == 1
    item.refresh_from_db()
    assert (item.chases, item.severity) == (2, 3)
    assert [purpose for _user, _channel, purpose in queued()].count("chase") == 2
    item_read(actor=actor(one), item_id=item.pk)
    with at(12, 30, 8, 5):
        assert chase_due(actor=SYSTEM) == 0


def test_who_left_the_service_is_not_chased(at: Any):
    one, _other = pair()
    put(new(one, kind="message", must_read=True))
    User.objects.filter(pk=one.pk).update(is_active=False)
    with at(12, 20):
        assert chase_due(actor=SYSTEM) == 0


def test_one_s_address_is_kept_encrypted_and_must_be_one(options: Any):
    one, _other = pair()
    channels_set(
        actor=actor(one), email=" jia@unit.example ", modes={"email": "digest", "pigeon": "off"}, digest_at=None
    )
    row = ChannelPreference.objects.get()
    assert (row.email, row.modes) == ("jia@unit.example", {"email": "digest"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT email FROM inbox_channelpreference")
        assert "jia" not in cursor.fetchone()[0]
    assert "jia@" not in str(AuditEntry.objects.get().detail)
    options(email_domains=["unit.example"])
    for wrong in ("nobody", "a@b", "a@elsewhere.example", "a@unit.example\nBcc: x@y.example"):
        with pytest.raises(DomainError) as refused:
            channels_set(actor=actor(one), email=wrong, modes={}, digest_at=None)
        assert refused.value.field == "email"
    assert ChannelPreference.objects.get().email == "jia@unit.example"
