"""Forms of roster."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.roster.selectors.uploads import units_to_export


class UploadForm(forms.Form):
    """One workbook."""

    file = forms.FileField(label=_("花名册工作簿（.xlsx）"), allow_empty_file=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit = settings.LIAOYUAN.upload_max_mb
        self.fields["file"].widget.attrs["accept"] = ".xlsx"
        self.fields["file"].help_text = _("最大 %(limit)s MB。上传后先核对，确认之前不会写入任何数据。") % {
            "limit": limit
        }


class ExportForm(forms.Form):
    """Which part of the tree."""

    unit: Any = forms.ModelChoiceField(
        label=_("组织"), queryset=None, required=False, empty_label=_("我的全部管理范围")
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units_to_export(actor)  # type: ignore[attr-defined]  # a ModelChoiceField
