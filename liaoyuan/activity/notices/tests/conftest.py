"""Two parallel subtrees and the working days of the years at hand."""

import pytest

from liaoyuan.foundation.regulations.services.calendar import calendar_seed
from liaoyuan.organisation.members.tests.factories import House, two_branches


@pytest.fixture
def house(db: None) -> House:
    calendar_seed()
    return two_branches()
