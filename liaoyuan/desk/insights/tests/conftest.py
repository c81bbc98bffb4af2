"""The day every test of the map happens on, and a house whose people are somewhere."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from liaoyuan.foundation.accounts import browser_session
from liaoyuan.kernel import clock
from liaoyuan.organisation.members.tests.factories import House, two_branches
from liaoyuan.organisation.whereabouts.services.presence import presence_refresh
from liaoyuan.organisation.whereabouts.tests.factories import TODAY, CheckInFactory, PostingFactory


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    cache.clear()  # epochs begin anew with every test's database
    with clock.set_to(TODAY):
        yield


@pytest.fixture
def house(db: None) -> House:
    """Side a: the member has been posted to the camp since 1 November and checked in elsewhere two days ago; the plain
    one has been at the camp since 1 October. Side b: its member went to the camp on 20 November. The rest is home."""
    house = two_branches()
    member = house.people["member"]
    PostingFactory(person=member, since=date(2026, 11, 1))
    CheckInFactory(person=member, at=clock.now() - timedelta(days=2))
    PostingFactory(person=house.people["plain_a"], since=date(2026, 10, 1))
    PostingFactory(person=house.people["member_b"], since=date(2026, 11, 20))
    presence_refresh()
    return house


@pytest.fixture
def clients(house: House) -> Any:
    def make(persona: str) -> Client:
        client = house.login(Client(), persona)
        session = client.session
        session[browser_session.TOTP] = True  # the administrators' second factor is accounts' business
        session.save()
        return client

    return make
