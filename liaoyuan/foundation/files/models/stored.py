"""A file somebody uploaded or the platform made, behind an access gate."""

from django.conf import settings
from django.db import models

from liaoyuan.kernel.clock import now, today
from liaoyuan.kernel.db import IdModel


def blob_name(instance: "StoredFile", filename: str) -> str:
    """Where the bytes lie: by month and id; the given name is never part of a path."""
    return f"blobs/{today():%Y/%m}/{instance.id}"


class StoredFile(IdModel):
    """One stored file. ``gate`` names the registered function that decides who may fetch it; ``gate_key`` is its
    argument (an id of the owning row). Served as an attachment unless its sniffed type is safe to show."""

    name = models.CharField("文件名", max_length=160)
    content_type = models.CharField("类型（按内容识别）", max_length=100)
    size = models.BigIntegerField("字节数")
    sm3 = models.CharField("摘要", max_length=64)
    blob = models.FileField(upload_to=blob_name, max_length=200)
    gate = models.CharField(max_length=48)
    gate_key = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField("上传时间", default=now)
    expires_at = models.DateTimeField("删除时间", null=True, blank=True)

    # Exempt from scoping: fetched only through its gate, which asks the owning app.
    class Meta:
        verbose_name = "文件"
        indexes = [
            models.Index(fields=["gate", "gate_key"], name="file_gate"),
            models.Index(fields=["expires_at"], name="file_expires"),
        ]

    def __str__(self) -> str:
        return self.name
