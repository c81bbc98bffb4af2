"""Two parallel subtrees with every persona, and browsers logged in as them."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client

from liaoyuan.foundation.accounts import browser_session
from liaoyuan.organisation.members.tests.factories import House, two_branches


@pytest.fixture
def house(db) -> House:
    cache.clear()
    return two_branches()


@pytest.fixture
def browser(house: House) -> Callable[[str], Client]:
    def log_in(persona: str) -> Client:
        client = house.login(Client(), persona)
        session = client.session
        session[browser_session.TOTP] = True  # as after the second factor
        session.save()
        return client

    return log_in
