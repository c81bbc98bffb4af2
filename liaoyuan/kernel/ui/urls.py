"""Addresses of ui."""

from django.urls import URLPattern, URLResolver, path

from liaoyuan.kernel.ui import gallery, views

app_name = "ui"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", gallery.gallery, name="gallery"),
    path("trouble/<slug:code>/", gallery.trouble, name="trouble"),
    path("theme/", views.set_theme, name="theme"),
]
