"""One uploaded roster workbook and what became of it."""

from typing import ClassVar

from django.db import models

from liaoyuan.foundation.files.models import StoredFile
from liaoyuan.kernel.clock import now
from liaoyuan.kernel.db import IdModel, PathField
from liaoyuan.kernel.scoping import Scope, ScopedManager
from liaoyuan.organisation.units.models import Unit


class UploadState(models.TextChoices):
    """Where an upload stands. ``ready`` waits for the clerk's word; nothing is written before."""

    CHECKING = "checking", "核对中"
    REFUSED = "refused", "有错误"
    READY = "ready", "待确认"
    IMPORTING = "importing", "导入中"
    DONE = "done", "已导入"
    FAILED = "failed", "导入失败"
    DISCARDED = "discarded", "已放弃"


class RosterUpload(IdModel):
    """One upload. ``problems`` and ``changes`` are what the clerk sees before deciding; ``progress`` runs 0–100."""

    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    marked = models.ForeignKey(StoredFile, null=True, on_delete=models.SET_NULL, related_name="+")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    path = PathField(blank=True, default="")
    state = models.CharField(max_length=10, choices=UploadState.choices, default=UploadState.CHECKING)
    progress = models.PositiveSmallIntegerField(default=0)
    step = models.CharField(max_length=60, blank=True)
    problems = models.JSONField(default=list)
    changes = models.JSONField(default=dict)
    error = models.CharField(max_length=300, blank=True)
    by_id = models.UUIDField(null=True)
    by_name = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(default=now)
    finished_at = models.DateTimeField(null=True, blank=True)

    scope: ClassVar[Scope] = Scope(paths=("path",))
    objects = ScopedManager()

    class Meta:
        verbose_name = "花名册导入"
        indexes = [models.Index(fields=["-created_at"], name="roster_upload_created")]
