"""Political standing over time."""

from django.db import models

from liaoyuan.kernel.clock import now
from liaoyuan.kernel.db import IdModel


class StandingKind(models.TextChoices):
    """Political standing, in the order of admission, and the forms in which membership ended."""

    MASSES = "masses", "群众"
    LEAGUE_MEMBER = "league_member", "共青团员"
    APPLICANT = "applicant", "入党申请人"
    ACTIVIST = "activist", "入党积极分子"
    CANDIDATE = "candidate", "发展对象"
    PROBATIONARY = "probationary", "预备党员"
    FULL = "full", "正式党员"
    SUSPENDED = "suspended", "停止党籍"
    ENDED = "ended", "已不是党员"

    @property
    def is_member(self) -> bool:
        """A Party member: full or probationary."""
        return self in {StandingKind.FULL, StandingKind.PROBATIONARY}


class Standing(IdModel):
    """What a person's political standing was from ``since`` until the day before ``until`` (open = now)."""

    person = models.ForeignKey("members.Person", on_delete=models.CASCADE, related_name="standings")
    kind = models.CharField("政治面貌", max_length=16, choices=StandingKind.choices)
    since = models.DateField("起", null=True, blank=True)
    until = models.DateField("止", null=True, blank=True)
    basis = models.CharField("依据", max_length=120, blank=True)
    recorded_at = models.DateTimeField(default=now)

    # Exempt from scoping: read only through its person, which is scoped.
    class Meta:
        verbose_name = "政治面貌"
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(until__isnull=True), name="standing_one_open"
            ),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True)
                | models.Q(since__isnull=True)
                | models.Q(until__gte=models.F("since")),
                name="standing_ends_after_start",
            ),
        ]
