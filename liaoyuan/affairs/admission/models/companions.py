"""Who accompanies somebody into the Party."""

from django.db import models

from liaoyuan.affairs.admission.models.case import Case, StepRecord
from liaoyuan.kernel.db import IdModel
from liaoyuan.organisation.members.models import Person


class Accompanying(IdModel):
    """A person named for a case, from a day until replaced."""

    since = models.DateField("起", null=True, blank=True)
    until = models.DateField("止", null=True, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        abstract = True


class Mentor(Accompanying):
    """培养联系人: one or two full members a case; replaced when they move or are unsuited (DM-06)."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="mentors")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="mentored_cases")
    record = models.ForeignKey(StepRecord, null=True, on_delete=models.CASCADE, related_name="mentors")

    # Exempt from scoping: read only through its case, which is scoped.
    class Meta:
        verbose_name = "培养联系人"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "person"], condition=models.Q(until__isnull=True), name="mentor_open_once"
            )
        ]


class Introducer(Accompanying):
    """入党介绍人: exactly two full members a case (DM-15)."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="introducers")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="introduced_cases")
    record = models.ForeignKey(StepRecord, null=True, on_delete=models.CASCADE, related_name="introducers")

    # Exempt from scoping: read only through its case, which is scoped.
    class Meta:
        verbose_name = "入党介绍人"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "person"], condition=models.Q(until__isnull=True), name="introducer_open_once"
            )
        ]
