"""Addresses of the chronicle."""

from django.urls import path

from liaoyuan.organisation.chronicle.views import fact, story

app_name = "chronicle"
urlpatterns = [
    path("", story.story_list, name="list"),
    path("people/<uuid:pk>/", story.person_story, name="person"),
    path("units/<uuid:pk>/", story.unit_story, name="unit"),
    path("record/", fact.choose, name="record"),
    path("record/<str:kind>/", fact.note, name="note"),
    path("<uuid:pk>/", fact.fact, name="fact"),
    path("<uuid:pk>/correct/", fact.correct, name="correct"),
    path("<uuid:pk>/evidence/", fact.evidence, name="evidence"),
    path("<uuid:pk>/withdraw/", fact.withdraw, name="withdraw"),
]
