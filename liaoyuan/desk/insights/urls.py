"""Addresses of insights."""

from django.urls import path

from liaoyuan.desk.insights.views import base, data
from liaoyuan.desk.insights.views import map as pages

app_name = "insights"
urlpatterns = [
    path("", pages.full, name="map"),
    path("wall/", pages.wall, name="wall"),
    path("text/", pages.text, name="text"),
    path("locate/", pages.locate, name="locate"),
    path("data", data.data, name="data"),
    path("people", data.people, name="people"),
    path("base/<str:digest>.json", data.base, name="base"),
    path("ground/", base.manage, name="base_manage"),
    path("ground/revert/", base.revert, name="base_revert"),
]
