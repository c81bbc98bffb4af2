"""A candidate's public posting: on the platform or on walls, and what came of it."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from liaoyuan.activity.notices.selectors import mobile_after, mobile_at
from liaoyuan.affairs.admission.forms.fields import (
    ActForm,
    day_field,
    lines_field,
    text_field,
    verdict_field,
    words_field,
)
from liaoyuan.affairs.admission.selectors.people import with_account
from liaoyuan.affairs.admission.services.acting import limits_of
from liaoyuan.kernel import clock
from liaoyuan.organisation.members.models import Person


class PostForm(ActForm):
    """A public posting on the platform, from today."""

    receiver = forms.ChoiceField(label=_("意见受理人"), help_text=_("收到的意见只有受理人能看到。"))
    away = text_field(_("流入地的张贴地点"), most=60, required=True)
    contact = text_field(_("联系方式"), most=120, help_text=_("公示上写明的电话、地点，可以留空。"))

    def prepare(self) -> None:
        """Today; somebody with an account who receives objections; where it hangs for whoever has been away for long
        and is attached to no branch there."""
        person = self.case.person
        gone = mobile_at(person, clock.today()) if person.attached_unit_id is None else None
        if gone is None:
            del self.fields["away"]
        else:
            words = {"since": gone.since, "site": gone.site, "term": gone.term}
            self.fields["away"].help_text = (
                gettext("本人自 %(since)s 外出（%(site)s）已超过%(term)s，须在流出地和流入地同时公示。") % words
            )
        self.fields["on"].widget = forms.HiddenInput()
        self.fields["on"].required = False
        field: Any = self.fields["receiver"]
        field.choices = [
            (str(one.pk), f"{one.name} · {one.position or one.rank}") for one in with_account(self.members)
        ]

    def values(self) -> dict[str, Any]:
        """With the receiver as a person."""
        chosen = self.cleaned_data["receiver"]
        receiver: Person = next(one for one in self.members if str(one.pk) == chosen)
        data = self.cleaned_data
        return {"receiver": receiver, "contact": data["contact"], "away": data.get("away", "")}


class WallPostForm(ActForm):
    """A public posting that hung on walls."""

    ends_on = day_field(_("公示截止日期"))
    places = lines_field(_("张贴地点"), help_text=_("本单位或居住地的张贴地点，一行写一处，例如 连部公示栏。"))
    away = lines_field(
        _("流入地的张贴地点"), required=False,
    )  # fmt: skip

    def prepare(self) -> None:
        """The day it was put up is told, not supposed; how long it must have hung is said."""
        self.fields["on"].label, self.fields["on"].initial = _("张贴日期"), None
        self.fields["away"].help_text = gettext(
            "公示期间本人挂靠在外，或外出已超过%(term)s的，须在流出地和流入地同时公示，写明在流入地张贴的地点；其他情况留空。"
        ) % {"term": mobile_after(clock.today(), self.case.path)}
        limits = limits_of(self.case)
        first = _("张贴当天计入") if limits.count_first else _("张贴当天不计入")
        self.fields["ends_on"].help_text = _("不少于 %(n)s 个工作日，%(first)s。") % {
            "n": limits.posting_days or "",
            "first": first,
        }


class PostedForm(ActForm):
    """What came of a posting."""

    clear = verdict_field(_("公示结果"), _("不影响发展"), _("影响发展，不列为发展对象"))
    result = words_field(_("情况"), rows=3)
