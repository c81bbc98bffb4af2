"""The nightly sweep."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from liaoyuan.foundation.accounts.models import ApiToken
from liaoyuan.foundation.accounts.tasks import sweep
from liaoyuan.foundation.accounts.tests.factories import UserFactory
from liaoyuan.foundation.accounts.tests.helpers import log_in
from liaoyuan.kernel import clock

pytestmark = pytest.mark.django_db


def test_what_has_ended_is_swept_and_what_lives_stays() -> None:
    user = UserFactory()
    alive, ended = Client(), Client()
    log_in(alive, user)
    log_in(ended, user)
    Session.objects.filter(session_key=ended.session.session_key).update(expire_date=timezone.now() - timedelta(days=1))
    log_in(Client(), "nobody", "Wrong-Pass-1")
    log_in(Client(), "somebody", "Wrong-Pass-1")
    AccessAttempt.objects.filter(username="nobody").update(attempt_time=timezone.now() - timedelta(minutes=16))
    for name, days in (("old", -366), ("new", 1)):
        ApiToken.objects.create(
            user=user, name=name, digest=name, tail="x", expires_at=clock.now() + timedelta(days=days)
        )
    sweep.func()
    sweep.func()
    assert list(UserSession.objects.values_list("session_key", flat=True)) == [alive.session.session_key]
    assert Session.objects.count() == 1
    assert list(AccessAttempt.objects.values_list("username", flat=True)) == ["somebody"]
    assert list(ApiToken.objects.values_list("name", flat=True)) == ["new"]
    assert alive.get("/account/sessions/").status_code == 200
