"""What the tests of the pages share."""

from collections.abc import Iterator

import pytest

from liaoyuan.kernel import clock
from liaoyuan.organisation.chronicle import kinds
from liaoyuan.organisation.chronicle.tests.factories import KINDS, TODAY
from liaoyuan.organisation.members.tests.factories import House, two_branches


@pytest.fixture
def known_kinds(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Kinds of these tests alone, and their day."""
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    kinds.register(*KINDS)
    with clock.set_to(TODAY):
        yield


@pytest.fixture
def house(db: None) -> House:
    return two_branches()
