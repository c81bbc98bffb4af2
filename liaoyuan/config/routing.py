"""Every websocket address of the product."""

from channels.routing import URLRouter
from django.urls import path

from liaoyuan.desk.insights.routing import websocket_urlpatterns as insights

websocket_urlpatterns = [
    path("ws/map/", URLRouter(insights)),
]
