"""One uploaded roster workbook and what became of it."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from liaoyuan.foundation.files.models import StoredFile
from liaoyuan.kernel.clock import now
from liaoyuan.kernel.db import IdModel, PathField
from liaoyuan.kernel.scoping import Scope, ScopedManager
from liaoyuan.organisation.units.models import Unit


class UploadState(models.TextChoices):
    """Where an upload stands. ``ready`` waits for the clerk's word; nothing is written before. ``same`` is an end: the
    file says what the platform knows already."""

    CHECKING = "checking", _("核对中")
    REFUSED = "refused", _("有错误")
    READY = "ready", _("待确认")
    SAME = "same", _("没有变化")
    IMPORTING = "importing", _("导入中")
    DONE = "done", _("已导入")
    FAILED = "failed", _("已中断")
    DISCARDED = "discarded", _("已放弃")


class RosterUpload(IdModel):
    """One upload. ``problems`` and ``changes`` are what the clerk sees before deciding; ``counts`` the problems by
    severity; ``digest`` the plan that he saw; ``progress`` runs 0–100. ``beat_at`` is when the worker was last heard:
    a dead one is found out by it. The file itself is deleted after a month, this row stays. ``unit`` and ``path`` are
    the first of its ``reaches``."""

    file = models.ForeignKey(StoredFile, null=True, on_delete=models.SET_NULL, related_name="+")
    marked = models.ForeignKey(StoredFile, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField("文件名", max_length=160, blank=True, default="")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    path = PathField(blank=True, default="")
    state = models.CharField(max_length=10, choices=UploadState.choices, default=UploadState.CHECKING)
    progress = models.PositiveSmallIntegerField(default=0)
    step = models.CharField(max_length=60, blank=True)
    beat_at = models.DateTimeField(null=True, blank=True)
    problems = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    changes = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True, default="")
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

    def __str__(self) -> str:
        return self.name

    @property
    def busy(self) -> bool:
        """Whether a worker has it, or will."""
        return self.state in {UploadState.CHECKING, UploadState.IMPORTING}


class UploadReach(IdModel):
    """One subtree that an upload was checked and previewed for: ``path`` is ``unit``'s, or "" for everything."""

    upload = models.ForeignKey(RosterUpload, on_delete=models.CASCADE, related_name="reaches")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    path = PathField(blank=True, default="")

    # Exempt from scoping: it is what decides who sees its upload.
    class Meta:
        verbose_name = "花名册导入的范围"

    def __str__(self) -> str:
        return self.path
