"""Correcting a record: the form of its act with what stands there now, and the reason."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liaoyuan.affairs.admission.forms.acts import FORMS, OTHER
from liaoyuan.affairs.admission.forms.fields import ActForm
from liaoyuan.affairs.admission.models import Case, StepRecord
from liaoyuan.affairs.admission.rules.acts import Act
from liaoyuan.affairs.admission.selectors.content import content_of, correctable
from liaoyuan.kernel.scoping import Actor


def correct_form(data: Any, *, actor: Actor, case: Case, record: StepRecord) -> ActForm:
    """The fields of the act's form that may be corrected, filled with what the record says; its day and the reason. An
    answer that gives none of them corrects the day alone."""
    fields = correctable(record)
    if data is not None and not any(name in data for name in fields):
        fields = ()
    kind = FORMS[Act(record.act)] if fields else ActForm
    initial = content_of(record) | {"on": record.done_on}
    form = kind(data, actor=actor, case=case, initial=initial)
    if "talker" in fields:
        _talker(form, initial)
    for name in [one for one in form.fields if one not in fields and one != "on"]:
        del form.fields[name]
    form.fields["on"].label = gettext_lazy("正确的日期")
    form.fields["reason"] = forms.CharField(label=gettext_lazy("更正理由"), max_length=200)
    return form


def _talker(form: ActForm, initial: dict[str, Any]) -> None:
    """Who talked may not be of the branch, or not any more."""
    talker = initial.get("talker")
    known = talker is not None and any(one.pk == talker.pk for one in form.members)
    form.initial["talker"] = str(talker.pk) if talker is not None and known else OTHER
    if known:
        form.initial["who"] = ""


def day_only(record: StepRecord) -> str:
    """What to do about content that is not corrected here; "" where it is."""
    if correctable(record):
        return ""
    if record.act in {Act.MENTORS, Act.INTRODUCERS}:
        return _("这里更正日期。人选有误的，请再办一次“%(act)s”，以前的人选保留在经过里。") % {
            "act": record.get_act_display()
        }
    if record.detail.get("motion"):
        return _("这里更正日期。票数和结论由会议记录生成，不能在案卷里改动。")
    if record.act == Act.POST:
        return _("这里更正日期。公示内容有误的，请在公示页撤下，再重新公示。")
    return _("这条记录只有日期可以更正；别的内容有误的，请撤销这条记录，再重新登记。")
