"""Addresses of admission."""

from django.urls import path

from liaoyuan.affairs.admission.views import acts, cases, keeping, listing, overview, papers

app_name = "admission"
urlpatterns = [
    path("", cases.board, name="board"),
    path("all/", listing.case_list_page, name="list"),
    path("mine/", cases.mine, name="mine"),
    path("plan/", overview.plan, name="plan"),
    path("compare/", overview.compare, name="compare"),
    path("open/", cases.open_case, name="open"),
    path("open/<uuid:person>/", cases.open_for, name="open_for"),
    path("<uuid:pk>/", cases.case, name="case"),
    path("<uuid:pk>/do/<str:act>/", acts.act, name="act"),
    path("<uuid:pk>/submit/<str:act>/", keeping.submit, name="submit"),
    path("<uuid:pk>/paper/", keeping.paper, name="paper"),
    path("<uuid:pk>/papers/", papers.papers, name="papers"),
    path("<uuid:pk>/papers/all.zip", papers.export, name="export"),
    path("<uuid:pk>/papers/<str:kind>.<str:form>", papers.draw, name="draw"),
    path("<uuid:pk>/records/<uuid:record>/correct/", keeping.correct, name="correct"),
    path("<uuid:pk>/records/<uuid:record>/cancel/", keeping.cancel, name="cancel"),
]
