"""Quiet hours of an item's own, beside the instance's (22:00 to 06:30)."""

from datetime import datetime, time
from typing import Any

import pytest

from liaoyuan.foundation.inbox.models import ChannelPreference, Delivery, DeliveryState, Item
from liaoyuan.foundation.inbox.rules import quiet_span
from liaoyuan.foundation.inbox.services import deliver_due, digests_queue
from liaoyuan.foundation.inbox.tests.conftest import SHANGHAI
from liaoyuan.foundation.inbox.tests.factories import SYSTEM, gateway, new, pair, put

pytestmark = pytest.mark.django_db


def due() -> datetime:
    return Delivery.objects.get().next_try_at.astimezone(SHANGHAI)


def test_what_may_go_out_at_any_hour_does_and_the_rest_waits(to_gateway: Any, at: Any) -> None:
    one, other = pair()
    with gateway() as gate:
        to_gateway(gate.url)
        with at(11, 23, 23):
            put(new(one, level="late", quiet="none"), new(other, level="late"))
            assert deliver_due(actor=SYSTEM).sent == 1
        assert Delivery.objects.get(user=one).state == DeliveryState.SENT
        assert Delivery.objects.get(user=other).state == DeliveryState.QUEUED
        with at(11, 24, 6, 30):
            assert deliver_due(actor=SYSTEM).sent == 1


def test_hours_of_its_own_hold_in_place_of_the_instance_s(to_gateway: Any, at: Any) -> None:
    one, _other = pair()
    with gateway() as gate:
        to_gateway(gate.url)
        with at(11, 23, 19):
            put(new(one, level="late", quiet="18:00-08:00"))
            assert deliver_due(actor=SYSTEM).sent == 0
        assert due() == datetime(2026, 11, 24, 8, tzinfo=SHANGHAI)
        with at(11, 24, 7):  # the instance's are over
            assert deliver_due(actor=SYSTEM).sent == 0
        with at(11, 24, 8):
            assert deliver_due(actor=SYSTEM).sent == 1


def test_what_was_due_before_them_waits_though_no_worker_came(to_gateway: Any, at: Any) -> None:
    one, _other = pair()
    with gateway() as gate:
        to_gateway(gate.url)
        with at(11, 23, 17, 59):
            put(new(one, level="late", quiet="18:00-08:00"))
        with at(11, 23, 18, 5):
            assert deliver_due(actor=SYSTEM).sent == 0
            assert deliver_due(actor=SYSTEM).sent == 0
        assert due() == datetime(2026, 11, 24, 8, tzinfo=SHANGHAI)


def test_what_a_dead_worker_left_behind_waits_too(to_gateway: Any, at: Any) -> None:
    one, _other = pair()
    with gateway() as gate:
        to_gateway(gate.url)
        put(new(one, level="late", quiet="18:00-08:00"))
        Delivery.objects.update(
            state=DeliveryState.SENDING, lease="x", lease_until=datetime(2026, 11, 23, 12, 5, tzinfo=SHANGHAI)
        )
        with at(11, 23, 19):
            assert deliver_due(actor=SYSTEM).sent == 0
        assert Delivery.objects.get().state == DeliveryState.QUEUED
        with at(11, 24, 8):
            assert deliver_due(actor=SYSTEM).sent == 1


@pytest.mark.parametrize(
    ("chosen", "queued", "sent"),
    [
        (time(21, 50), (23, 21, 50), (23, 21, 51)),
        (time(21, 55), (23, 22, 0), (24, 6, 30)),  # the job looks every ten minutes
        (time(22, 0), (23, 22, 0), (24, 6, 30)),
        (time(22, 30), (23, 22, 30), (24, 6, 30)),
        (time(0, 5), (24, 0, 10), (24, 6, 30)),
        (time(6, 30), (24, 6, 30), (24, 6, 31)),
    ],
)
def test_a_digest_chosen_for_quiet_hours_comes_when_they_are_over(
    to_gateway: Any, at: Any, chosen: time, queued: tuple[int, int, int], sent: tuple[int, int, int]
) -> None:
    one, _other = pair()
    ChannelPreference.objects.create(user=one, modes={}, digest_at=chosen)
    with gateway() as gate:
        to_gateway(gate.url)
        put(new(one))
        for number in range(2):  # one every day, not every other
            with at(11, queued[0] + number, *queued[1:]):
                assert digests_queue(actor=SYSTEM) == 1
                assert digests_queue(actor=SYSTEM) == 0
            with at(11, sent[0] + number, *sent[1:]):
                assert deliver_due(actor=SYSTEM).sent == 1
        assert len(gate.calls) == 2


def test_a_digest_held_by_the_night_is_none_for_the_day_after_that(to_gateway: Any, at: Any) -> None:
    one, _other = pair()
    ChannelPreference.objects.create(user=one, modes={}, digest_at=time(22, 30))
    with gateway() as gate:
        to_gateway(gate.url)
        put(new(one))
        with at(11, 23, 22, 30):
            digests_queue(actor=SYSTEM)
        with at(11, 25, 7):
            assert deliver_due(actor=SYSTEM).dropped == 1
        assert gate.calls == []


def test_new_hours_are_taken_over_by_what_stands(at: Any) -> None:
    one, _other = pair()
    put(new(one, quiet="18:00-08:00"))
    put(new(one, quiet="none"))
    assert Item.objects.get().quiet == "none"


@pytest.mark.parametrize("wrong", ["22:00", "22:00-", "22-07", "22:00-24:30", "07:00-07:00", "never", "22:00-07:00 "])
def test_hours_that_are_none_are_refused(wrong: str) -> None:
    one, _other = pair()
    with pytest.raises(ValueError):  # noqa: PT011  whichever word the parser finds
        new(one, quiet=wrong)


def test_hours_are_read_as_they_are_written() -> None:
    assert quiet_span("") is None
    assert quiet_span("22:00-07:30") == (time(22), time(7, 30))
    begins, ends = quiet_span("none") or (time(1), time(2))
    assert begins == ends
