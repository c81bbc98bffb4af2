"""Websocket addresses of the inbox."""

from django.urls import path

from liaoyuan.foundation.inbox.consumers import InboxConsumer

websocket_urlpatterns = [path("", InboxConsumer.as_asgi())]
