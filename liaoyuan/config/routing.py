"""Every websocket address of the product."""

from channels.routing import URLRouter
from django.urls import path

from liaoyuan.desk.insights.routing import websocket_urlpatterns as insights
from liaoyuan.foundation.inbox.routing import websocket_urlpatterns as inbox

websocket_urlpatterns = [
    path("ws/inbox/", URLRouter(inbox)),
    path("ws/map/", URLRouter(insights)),
]
