"""Addresses of duties."""

from django.urls import path

from liaoyuan.organisation.duties.views import board, burden, calendar, duty, parameters, rule_pages

app_name = "duties"
urlpatterns = [
    path("", board.board, name="board"),
    path("list/", board.duty_list_page, name="list"),
    path("calendar/", calendar.month, name="calendar"),
    path("calendar/subscribe/", calendar.feed_new, name="feed_new"),
    path("calendar/unsubscribe/", calendar.feed_stop, name="feed_stop"),
    path("calendar/<str:token>.ics", calendar.feed, name="feed"),
    path("rules/", rule_pages.rules, name="rules"),
    path("rules/<str:rule_id>/", rule_pages.rule, name="rule"),
    path("burden/", burden.burden, name="burden"),
    path("parameters/", parameters.parameters, name="parameters"),
    path("parameters/overrides/<uuid:pk>/end/", parameters.end, name="override_end"),
    path("parameters/<str:parameter_id>/", parameters.parameter, name="parameter"),
    path("<uuid:pk>/", duty.show, name="show"),
    path("<uuid:pk>/record/", duty.record, name="record"),
    path("<uuid:pk>/snooze/", duty.snooze, name="snooze"),
    path("<uuid:pk>/hand-over/", duty.hand_over, name="hand_over"),
    path("<uuid:pk>/take-back/", duty.take_back, name="take_back"),
]
