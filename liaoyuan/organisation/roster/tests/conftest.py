"""The day every test of roster happens on."""

from collections.abc import Iterator

import pytest

from liaoyuan.kernel import clock
from liaoyuan.organisation.roster.tests.factories import TODAY


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.set_to(TODAY):
        yield
