"""The cache over Redis, which holds nothing but what can be computed again: a Redis that is away is an empty one.

Nothing that must not be forgotten or must end for certain lies here (sessions, lock-outs and used codes are rows of the
database), so a page is slower without Redis and never wrong or missing.
"""

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

PASSED_OVER = 5.0  # seconds that a Redis that did not answer is left alone: not every page shall wait for it
_log = logging.getLogger(__name__)
_Client: Any = RedisCacheClient  # its stubs want the types of the wire where Django gives names and seconds


class PatientClient(_Client):
    """Redis's client, except that a server which does not answer finds nothing and keeps nothing."""

    _away_until = 0.0

    def get(self, key: str, default: Any) -> Any:
        """What is kept, or ``default``."""
        return self._ask(super().get, default, key, default)

    def get_many(self, keys: Iterable[str]) -> dict[str, Any]:
        """What is kept of ``keys``."""
        return self._ask(super().get_many, {}, keys)

    def has_key(self, key: str) -> bool:
        """Whether it is kept."""
        return self._ask(super().has_key, False, key)

    def add(self, key: str, value: Any, timeout: int | None) -> bool:
        """Keep it unless it is kept; whether it was kept now."""
        return self._ask(super().add, False, key, value, timeout)

    def set(self, key: str, value: Any, timeout: int | None) -> None:
        """Keep it."""
        self._ask(super().set, None, key, value, timeout)

    def set_many(self, data: Mapping[str, Any], timeout: int | None) -> None:
        """Keep them."""
        self._ask(super().set_many, None, data, timeout)

    def touch(self, key: str, timeout: int | None) -> bool:
        """Keep it longer; whether it was there."""
        return self._ask(super().touch, False, key, timeout)

    def incr(self, key: str, delta: int) -> int:
        """Add to a number; ``delta`` where nobody kept one. Raises ValueError where Redis answers that it has none."""
        return self._ask(super().incr, delta, key, delta)

    def delete(self, key: str) -> bool:
        """Forget it; whether it was there."""
        return self._ask(super().delete, False, key)

    def delete_many(self, keys: Iterable[str]) -> None:
        """Forget them."""
        self._ask(super().delete_many, None, keys)

    def clear(self) -> bool:
        """Forget everything."""
        return self._ask(super().clear, False)

    def _ask(self, verb: Callable[..., Any], without: Any, *words: Any) -> Any:
        """What Redis answers; ``without`` while it does not."""
        if time.monotonic() < self._away_until:
            return without
        try:
            return verb(*words)
        except RedisError:
            type(self)._away_until = time.monotonic() + PASSED_OVER
            _log.warning("缓存服务器（Redis）没有应答，%.0f 秒内不再询问；页面照常，只是慢一些。", PASSED_OVER)
            return without


class PatientRedisCache(RedisCache):
    """Django's cache over Redis with the patient client."""

    def __init__(self, server: str | list[str], params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = PatientClient
