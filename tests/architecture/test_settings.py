"""Every setting is documented and every document of settings is true."""

import socket
import time

import pytest
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

from liaoyuan.config.options import Options
from liaoyuan.config.settings.database import redis_cache
from scripts import generated


def test_every_setting_has_a_description() -> None:
    assert not [field for field, info in Options.model_fields.items() if not info.description]


def test_the_page_of_settings_is_up_to_date() -> None:
    page = generated.ROOT / "docs" / "operations" / "settings.md"
    assert page.read_text() == generated.settings_page(), "run: make format"


def test_the_api_snapshot_is_up_to_date() -> None:
    page = generated.ROOT / "docs" / "api" / "openapi.json"
    assert page.read_text() == generated.openapi(), "run: make format, and look at what changed"


def test_a_cache_server_that_hangs_holds_a_page_up_for_a_moment_only() -> None:
    with socket.socket() as deaf:  # takes connections, never answers
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        made = redis_cache(f"redis://127.0.0.1:{deaf.getsockname()[1]}/0")
        cache, began = RedisCache(made["LOCATION"], {"OPTIONS": made["OPTIONS"]}), time.monotonic()
        with pytest.raises(RedisError):
            cache.get("anything")

    assert time.monotonic() - began < 10
