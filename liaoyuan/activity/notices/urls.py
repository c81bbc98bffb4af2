"""Addresses of notices."""

from django.urls import path

from liaoyuan.activity.notices.views import objections, postings

app_name = "notices"
urlpatterns = [
    path("", postings.posting_list, name="list"),
    path("new/", postings.new, name="new"),
    path("received/", objections.received, name="received"),
    path("<uuid:pk>/", postings.posting, name="posting"),
    path("<uuid:pk>/sheet/", postings.sheet, name="sheet"),
    path("<uuid:pk>/withdraw/", postings.withdraw, name="withdraw"),
    path("<uuid:pk>/receiver/", postings.receiver, name="receiver"),
    path("<uuid:pk>/conclude/", postings.conclude, name="conclude"),
    path("<uuid:pk>/object/", objections.submit, name="object"),
    path("<uuid:pk>/threads/", objections.threads, name="threads"),
    path("threads/<uuid:pk>/answer/", objections.reply, name="answer"),
]
