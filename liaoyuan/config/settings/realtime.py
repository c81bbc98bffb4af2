"""Channels: Redis where there is one; otherwise in-memory, joined across one box's processes by kernel.realtime."""

from typing import Any

from liaoyuan.config.options import options

REALTIME_DIR = options().home / "run" / "realtime"


def redis_layer(url: str) -> dict[str, Any]:
    """Channels' own layer over the Redis at ``url``. Pub/sub does not look at the database number, so the prefix holds
    it: instances that share a server and have a number each do not hear one another. A server that hangs holds a verb
    up for a second at most."""
    from redis.connection import parse_url  # one box without Redis does not load it

    address = {"address": url, "socket_connect_timeout": 1, "socket_timeout": 1}
    return {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [address], "prefix": f"liaoyuan{parse_url(url).get('db', 0)}"},
    }


CHANNEL_LAYERS = {
    "default": redis_layer(options().redis_url)
    if options().redis_url
    else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
}
