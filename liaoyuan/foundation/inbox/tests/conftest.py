"""Channels set up as an instance would have them; noon of a day outside of the quiet hours."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from liaoyuan.foundation.inbox.tests.factories import SECRET
from liaoyuan.kernel import clock

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """2026-11-23, a Monday, 12:00."""
    with clock.set_to(datetime(2026, 11, 23, 12, tzinfo=SHANGHAI)):
        yield


@pytest.fixture
def at() -> Callable[..., Any]:
    """``with at(11, 24, 7, 30):`` another moment of 2026."""
    return lambda month, day, hour=12, minute=0: clock.set_to(datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI))


@pytest.fixture
def options(settings: Any) -> Callable[..., None]:
    """``options(delivery_attempts=3)``: this instance's settings."""

    def change(**values: Any) -> None:
        settings.LIAOYUAN = settings.LIAOYUAN.model_copy(update=values)

    return change


@pytest.fixture
def to_gateway(options: Callable[..., None]) -> Callable[[str], None]:
    from pydantic import SecretStr

    return lambda url: options(webhook_url=url, webhook_secret=SecretStr(SECRET), site_url="https://liaoyuan.example")


@pytest.fixture
def to_postbox(settings: Any, options: Callable[..., None]) -> Callable[[int], None]:
    def change(port: int) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
        settings.DEFAULT_FROM_EMAIL = "liaoyuan@unit.example"
        options(site_url="https://liaoyuan.example")

    return change
