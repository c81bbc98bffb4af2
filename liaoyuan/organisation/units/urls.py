"""Addresses of units."""

from django.urls import path

from liaoyuan.organisation.units.views import change, grants, restructure, sites, tree, unit

app_name = "units"
urlpatterns = [
    path("", tree.tree_page, name="tree"),
    path("past/", tree.past_page, name="past"),
    path("roles/", grants.roles_page, name="roles"),
    path("access/", grants.my_access, name="my_access"),
    path("access/<uuid:pk>/", grants.access, name="access"),
    path("grants/<uuid:pk>/end/", grants.end, name="grant_end"),
    path("sites/", sites.site_list, name="sites"),
    path("sites/new/", sites.site_new, name="site_create"),
    path("sites/<uuid:pk>/", sites.site_edit, name="site_edit"),
    path("sites/<uuid:pk>/switch/", sites.site_switch, name="site_switch"),
    path("<uuid:pk>/", unit.detail, name="detail"),
    path("<uuid:pk>/new/", change.create, name="create"),
    path("<uuid:pk>/edit/", change.edit, name="edit"),
    path("<uuid:pk>/order/", change.order, name="order"),
    path("<uuid:pk>/move/", restructure.move, name="move"),
    path("<uuid:pk>/split/", restructure.split, name="split"),
    path("<uuid:pk>/merge/", restructure.merge, name="merge"),
    path("<uuid:pk>/dissolve/", restructure.dissolve, name="dissolve"),
    path("<uuid:pk>/grants/", grants.unit_access, name="grants"),
    path("<uuid:pk>/grants/give/", grants.give, name="grant_give"),
    path("<uuid:pk>/grants/delegate/", grants.delegate, name="delegate"),
]
