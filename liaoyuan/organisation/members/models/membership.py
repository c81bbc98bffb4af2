"""Where a person belongs, over time: the spine."""

from django.db import models

from liaoyuan.kernel.clock import now
from liaoyuan.kernel.db import IdModel
from liaoyuan.organisation.units.models import Unit


class MembershipKind(models.TextChoices):
    """Home is where one belongs (组织关系); attached is where one takes part meanwhile (挂靠)."""

    HOME = "home", "组织关系"
    ATTACHED = "attached", "挂靠"


class Membership(IdModel):
    """One person in one branch from ``since`` until the day before ``until`` (open = now). On any day a person has
    exactly one home membership and at most one attached one."""

    person = models.ForeignKey("members.Person", on_delete=models.CASCADE, related_name="memberships")
    kind = models.CharField("类别", max_length=10, choices=MembershipKind.choices)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="memberships", db_index=False)
    group = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="group_memberships")
    since = models.DateField("起")
    until = models.DateField("止", null=True, blank=True)
    reason = models.CharField("事由", max_length=200, blank=True)
    source = models.CharField(max_length=32, blank=True)
    source_id = models.UUIDField(null=True, blank=True)
    recorded_at = models.DateTimeField(default=now)

    # Exempt from scoping: read only through its person, which is scoped.
    class Meta:
        verbose_name = "组织关系"
        indexes = [models.Index(fields=["unit", "kind", "since"], name="membership_unit")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"], condition=models.Q(until__isnull=True), name="membership_one_open_per_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="membership_ends_after_start",
            ),
        ]
