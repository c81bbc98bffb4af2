"""A private address for a calendar program."""

from django.db import models

from liaoyuan.foundation.accounts.models import User
from liaoyuan.kernel.clock import now
from liaoyuan.kernel.db import IdModel


class CalendarFeed(IdModel):
    """One account's iCalendar address. Only the token's hash is kept; a new token ends the old one."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=now)
    read_at = models.DateTimeField(null=True, blank=True)

    # Exempt from scoping: found by its secret token only.
    class Meta:
        verbose_name = "日历订阅"
