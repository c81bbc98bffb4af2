"""One port: HTTP is handed whole to the WSGI application in threads, websockets go to Channels (ADR 0003)."""

import os
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liaoyuan.config.settings")
_pages = get_wsgi_application()  # sets Django up: what follows imports models

from a2wsgi import WSGIMiddleware  # noqa: E402  after set-up
from channels.auth import AuthMiddlewareStack  # noqa: E402  after set-up
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402  after set-up
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402  after set-up
from django.conf import settings  # noqa: E402  after set-up

from liaoyuan.config.routing import websocket_urlpatterns  # noqa: E402  after set-up
from liaoyuan.kernel.realtime import RealtimeLifespan  # noqa: E402  after set-up


def compose(pages: Any) -> RealtimeLifespan:
    """The whole product around its WSGI application ``pages``."""
    return RealtimeLifespan(
        ProtocolTypeRouter(
            {
                "http": WSGIMiddleware(pages, workers=settings.LIAOYUAN.web_threads),
                "websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(websocket_urlpatterns))),
            }
        )
    )


application = compose(_pages)
