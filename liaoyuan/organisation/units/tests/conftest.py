"""Every test of units lives on the roster's reference day."""

from collections.abc import Iterator
from datetime import date

import pytest

from liaoyuan.kernel import clock


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with clock.set_to(date(2026, 11, 22)):
        yield
