"""Quiet hours of an item's own, beside the instance's (22:00 to 06:30)."""

from datetime import datetime, time
from typing import Any

import pytest

from liaoyuan.foundation.inbox.models import Delivery, DeliveryState, Item
from liaoyuan.foundation.inbox.rules import quiet_span
from liaoyuan.foundation.inbox.services import deliver_due
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
