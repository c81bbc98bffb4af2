"""Websocket addresses of the map."""

from django.urls import path

from liaoyuan.desk.insights.consumers import MapConsumer

websocket_urlpatterns = [path("", MapConsumer.as_asgi())]
