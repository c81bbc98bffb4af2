"""Former passwords, kept only to refuse them."""

from django.conf import settings
from django.db import models

from liaoyuan.kernel.clock import now
from liaoyuan.kernel.db import IdModel


class PasswordHistory(IdModel):
    """The hash of a password that the account once had."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="password_history")
    encoded = models.CharField(max_length=256)
    created_at = models.DateTimeField(default=now)

    # Exempt from scoping: read only with its account, by its owner's password change.
    class Meta:
        indexes = [models.Index(fields=["user", "-created_at"], name="password_history_user")]
