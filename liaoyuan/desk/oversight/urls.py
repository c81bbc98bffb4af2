"""Addresses of oversight."""

from django.urls import path

from liaoyuan.desk.oversight.views import lookups, quality, system, trail

app_name = "oversight"
urlpatterns = [
    path("my-lookups/", lookups.mine, name="my_lookups"),
    path("audit/", trail.log, name="log"),
    path("audit/chain/", trail.chain, name="chain"),
    path("data-quality/", quality.problems, name="data_quality"),
    path("system/", system.overview, name="system"),
    path("system/prove/", system.prove, name="prove"),
]
