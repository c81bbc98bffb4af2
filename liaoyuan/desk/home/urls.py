"""Addresses of home."""

from django.urls import path

from liaoyuan.desk.home import views

app_name = "home"
urlpatterns = [
    path("", views.index, name="index"),
    path("todos/", views.todos, name="todos"),
]
