"""The day every test of whereabouts happens on."""

from collections.abc import Iterator

import pytest

from liaoyuan.kernel import clock
from liaoyuan.organisation.members.tests.factories import House, SiteFactory, two_branches
from liaoyuan.organisation.units.models import Site
from liaoyuan.organisation.whereabouts.models import Purpose
from liaoyuan.organisation.whereabouts.tests.factories import TODAY, PurposeFactory


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.set_to(TODAY):
        yield


@pytest.fixture
def house(db: None) -> House:
    return two_branches()


@pytest.fixture
def training(db: None) -> Purpose:
    return PurposeFactory(name="驻训")


@pytest.fixture
def camp(db: None) -> Site:
    return SiteFactory(name="西北驻训点", lon=100.45, lat=38.93)
