"""Addresses of whereabouts."""

from django.urls import path

from liaoyuan.organisation.whereabouts.views import own, postings, register

app_name = "whereabouts"
urlpatterns = [
    path("", register.register, name="register"),
    path("post/", postings.post_group, name="post"),
    path("checkin/", own.checkin, name="checkin"),
    path("mine/", own.mine, name="mine"),
    path("postings/<uuid:pk>/", postings.posting, name="posting"),
    path("postings/<uuid:pk>/confirm/", postings.confirm, name="confirm"),
    path("postings/<uuid:pk>/extend/", postings.extend, name="extend"),
    path("postings/<uuid:pk>/end/", postings.end, name="end"),
    path("postings/<uuid:pk>/correct/", postings.correct, name="correct"),
    path("postings/<uuid:pk>/cancel/", postings.cancel, name="cancel"),
]
