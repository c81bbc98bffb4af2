"""Who held which post."""

from django.db import models

from liaoyuan.kernel.clock import now
from liaoyuan.kernel.db import IdModel
from liaoyuan.organisation.units.models import Post, Unit


class Tenure(IdModel):
    """A person holds a post in a unit from ``since`` to ``until``, both days included (open = now)."""

    person = models.ForeignKey("members.Person", on_delete=models.CASCADE, related_name="tenures", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="tenures", db_index=False)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="tenures")
    since = models.DateField("任职日期")
    until = models.DateField("免职日期", null=True, blank=True)
    note = models.CharField("备注", max_length=120, blank=True)
    recorded_at = models.DateTimeField(default=now)

    # Exempt from scoping: read only through its person or unit, which are scoped.
    class Meta:
        verbose_name = "任职"
        indexes = [models.Index(fields=["unit", "until"], name="tenure_unit")]
        constraints = [
            models.UniqueConstraint(fields=["person", "unit", "post", "since"], name="tenure_unique"),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="tenure_ends_after_start",
            ),
        ]
