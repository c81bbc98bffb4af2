"""A to-do or a message in somebody's inbox."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from liaoyuan.foundation.inbox.models.broadcast import Broadcast
from liaoyuan.foundation.inbox.rules import KEY_LENGTH, TITLE_LENGTH, URL_LENGTH
from liaoyuan.kernel.clock import now
from liaoyuan.kernel.db import IdModel


class Kind(models.TextChoices):
    """A to-do is open until it is done; a message until it is read."""

    TODO = "todo", "待办"
    MESSAGE = "message", "消息"


class Item(IdModel):
    """One to-do or message of one account. ``key`` names what it is about; an account has one row for a key.
    ``by_fact`` says that only a recorded fact closes it; ``quiet`` are quiet hours of its own ("": the instance's).
    ``chase_from`` is when the next reminder is counted from."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField("事由编号", max_length=KEY_LENGTH)
    kind = models.CharField("类别", max_length=8, choices=Kind.choices, default=Kind.TODO)
    title = models.CharField("标题", max_length=TITLE_LENGTH)
    body = models.TextField("内容", blank=True)
    url = models.CharField("办理地址", max_length=URL_LENGTH, blank=True)
    severity = models.PositiveSmallIntegerField("紧急程度", default=1)
    due_on = models.DateField("期限", null=True, blank=True)
    must_read = models.BooleanField("必读", default=False)
    by_fact = models.BooleanField("登记事实后办结", default=False)
    sender = models.CharField("来自", max_length=80, blank=True)
    quiet = models.CharField("静默时段", max_length=11, blank=True, default="")
    broadcast = models.ForeignKey(Broadcast, null=True, blank=True, on_delete=models.CASCADE, related_name="items")
    created_at = models.DateTimeField("到达时间", default=now)
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)
    done_at = models.DateTimeField("办结时间", null=True, blank=True)
    snoozed_until = models.DateField("推迟到", null=True, blank=True)
    snooze_reason = models.CharField("推迟理由", max_length=200, blank=True)
    chase_from = models.DateTimeField("催阅起算", default=now)
    chases = models.PositiveSmallIntegerField("已催阅次数", default=0)

    # Exempt from scoping: inbox lies below the tree; an item is its account's alone (inbox.selectors).
    class Meta:
        verbose_name = "待办或消息"
        constraints = [
            models.UniqueConstraint(fields=["key", "user"], name="inbox_item_once"),
            models.CheckConstraint(condition=Q(severity__in=[1, 2, 3]), name="inbox_item_severity_known"),
        ]
        indexes = [
            models.Index(fields=["user", "-created_at"], name="inbox_item_newest"),
            models.Index(
                fields=["user", "-severity", "due_on"], condition=Q(done_at__isnull=True), name="inbox_item_open"
            ),
            # The badge of every page counts by this one.
            models.Index(
                fields=["user", "snoozed_until"],
                condition=Q(read_at__isnull=True, done_at__isnull=True),
                name="inbox_item_unread",
            ),
            models.Index(
                fields=["broadcast"],
                condition=Q(broadcast__isnull=False, read_at__isnull=True, done_at__isnull=True),
                name="inbox_item_unread_sent",
            ),
            models.Index(
                fields=["chase_from"],
                condition=Q(must_read=True, read_at__isnull=True, done_at__isnull=True),
                name="inbox_item_to_chase",
            ),
        ]

    def __str__(self) -> str:
        return self.title
