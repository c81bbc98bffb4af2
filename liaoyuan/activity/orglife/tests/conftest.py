"""The evening every test of orglife happens on."""

from collections.abc import Iterator

import pytest

from liaoyuan.activity.orglife.tests.factories import NOW
from liaoyuan.kernel import clock
from liaoyuan.organisation.members.tests.factories import House, two_branches


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.set_to(NOW):
        yield


@pytest.fixture
def house(db: None) -> House:
    return two_branches()
