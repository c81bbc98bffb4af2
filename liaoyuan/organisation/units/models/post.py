"""Posts that people hold in Party organisations."""

from django.db import models

from liaoyuan.kernel.db import IdModel


class Post(IdModel):
    """A kind of post (书记, 组织委员 …), as data. ``roles`` maps a unit kind ("*" = any) to the code of the
    role that holding the post gives over the unit for the tenure's time."""

    # Exempt from scoping: reference data, the same for everybody.
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField("职务", max_length=40, unique=True)
    order = models.PositiveSmallIntegerField("次序", default=100)
    roles = models.JSONField("赋予角色", default=dict, blank=True)
    needs_full_member = models.BooleanField("须为正式党员", default=True)
    unit_kinds = models.JSONField("适用组织类别", default=list, blank=True)

    class Meta:
        verbose_name = "职务"
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name
