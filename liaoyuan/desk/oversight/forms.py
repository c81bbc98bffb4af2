"""What the audit administrator may ask."""

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liaoyuan.desk.oversight.rules import read_codes
from liaoyuan.foundation.audit.labels import labels
from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.foundation.audit.selectors import Search, narrow
from liaoyuan.kernel.ui.fields import DayFilter


class TrailFilters(django_filters.FilterSet):
    """The trail's filters; the selector knows how to ask the database for them."""

    since = DayFilter(label=gettext_lazy("起"))
    until = DayFilter(label=gettext_lazy("止"))
    action = django_filters.ChoiceFilter(label=gettext_lazy("动作"), choices=lambda: list(labels().items()))
    result = django_filters.ChoiceFilter(
        label=gettext_lazy("结果"),
        choices=[("allowed", gettext_lazy("允许")), ("refused", gettext_lazy("拒绝"))],
    )
    who = django_filters.CharFilter(label=gettext_lazy("操作人"), max_length=80)
    actor = django_filters.UUIDFilter(label=gettext_lazy("账号编号"))
    subject = django_filters.UUIDFilter(label=gettext_lazy("所涉人员编号"))

    class Meta:
        model = AuditEntry
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        """One question to the selector instead of a filter for each field."""
        asked = self.form.cleaned_data
        return narrow(
            queryset,
            Search(
                actor_name=asked["who"],
                actor_ids=(asked["actor"],) if asked["actor"] else None,
                subject_ids=(asked["subject"],) if asked["subject"] else None,
                action=asked["action"],
                allowed={"allowed": True, "refused": False}.get(asked["result"]),
                since=asked["since"],
                until=asked["until"],
            ),
        )


class CodesForm(forms.Form):
    """Codes of earlier proofs, if the auditor kept any."""

    codes = forms.CharField(
        label=gettext_lazy("以往记下的校验码（可不填）"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy("每行一个，写成“条数:校验码”。填了就能发现整个数据库被退回到旧状态。"),
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "12345:0f1e2d3c4b5a6978", "autocomplete": "off"}),
    )

    def clean_codes(self) -> dict[int, str]:
        """Row numbers with their codes."""
        try:
            return read_codes(self.cleaned_data["codes"])
        except ValueError as error:
            raise forms.ValidationError(
                _("“%(line)s”不是校验码。请写成“条数:校验码”，校验码是 16 位数字和字母。") % {"line": error}
            ) from error
