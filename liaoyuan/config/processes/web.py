"""The web process: pages, the API and websockets on one inherited socket (ADR 0003)."""

import socket

import uvicorn
from django.conf import settings
from django.urls import get_resolver

GRACE_SECONDS = 4


def load() -> None:
    """Import what every web process needs, before the fork: children share it."""
    from liaoyuan.config import asgi  # noqa: F401  building it loads middleware and consumers

    get_resolver().url_patterns  # noqa: B018  importing the addresses imports the views


def listen(host: str, port: int) -> socket.socket:
    """The listening socket that all web processes share. Raises OSError where the address is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host.strip("[]"), port))
    listener.listen(2048)
    listener.set_inheritable(True)
    return listener


def run(listener: socket.socket) -> None:
    """Serve until SIGTERM; open pages get a few seconds to finish."""
    from liaoyuan.config.asgi import application

    config = uvicorn.Config(
        application,
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        ws_max_size=64 * 1024,
        lifespan="on",
        log_config=None,
        log_level=settings.LIAOYUAN.log_level.lower(),
        access_log=False,
        server_header=False,
        proxy_headers=False,  # kernel.http.client decides whom to believe
        timeout_keep_alive=75,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    uvicorn.Server(config).run(sockets=[listener])
