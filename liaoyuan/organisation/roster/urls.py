"""Addresses of roster."""

from django.urls import path

from liaoyuan.organisation.roster.views import downloads, uploads

app_name = "roster"
urlpatterns = [
    path("", uploads.index, name="index"),
    path("upload/", uploads.upload, name="upload"),
    path("export/", downloads.export, name="export"),
    path("template/", downloads.template, name="template"),
    path("<uuid:pk>/", uploads.show, name="show"),
    path("<uuid:pk>/status/", uploads.status, name="status"),
    path("<uuid:pk>/confirm/", uploads.confirm, name="confirm"),
    path("<uuid:pk>/retry/", uploads.retry, name="retry"),
    path("<uuid:pk>/discard/", uploads.discard, name="discard"),
]
