"""Addresses of the rule book."""

from django.urls import path

from liaoyuan.foundation.regulations import views

app_name = "regulations"
urlpatterns = [
    path("", views.book, name="book"),
    path("calendar/<int:year>/", views.calendar_year, name="calendar"),
]
