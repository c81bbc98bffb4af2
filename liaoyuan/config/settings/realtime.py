"""Channels: Redis where there is one; otherwise in-memory, joined across one box's processes by kernel.realtime."""

from liaoyuan.config.options import options

REALTIME_DIR = options().home / "run" / "realtime"

CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [options().redis_url], "prefix": "liaoyuan"},
    }
    if options().redis_url
    else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
}
