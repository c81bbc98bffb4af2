"""Addresses of members."""

from django.urls import URLPattern, URLResolver, path

from liaoyuan.organisation.members.views import account, change, file, listing, search

app_name = "members"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", listing.people, name="list"),
    path("search/", search.search, name="search"),
    path("me/", file.me, name="me"),
    path("new/", change.create, name="create"),
    path("codes/<uuid:unit_id>/", account.codes, name="codes"),
    path("<uuid:pk>/", file.file, name="file"),
    path("<uuid:pk>/tab/<slug:tab>/", file.file, name="tab"),
    path("<uuid:pk>/card/", search.card, name="card"),
    path("<uuid:pk>/print/", file.print_view, name="print"),
    path("<uuid:pk>/reveal/<slug:field>/", file.reveal, name="reveal"),
    path("<uuid:pk>/edit/", change.edit, name="edit"),
    path("<uuid:pk>/standing/", change.standing, name="standing"),
    path("<uuid:pk>/move/", change.move, name="move"),
    path("<uuid:pk>/attach/", change.attach, name="attach"),
    path("<uuid:pk>/detach/", change.detach, name="detach"),
    path("<uuid:pk>/leave/", change.leave, name="leave"),
    path("<uuid:pk>/return/", change.return_, name="return"),
    path("<uuid:pk>/tenures/new/", change.tenure_new, name="tenure_new"),
    path("<uuid:pk>/tenures/<uuid:tenure_id>/end/", change.tenure_end, name="tenure_end"),
    path("<uuid:pk>/account/", account.account, name="account"),
    path("<uuid:pk>/account/unlink/", account.account_unlink, name="account_unlink"),
]
