"""Something to be carried over an outside channel."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from liaoyuan.foundation.inbox.models.item import Item
from liaoyuan.kernel.clock import now
from liaoyuan.kernel.db import IdModel


class DeliveryState(models.TextChoices):
    """``failed`` waits for its next try; ``dead`` waits for the administrator; ``dropped`` had become pointless."""

    QUEUED = "queued", "待发送"
    SENDING = "sending", "正在发送"
    SENT = "sent", "已发送"
    FAILED = "failed", "待重试"
    DEAD = "dead", "发送失败"
    DROPPED = "dropped", "不再需要"


class Purpose(models.TextChoices):
    """Why it is sent."""

    ITEM = "item", "即时提醒"
    CHASE = "chase", "催阅"
    DIGEST = "digest", "每日摘要"


class Delivery(IdModel):
    """One delivery on one channel. Its id travels with it, so that a receiver can drop what came twice; ``key`` keeps
    it from being queued twice. It holds no text: that is read from the items at the moment of sending. ``lease`` names
    the one worker that sends it, until ``lease_until``."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    item = models.ForeignKey(Item, null=True, blank=True, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField("渠道", max_length=16)
    purpose = models.CharField("用途", max_length=8, choices=Purpose.choices, default=Purpose.ITEM)
    on = models.DateField("摘要日期", null=True, blank=True)
    key = models.CharField(max_length=120, unique=True)
    state = models.CharField("状态", max_length=8, choices=DeliveryState.choices, default=DeliveryState.QUEUED)
    attempts = models.PositiveSmallIntegerField("已试次数", default=0)
    next_try_at = models.DateTimeField("下次发送", default=now)
    lease = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField("最近的错误", max_length=300, blank=True)
    created_at = models.DateTimeField("产生时间", default=now)
    sent_at = models.DateTimeField("发出时间", null=True, blank=True)

    # Exempt from scoping: deliveries are the system administrator's and say nothing of what was sent.
    class Meta:
        verbose_name = "外部投递"
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=Q(state__in=["queued", "failed"]), name="inbox_delivery_waiting"
            ),
            models.Index(fields=["lease_until"], condition=Q(state="sending"), name="inbox_delivery_sending"),
            models.Index(fields=["state", "-created_at"], name="inbox_delivery_state"),
            models.Index(fields=["on", "user"], condition=Q(on__isnull=False), name="inbox_delivery_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.pk}"
