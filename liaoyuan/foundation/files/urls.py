"""Addresses of files."""

from django.urls import path

from liaoyuan.foundation.files import views

app_name = "files"
urlpatterns = [path("<uuid:file_id>/", views.download, name="download")]
