"""Addresses of orglife."""

from django.urls import path

from liaoyuan.activity.orglife.views import ballots, meetings, motions, papers, roll

app_name = "orglife"
urlpatterns = [
    path("", meetings.meeting_list, name="list"),
    path("new/", meetings.new, name="new"),
    path("<uuid:pk>/", meetings.meeting, name="meeting"),
    path("<uuid:pk>/open/", meetings.open_meeting, name="open"),
    path("<uuid:pk>/close/", meetings.close_meeting, name="close"),
    path("<uuid:pk>/cancel/", meetings.cancel_meeting, name="cancel"),
    path("<uuid:pk>/minutes/", papers.minutes, name="minutes"),
    path("<uuid:pk>/roll/", roll.mark, name="roll"),
    path("<uuid:pk>/sign-in/", roll.sign_in, name="sign_in"),
    path("<uuid:pk>/leave/", roll.leave, name="leave"),
    path("<uuid:pk>/exclude/", roll.exclude, name="exclude"),
    path("<uuid:pk>/include/<uuid:person_id>/", roll.include, name="include"),
    path("<uuid:pk>/correct/", roll.correct, name="correct"),
    path("<uuid:pk>/motions/new/", motions.new_motion, name="motion_new"),
    path("motions/<uuid:pk>/", motions.motion, name="motion"),
    path("motions/<uuid:pk>/count/", motions.count, name="count"),
    path("motions/<uuid:pk>/open/", motions.open_motion, name="motion_open"),
    path("motions/<uuid:pk>/close/", motions.close_motion, name="motion_close"),
    path("motions/<uuid:pk>/withdraw/", motions.withdraw_motion, name="motion_withdraw"),
    path("motions/<uuid:pk>/written/", motions.written, name="written"),
    path("motions/<uuid:pk>/tally/", motions.tally, name="tally"),
    path("motions/<uuid:pk>/vote/", ballots.vote, name="vote"),
    path("motions/<uuid:pk>/voted/", ballots.voted, name="voted"),
    path("motions/<uuid:pk>/resolution/", papers.resolution, name="resolution"),
    path("motions/<uuid:pk>/sign/", papers.sign, name="sign"),
]
