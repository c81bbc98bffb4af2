"""Papers of a case file."""

from django.db import models

from liaoyuan.affairs.admission.models.case import Case
from liaoyuan.affairs.admission.rules.papers import PAPERS
from liaoyuan.foundation.files.models import StoredFile
from liaoyuan.kernel.clock import now
from liaoyuan.kernel.db import IdModel


class Paper(IdModel):
    """One paper that the branch holds for a case: which, since when, where it lies; a scan where there is one."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="papers")
    kind = models.CharField("材料", max_length=24, choices=[(kind, info.name) for kind, info in PAPERS.items()])
    received_on = models.DateField("收到日期")
    pages = models.PositiveSmallIntegerField("页数", default=1)
    place = models.CharField("存放处", max_length=80, blank=True)
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField("登记人", max_length=80)
    recorded_at = models.DateTimeField(default=now)

    # Exempt from scoping: read only through its case, which is scoped.
    class Meta:
        verbose_name = "案卷材料"
        constraints = [models.UniqueConstraint(fields=["case", "kind"], name="paper_one_of_a_kind")]
