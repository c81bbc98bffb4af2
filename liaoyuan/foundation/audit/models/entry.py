"""Append-only, hash-chained rows: who did or looked at what, when, from where, and whether it was allowed."""

from django.db import models


class AuditEntry(models.Model):
    """One thing done, looked at, or refused. Written once; the database itself refuses UPDATE and DELETE."""

    seq = models.BigIntegerField("序号", primary_key=True)
    at = models.DateTimeField("时间")
    actor_id = models.UUIDField("账号", null=True)
    actor_name = models.CharField("操作人", max_length=80)
    address = models.CharField("来源地址", max_length=45, blank=True)
    via = models.CharField("途径", max_length=16)
    action = models.CharField("动作", max_length=64)
    allowed = models.BooleanField("允许", default=True)
    reason = models.CharField("理由", max_length=300, blank=True)
    object_type = models.CharField("对象类别", max_length=48, blank=True)
    object_id = models.CharField("对象编号", max_length=64, blank=True)
    object_label = models.CharField("对象", max_length=160, blank=True)
    subject_id = models.UUIDField("所涉人员", null=True)
    detail = models.JSONField("细节", default=dict)
    mac = models.CharField("链值", max_length=64)

    # Exempt from scoping: the trail lies outside the tree; audit.selectors decides by capability.
    class Meta:
        verbose_name = "审计记录"
        indexes = [
            models.Index(fields=["subject_id", "-seq"], name="audit_subject"),
            models.Index(fields=["actor_id", "-seq"], name="audit_actor"),
            models.Index(fields=["action", "-seq"], name="audit_action"),
            models.Index(fields=["-at"], name="audit_at"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.action}"


class AuditHead(models.Model):
    """The one row that holds the chain's end; locking it orders the writers. ``seal`` is keyed, so that nobody without
    the key can move the end back to hide rows that were cut off."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    seq = models.BigIntegerField(default=0)
    mac = models.CharField(max_length=64, default="")
    seal = models.CharField(max_length=64, default="")

    # Exempt from scoping: read by audit.services alone.
    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="audit_head_is_one_row")]

    def __str__(self) -> str:
        return str(self.seq)
