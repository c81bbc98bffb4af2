"""Addresses of ui."""

from django.urls import URLPattern, URLResolver, path

from liaoyuan.kernel.ui import views

app_name = "ui"
urlpatterns: list[URLPattern | URLResolver] = [
    path("theme/", views.set_theme, name="theme"),
]
