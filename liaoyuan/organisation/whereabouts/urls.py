"""Addresses of whereabouts."""

from django.urls import URLPattern, URLResolver

app_name = "whereabouts"
urlpatterns: list[URLPattern | URLResolver] = []
