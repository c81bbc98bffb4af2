"""What a person wants of the outside channels."""

from django.conf import settings
from django.db import models

from liaoyuan.kernel.clock import now
from liaoyuan.kernel.crypto import EncryptedField


class ChannelPreference(models.Model):
    """One account's address and wishes. Where there is no row, the instance's settings hold. ``modes`` maps a channel
    to rules.Mode; a channel not named is "urgent". The inbox itself cannot be switched off."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="channel_preference"
    )
    email = EncryptedField("电子邮箱", blank=True, default="")
    modes = models.JSONField("渠道", default=dict, blank=True)
    digest_at = models.TimeField("每日摘要时间", null=True, blank=True)
    updated_at = models.DateTimeField(default=now)

    # Exempt from scoping: one's own; read by the sender of messages alone.
    class Meta:
        verbose_name = "渠道偏好"

    def __str__(self) -> str:
        return str(self.user_id)
