"""Addresses of the inbox."""

from django.urls import path

from liaoyuan.foundation.inbox.views import deliveries, items, own, sent

app_name = "inbox"
urlpatterns = [
    path("", items.item_list, name="list"),
    path("read-all/", items.read_all, name="read_all"),
    path("channels/", own.channels, name="channels"),
    path("compose/", sent.compose, name="compose"),
    path("sent/", sent.sent_list, name="sent"),
    path("sent/<uuid:pk>/", sent.detail, name="sent_one"),
    path("sent/<uuid:pk>/chase/", sent.chase, name="chase"),
    path("sent/<uuid:pk>/withdraw/", sent.withdraw, name="withdraw"),
    path("deliveries/", deliveries.delivery_list, name="deliveries"),
    path("deliveries/retry-all/", deliveries.retry_all, name="retry_all"),
    path("deliveries/<uuid:pk>/retry/", deliveries.retry, name="retry"),
    path("<uuid:pk>/", items.item, name="item"),
    path("<uuid:pk>/go/", items.go, name="go"),
    path("<uuid:pk>/read/", items.read, name="read"),
    path("<uuid:pk>/done/", items.done, name="done"),
    path("<uuid:pk>/snooze/", items.snooze, name="snooze"),
]
