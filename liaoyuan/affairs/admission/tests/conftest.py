from typing import Any

import pytest

from liaoyuan.affairs.admission.tests.pages import Visitor
from liaoyuan.affairs.admission.tests.walk import Walk, outsider
from liaoyuan.organisation.members.tests.factories import House, two_branches


@pytest.fixture
def house(db: None) -> House:
    return two_branches()


@pytest.fixture
def walk(house: House) -> Walk:
    """A case under the text of 2026, with the application received."""
    return Walk(house, outsider(house))


@pytest.fixture
def old_walk(house: House) -> Walk:
    """A case under the text of 2014."""
    return Walk(house, outsider(house), old=True)


@pytest.fixture
def visitor(house: House) -> Any:
    """``visitor(persona)``: a browser of that persona."""
    return lambda persona: Visitor(house, persona)
