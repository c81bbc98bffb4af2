"""The cache over a real Redis, over one that is away and over one that hangs: pages never fail with it."""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.cache import cache as default_cache
from django.core.cache.backends.base import BaseCache
from django.test import Client, override_settings
from django.utils.module_loading import import_string

from liaoyuan.config.settings.database import redis_cache
from liaoyuan.kernel.redis_cache import PatientClient
from tests.permissions.world import World

REDIS = os.environ.get("TEST_REDIS_URL", "") or "redis://127.0.0.1:6379/15"


@pytest.fixture(autouse=True)
def nobody_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test begins with a Redis that nobody has found to be away."""
    monkeypatch.setattr(PatientClient, "_away_until", 0.0)


def cache_at(url: str) -> BaseCache:
    """The cache as the settings make it."""
    made: dict[str, Any] = redis_cache(url)
    cache: BaseCache = import_string(made["BACKEND"])(made["LOCATION"], {"OPTIONS": made["OPTIONS"]})
    return cache


@contextmanager
def nobody() -> Iterator[str]:
    """A port that refuses."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"redis://127.0.0.1:{taken.getsockname()[1]}/0"


@contextmanager
def deaf() -> Iterator[str]:
    """A port that takes connections and never answers."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


def test_over_redis_it_keeps_counts_and_forgets() -> None:
    cache, key = cache_at(REDIS), f"test-{time.time_ns()}"
    assert cache.get(key) is None
    assert cache.add(key, 1, 60)
    assert not cache.add(key, 5, 60)
    assert cache.incr(key, 2) == 3
    with pytest.raises(ValueError, match="not found"):
        cache.incr(f"{key}-unknown")
    cache.set_many({key: "甲", f"{key}2": "乙"}, 60)
    assert cache.get_many([key, f"{key}2", f"{key}3"]) == {key: "甲", f"{key}2": "乙"}
    assert cache.has_key(key)
    assert cache.touch(key, 60)
    assert cache.delete(key)
    cache.delete_many([f"{key}2"])
    assert not cache.has_key(f"{key}2")


@pytest.mark.parametrize("away", [nobody, deaf])
def test_away_it_is_an_empty_cache_and_asked_once(away: Any, caplog: pytest.LogCaptureFixture) -> None:
    with away() as url:
        cache, began = cache_at(url), time.monotonic()
        assert cache.get("a", "nothing") == "nothing"
        assert not cache.add("a", 1)
        assert cache.incr("a", 4) == 4
        cache.set("a", 1)
        cache.set_many({"a": 1})
        cache.delete_many(["a"])
        assert cache.get_many(["a"]) == {}
        cache.clear()
        assert not cache.has_key("a")
        assert not cache.touch("a")
        assert not cache.delete("a")
    assert time.monotonic() - began < 10  # one wait of a second, not eleven of them on a slow machine
    assert [record.message for record in caplog.records] == [
        "缓存服务器（Redis）没有应答，5 秒内不再询问；页面照常，只是慢一些。"
    ]


@pytest.mark.django_db
def test_without_its_redis_the_product_serves_its_pages() -> None:
    house, client = World().house, Client()
    with nobody() as url, override_settings(CACHES={"default": redis_cache(url)}):
        house.login(client, "organisation_clerk")
        for path in ("/", "/map/data?z=4", "/members/", "/duties/"):
            assert client.get(path).status_code == 200, path
        assert default_cache.get("anything") is None
        client.post("/account/logout/")
        assert client.get("/").status_code == 302
