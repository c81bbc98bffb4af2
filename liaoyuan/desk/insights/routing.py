"""Websocket addresses of the map."""

from django.urls import URLPattern

websocket_urlpatterns: list[URLPattern] = []
