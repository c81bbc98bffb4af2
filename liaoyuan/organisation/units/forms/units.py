"""Founding, editing, moving, splitting, merging and dissolving a unit."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from liaoyuan.kernel.clock import today
from liaoyuan.kernel.ui.fields import MomentField
from liaoyuan.organisation.units import rules
from liaoyuan.organisation.units.forms.fields import day_field, offer, reason_field
from liaoyuan.organisation.units.models import Site, Unit, UnitKind
from liaoyuan.organisation.units.registry import UnitPerson


class UnitChoice(forms.ModelChoiceField):
    """A unit by name and code."""

    def label_from_instance(self, obj: Unit) -> str:
        """Name and code: two companies' first groups share a name."""
        return f"{obj.name}（{obj.code}）"


class UnitForm(forms.Form):
    """A unit's own data. ``parent_kind`` narrows the kinds; ``approvers`` are the organisations above."""

    code = forms.CharField(
        label=_("组织编码"), max_length=60, help_text=_("字母、数字和短横，例如 L01-Y1-Z1；设立后不能更改。")
    )
    name = forms.CharField(label=_("组织名称"), max_length=120)
    kind = forms.ChoiceField(label=_("类别"))
    host_body = forms.CharField(
        label=_("所在单位"), max_length=80, required=False, help_text=_("联合党支部覆盖多个单位时用顿号分开。")
    )
    site = forms.ModelChoiceField(label=_("驻地"), queryset=Site.objects.none(), required=False)
    founded_on = day_field(_("成立日期"))
    elected_on = day_field(_("换届日期"), help_text=_("最近一次换届选举的日期。"))
    can_approve_members = forms.BooleanField(
        label=_("可审批预备党员"), required=False, help_text=_("只有党委可以；由上级党组织决定。")
    )
    approved_by = UnitChoice(
        label=_("批准组织"), queryset=Unit.objects.none(), required=False, help_text=_("临时党支部必填。")
    )
    mission = forms.CharField(label=_("任务名称"), max_length=80, required=False, help_text=_("临时党支部必填。"))
    planned_end_on = day_field(_("计划撤销日期"), help_text=_("临时党支部必填。"))
    reason = reason_field()

    def __init__(
        self, *args: Any, parent_kind: str | None, approvers: Sequence[Unit], sites: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        kinds = rules.kinds_under(parent_kind)
        offer(self, "kind", choices=[(kind, UnitKind(kind).label) for kind in kinds])
        ids = [unit.pk for unit in approvers]
        offer(self, "approved_by", queryset=Unit.objects.unscoped("names of the ancestors").filter(pk__in=ids))
        offer(self, "site", queryset=sites)


class UnitEditForm(UnitForm):
    """The same for a unit that stands: no code, but a day of effect, and what the page was built on."""

    on = day_field(_("生效日期"), required=True)
    expected = MomentField(widget=forms.HiddenInput(), required=False, input_formats=["%Y-%m-%dT%H:%M:%S.%f%z"])
    field_order = ("name", "kind", "host_body", "site", "founded_on", "elected_on", "can_approve_members")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["code"]
        self.fields["on"].initial = today


class TargetForm(forms.Form):
    """Where to move a unit."""

    to = UnitChoice(label=_("移动到"), queryset=Unit.objects.none(), help_text=_("只列出按类别可以作它上级的组织。"))

    def __init__(self, *args: Any, options: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "to", queryset=options)


class ConfirmForm(forms.Form):
    """The day and the reason of a structural change."""

    on = day_field(_("生效日期"), required=True)
    reason = reason_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today


class MoveForm(ConfirmForm):
    """Confirming a previewed move: what the preview showed goes along."""

    expected_path = forms.CharField(widget=forms.HiddenInput(), max_length=64)


class MergeForm(ConfirmForm):
    """Into which unit."""

    target = UnitChoice(label=_("并入"), queryset=Unit.objects.none())
    field_order = ("target", "on", "reason")

    def __init__(self, *args: Any, options: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "target", queryset=options)


class SplitForm(ConfirmForm):
    """The new unit, and who and what goes there."""

    code = forms.CharField(label=_("新组织编码"), max_length=60)
    name = forms.CharField(label=_("新组织名称"), max_length=120)
    host_body = forms.CharField(label=_("新组织所在单位"), max_length=80, required=False)
    child_ids = forms.MultipleChoiceField(
        label=_("划入的下级组织"),
        required=False,
        widget=forms.CheckboxSelectMultiple(),
        help_text=_("党小组划入后，组内人员一并划入。"),
    )
    person_ids = forms.MultipleChoiceField(label=_("划入的人员"), required=False, widget=forms.CheckboxSelectMultiple())
    field_order = ("code", "name", "host_body", "child_ids", "person_ids", "on", "reason")

    def __init__(self, *args: Any, children: Any, people: Sequence[UnitPerson], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "child_ids", choices=[(str(unit.pk), f"{unit.name}（{unit.code}）") for unit in children])
        offer(
            self,
            "person_ids",
            choices=[
                (str(person.id), f"{person.name}（{person.note}）" if person.note else person.name) for person in people
            ],
        )
        if not children:
            del self.fields["child_ids"]
        if not people:
            del self.fields["person_ids"]
