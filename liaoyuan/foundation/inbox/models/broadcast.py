"""A message somebody wrote to many."""

from django.conf import settings
from django.db import models

from liaoyuan.kernel.clock import now
from liaoyuan.kernel.db import IdModel


class Broadcast(IdModel):
    """One message of one sender; each recipient has an Item of it. ``total`` is how many it was sent to."""

    sender = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sender_name = models.CharField("发送人", max_length=80)
    audience = models.CharField("发送范围", max_length=200)
    title = models.CharField("标题", max_length=200)
    body = models.TextField("正文", blank=True)
    must_read = models.BooleanField("必读", default=False)
    total = models.PositiveIntegerField("收件人数", default=0)
    created_at = models.DateTimeField("发送时间", default=now)
    chased_at = models.DateTimeField("最近人工催阅", null=True, blank=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_reason = models.CharField("撤回理由", max_length=200, blank=True)

    # Exempt from scoping: inbox lies below the tree; only the sender reads it (inbox.selectors.broadcasts).
    class Meta:
        verbose_name = "群发消息"
        indexes = [models.Index(fields=["sender", "-created_at"], name="inbox_broadcast_sender")]

    def __str__(self) -> str:
        return self.title
