import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

import pytest
from django_tasks_db.models import DBTaskResult

from liaoyuan.foundation.accounts.models import User
from liaoyuan.foundation.inbox import adapters, audiences
from liaoyuan.foundation.inbox.models import ChannelPreference, Delivery, DeliveryState, Item
from liaoyuan.foundation.inbox.selectors.deliveries import delivery_counts
from liaoyuan.foundation.inbox.services import (
    deliver_due,
    deliveries_retry_all,
    delivery_retry,
    digests_queue,
    inbox_clean,
    item_read,
    sending,
)
from liaoyuan.foundation.inbox.tests.conftest import SHANGHAI
from liaoyuan.foundation.inbox.tests.factories import SECRET, SYSTEM, actor, gateway, new, pair, postbox, put
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import Conflict, NotInScope, NotPermitted
from liaoyuan.kernel.ids import new_id

pytestmark = pytest.mark.django_db


def state() -> tuple[str, int, str]:
    row = Delivery.objects.get()
    return row.state, row.attempts, row.last_error


def mail_to(user: User, address: str) -> None:
    ChannelPreference.objects.create(user=user, email=address)


def test_a_mail_arrives_with_its_id_and_without_the_text(to_postbox: Any):
    one, _other = pair()
    mail_to(one, "jia@unit.example")
    with postbox() as box:
        to_postbox(box.port)
        put(new(one, title="李四的入党申请书即将满30天", body="机密的正文", level="late", url="/members/"))
        assert deliver_due(actor=SYSTEM).sent == 1
        assert deliver_due(actor=SYSTEM).sent == 0
    (mail,) = box.mails
    row = Delivery.objects.get()
    assert (row.state, row.attempts, row.lease) == ("sent", 1, "")
    assert row.sent_at is not None
    assert mail["Message-ID"] == f"<{row.pk}@unit.example>"
    assert (mail["X-Liaoyuan-Delivery"], mail["To"]) == (str(row.pk), "jia@unit.example")
    text = mail.get_payload(decode=True).decode()
    assert "李四的入党申请书即将满30天" in text
    assert "https://liaoyuan.example/members/" in text
    assert "机密" not in text


def test_one_smtp_session_carries_many_mails(to_postbox: Any):
    one, _other = pair()
    mail_to(one, "jia@unit.example")
    with postbox() as box:
        to_postbox(box.port)
        put(*(new(one, key=str(number), level="late") for number in range(5)))
        assert deliver_due(actor=SYSTEM).sent == 5
    assert (len(box.mails), box.sessions) == (5, 1)


def test_an_address_refused_for_good_is_dead_at_once_and_the_others_go_on(to_postbox: Any):
    one, other = pair()
    mail_to(one, "gone@unit.example")
    mail_to(other, "yi@unit.example")
    with postbox(refuse={"gone@unit.example": "550 unknown"}) as box:
        to_postbox(box.port)
        put(new(one, level="late"), new(other, level="late"))
        outcome = deliver_due(actor=SYSTEM)
    assert (outcome.sent, outcome.dead) == (1, 1)
    dead = Delivery.objects.get(state="dead")
    assert dead.last_error == "发信服务器不收这个地址（550）"
    assert "unit.example" not in dead.last_error


def test_an_address_refused_for_now_is_tried_again(to_postbox: Any, at: Any):
    one, _other = pair()
    mail_to(one, "busy@unit.example")
    with postbox(refuse={"busy@unit.example": "450 busy"}) as box:
        to_postbox(box.port)
        put(new(one, level="late"))
        assert deliver_due(actor=SYSTEM).failed == 1
        assert deliver_due(actor=SYSTEM).failed == 0  # not before its time
        box.refuse.clear()
        with at(11, 23, 12, 2):
            assert deliver_due(actor=SYSTEM).sent == 1
    assert state() == ("sent", 2, "")


def test_a_server_that_hangs_up_before_its_answer_gets_the_same_mail_again(to_postbox: Any, at: Any):
    one, _other = pair()
    mail_to(one, "jia@unit.example")
    with postbox(drop_after_data=1) as box:
        to_postbox(box.port)
        put(new(one, level="late"))
        assert deliver_due(actor=SYSTEM).down == {"email"}
        with at(11, 23, 12, 2):
            assert deliver_due(actor=SYSTEM).sent == 1
    assert len({mail["Message-ID"] for mail in box.mails}) == 1
    assert len(box.mails) == 2


def test_a_channel_that_is_down_is_asked_once_in_a_run(to_postbox: Any, monkeypatch: Any):
    one, _other = pair()
    mail_to(one, "jia@unit.example")
    to_postbox(9)  # nobody listens there
    put(*(new(one, key=str(number), level="late") for number in range(5)))
    outcome = deliver_due(actor=SYSTEM)
    assert (outcome.failed, outcome.down) == (1, {"email"})
    assert Delivery.objects.filter(state="queued", attempts=0).count() == 4
    assert Delivery.objects.get(state="failed").last_error == "连不上发信服务器（ConnectionRefusedError）"


def test_the_gateway_gets_a_signed_call(to_gateway: Any):
    one, _other = pair()
    with gateway() as far:
        to_gateway(far.url)
        put(new(one, title="与李四谈话", body="正文", url="/duties/1/", level="late"))
        assert deliver_due(actor=SYSTEM).sent == 1
    ((headers, body),) = far.calls
    stamp = headers["X-Liaoyuan-Timestamp"]
    expected = hmac.new(SECRET.encode(), f"{stamp}.".encode() + body, "sm3").hexdigest()
    assert headers["X-Liaoyuan-Signature"] == f"v1={expected}"
    assert hashlib.new("sm3", b"").digest_size == 32
    data = json.loads(body)
    row = Delivery.objects.get()
    assert (data["id"], headers["X-Liaoyuan-Delivery"]) == (str(row.pk), str(row.pk))
    assert data["to"] == {"account": "jia-1", "name": "甲一", "phone": ""}
    assert data["items"] == [
        {"title": "与李四谈话", "url": "https://liaoyuan.example/duties/1/", "level": "late", "due_on": None}
    ]
    assert "正文" not in body.decode()


def test_the_gateway_gets_telephone_numbers_only_where_the_settings_say_so(
    to_gateway: Any, options: Any, monkeypatch: Any
):
    one, _other = pair()
    monkeypatch.setitem(audiences._contacts, "webhook", lambda ids: dict.fromkeys(ids, "19900000001"))
    with gateway() as far:
        to_gateway(far.url)
        put(new(one, level="late"))
        deliver_due(actor=SYSTEM)
        options(webhook_phone=True)
        put(new(one, key="2", level="late"))
        deliver_due(actor=SYSTEM)
    assert [json.loads(body)["to"]["phone"] for _headers, body in far.calls] == ["", "19900000001"]


@pytest.mark.parametrize(("status", "then"), [(500, "failed"), (429, "failed"), (401, "failed"), (400, "dead"),
                                              (410, "dead"), (422, "dead")])  # fmt: skip
def test_what_the_gateway_s_answers_mean(to_gateway: Any, status: int, then: str):
    one, _other = pair()
    with gateway(lambda number: status) as far:
        to_gateway(far.url)
        put(new(one, level="late"))
        deliver_due(actor=SYSTEM)
    assert state() == (then, 1, f"网关没有接收（{status}）")


def test_redirects_are_not_followed(to_gateway: Any):
    one, _other = pair()
    with gateway() as elsewhere, gateway(lambda number: 307, Location=elsewhere.url) as far:
        to_gateway(far.url)
        put(new(one, level="late"))
        deliver_due(actor=SYSTEM)
        assert elsewhere.calls == []
    assert state()[0] == "failed"
    assert "不予跟随" in state()[2]


def test_tries_come_further_and_further_apart_until_the_last(to_gateway: Any, options: Any, at: Any):
    one, _other = pair()
    with gateway(lambda number: 503) as far:
        to_gateway(far.url)
        options(delivery_attempts=4)
        put(new(one, level="late"))
        for minute in range(0, 30):
            with at(11, 23, 12, minute):
                deliver_due(actor=SYSTEM)
    assert len(far.calls) == 4  # one, two and four minutes apart
    assert len({headers["X-Liaoyuan-Delivery"] for headers, _body in far.calls}) == 1
    assert state() == ("dead", 4, "网关没有接收（503）")


def test_nothing_goes_out_in_quiet_hours(to_gateway: Any, at: Any):
    one, _other = pair()
    with gateway() as far:
        to_gateway(far.url)
        put(new(one, level="late"))
        with at(11, 23, 22, 0):
            assert deliver_due(actor=SYSTEM).sent == 0
        with at(11, 24, 6, 29):
            assert deliver_due(actor=SYSTEM).sent == 0
        with at(11, 24, 6, 30):
            assert deliver_due(actor=SYSTEM).sent == 1
        assert len(far.calls) == 1


def test_a_retry_does_not_fall_into_the_quiet_hours(to_gateway: Any, at: Any):
    one, _other = pair()
    with gateway(lambda number: 503) as far:
        to_gateway(far.url)
        with at(11, 23, 21, 59):
            put(new(one, level="late"))
            deliver_due(actor=SYSTEM)
    assert str(Delivery.objects.get().next_try_at) == "2026-11-23 22:30:00+00:00"  # 06:30 in Shanghai


def test_what_has_become_pointless_is_dropped(to_gateway: Any, at: Any):
    one, other = pair()
    with gateway() as far:
        to_gateway(far.url)
        put(new(one, level="late"), new(one, key="2", level="late"), new(other, level="late"))
        Item.objects.filter(user=one, key="case:1").update(read_at="2026-11-23T00:00Z")
        ChannelPreference.objects.create(user=other, modes={"webhook": "digest"})
        assert digests_queue(actor=SYSTEM) == 2
        User.objects.filter(pk=one.pk).update(is_active=False)
        outcome = deliver_due(actor=SYSTEM)
        assert (outcome.sent, outcome.dropped) == (1, 4)
    assert json.loads(far.calls[0][1])["purpose"] == "digest"


def test_yesterday_s_digest_is_not_sent_today(to_gateway: Any, at: Any):
    one, _other = pair()
    with gateway() as far:
        to_gateway(far.url)
        put(new(one))
        digests_queue(actor=SYSTEM)
        with at(11, 24, 8):
            assert deliver_due(actor=SYSTEM).dropped == 1
        assert far.calls == []


def test_a_digest_tells_the_worst_first_and_how_many_more(to_gateway: Any):
    one, _other = pair()
    with gateway() as far:
        to_gateway(far.url)
        put(*(new(one, key=str(n), title=f"第{n}件", level="late" if n == 24 else "info") for n in range(25)))
        Delivery.objects.all().delete()
        digests_queue(actor=SYSTEM)
        deliver_due(actor=SYSTEM)
    data = json.loads(far.calls[0][1])
    assert (data["text"], len(data["items"]), data["more"]) == ("25 项待办和消息", 20, 5)
    assert data["items"][0]["title"] == "第24件"


def test_a_title_cannot_add_headers(to_postbox: Any):
    one, _other = pair()
    mail_to(one, "jia@unit.example")
    with postbox() as box:
        to_postbox(box.port)
        put(new(one, title="标题\r\nBcc: other@unit.example", level="late"))
        Item.objects.update(title="标题\r\nBcc: other@unit.example")  # even from a row written otherwise
        assert deliver_due(actor=SYSTEM).sent == 1
    assert box.mails[0]["Bcc"] is None


def test_a_lease_that_runs_out_is_taken_over_and_the_late_worker_writes_nothing(to_gateway: Any, at: Any):
    one, _other = pair()
    to_gateway("http://127.0.0.1:9/")
    put(new(one, level="late"))
    first = sending._claim(Delivery.objects.get().pk)
    assert first is not None
    assert sending._claim(first.pk) is None  # one at a time
    with at(11, 23, 12, 4):
        assert sending._claim(first.pk) is None
    with at(11, 23, 12, 6):
        second = sending._claim(first.pk)
        assert second is not None
        sending._record(first, DeliveryState.FAILED, error="太晚了")
        assert state()[0] == "sending"
        sending._record(second, DeliveryState.SENT)
    assert state() == ("sent", 2, "")


def test_a_delivery_over_which_workers_keep_dying_ends_dead(to_gateway: Any, options: Any, at: Any):
    one, _other = pair()
    to_gateway("http://127.0.0.1:9/")
    options(delivery_attempts=2)
    put(new(one, level="late"))
    key = Delivery.objects.get().pk
    for minute in (1, 11):
        with at(11, 23, 12, minute):
            assert sending._claim(key) is not None
    with at(11, 23, 12, 21):
        assert deliver_due(actor=SYSTEM).dead == 1
    assert state()[2] == "发送它的工作进程多次中断。"


def test_a_channel_that_breaks_stops_neither_the_others_nor_itself(to_gateway: Any, monkeypatch: Any):
    one, _other = pair()
    to_gateway("http://127.0.0.1:9/")
    put(new(one, level="late"), new(one, key="2", level="late"))

    def broken(*args: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(adapters.CHANNELS["webhook"], "send", broken)
    assert deliver_due(actor=SYSTEM).failed == 2
    assert set(Delivery.objects.values_list("last_error", flat=True)) == {"ZeroDivisionError"}


def test_what_a_run_has_no_time_for_is_queued_anew(to_gateway: Any):
    one, _other = pair()
    to_gateway("http://127.0.0.1:9/")
    put(new(one, level="late"))
    before = DBTaskResult.objects.count()
    deliver_due(actor=SYSTEM, seconds=0)
    assert DBTaskResult.objects.count() == before + 1
    assert state()[:2] == ("queued", 0)


def test_dead_letters_are_tried_again_by_the_system_administrator_alone(to_gateway: Any):
    one, other = pair()
    administrator = actor(other, "system.manage")
    with gateway(lambda number: 400 if number < 3 else 200) as far:
        to_gateway(far.url)
        put(new(one, level="late"), new(one, key="2", level="late"))
        deliver_due(actor=SYSTEM)
        first, second = Delivery.objects.filter(state="dead")
        with pytest.raises(NotPermitted):
            delivery_retry(actor=actor(one, "inbox.send"), delivery_id=first.pk)
        with pytest.raises(NotPermitted):
            deliveries_retry_all(actor=actor(one))
        with pytest.raises(NotInScope):
            delivery_retry(actor=administrator, delivery_id=new_id())
        delivery_retry(actor=administrator, delivery_id=first.pk)
        with pytest.raises(Conflict):
            delivery_retry(actor=administrator, delivery_id=first.pk)
        assert deliveries_retry_all(actor=administrator) == 1
        assert deliveries_retry_all(actor=administrator) == 0
        assert deliver_due(actor=SYSTEM).sent == 2
    assert delivery_counts(administrator) == {"sent": 2}
    assert second.pk in set(Delivery.objects.values_list("pk", flat=True))


def test_old_things_are_forgotten_but_nothing_that_is_open(to_gateway: Any, at: Any):
    one, _other = pair()
    to_gateway("http://127.0.0.1:9/")
    put(new(one, level="late"), new(one, key="read", kind="message"), new(one, key="m", kind="message"))
    item_read(actor=actor(one), item_id=Item.objects.get(key="read").pk)
    Delivery.objects.update(state=DeliveryState.SENT)
    assert inbox_clean(actor=SYSTEM) == 0
    with clock.set_to(datetime(2029, 1, 1, tzinfo=SHANGHAI)):
        assert inbox_clean(actor=SYSTEM) == 2
    assert set(Item.objects.values_list("key", flat=True)) == {"case:1", "m"}
