"""Putting a posting up, objecting, answering, concluding."""

from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from liaoyuan.activity.notices.models import PostingResult, PublicPosting
from liaoyuan.activity.notices.rules import LABEL_MOST, LEAD_MOST, VALUE_MOST, Body
from liaoyuan.activity.notices.selectors import mobile_after
from liaoyuan.activity.notices.selectors.pages import receivers_to_name, units_to_post
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import DomainError
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.units.models import Unit


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: what was sent (an empty form too), or nothing when it is only shown."""
    return request.POST if request.method == "POST" else None


def show_refusal(form: forms.Form, error: DomainError) -> None:
    """A refusal stands at its field, with its clause."""
    form.add_error(error.field if error.field in form.fields else None, error.sentence)


class StartForm(forms.Form):
    """A posting of one's own (those of an affair are put up from its case)."""

    unit = forms.ModelChoiceField(label=_("公示单位"), queryset=Unit.objects.none(), empty_label=_("请选择"))
    title = forms.CharField(label=_("标题"), max_length=120)
    lead = forms.CharField(label=_("正文"), max_length=LEAD_MOST, widget=forms.Textarea(attrs={"rows": 5}))
    rows = forms.CharField(
        label=_("表格"),
        required=False,
        max_length=40 * (LABEL_MOST + VALUE_MOST + 2),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("每行一项，写作“名称：内容”。可以留空。"),
    )
    closing = forms.CharField(
        label=_("结尾"), max_length=LEAD_MOST, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    person = forms.ModelChoiceField(
        label=_("公示对象"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=_("不针对一个人"),
        help_text=_("对象外出挂靠的，在流出地和流入地同时公示。"),
    )
    away = forms.CharField(label=_("流入地的张贴地点"), required=False, max_length=60)
    receiver = forms.ModelChoiceField(
        label=_("异议受理人"),
        queryset=Person.objects.none(),
        empty_label=_("请选择"),
        help_text=_("只有受理人能看到异议。不能是公示对象本人。"),
    )
    contact = forms.CharField(label=_("联系方式"), max_length=120, required=False)

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["unit"].queryset = units_to_post(actor)
        people = receivers_to_name(actor)
        fields["receiver"].queryset = people.filter(user__isnull=False)
        fields["person"].queryset = people
        fields["away"].help_text = _("对象外出超过%(term)s又没有挂靠的，写明在那里张贴的地点；其他情况留空。") % {
            "term": mobile_after(clock.today())
        }

    def clean_rows(self) -> tuple[tuple[str, str], ...]:
        """Label and value of each line."""
        pairs = []
        for line in self.cleaned_data["rows"].splitlines():
            if not line.strip():
                continue
            label, colon, value = line.replace(":", "：", 1).partition("：")
            if not colon or not label.strip():
                raise forms.ValidationError(
                    _("“%(line)s”缺少名称或冒号，请写作“名称：内容”。"), params={"line": line.strip()[:20]}
                )
            pairs.append((label.strip(), value.strip()))
        return tuple(pairs)

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        data = self.cleaned_data
        return {
            "unit": data["unit"],
            "title": data["title"],
            "body": Body(data["lead"], data["rows"], data["closing"]),
            "receiver": data["receiver"],
            "person": data["person"],
            "contact": data["contact"],
            "away": data["away"],
        }


class ObjectionForm(forms.Form):
    """What is wrong."""

    text = forms.CharField(label=_("情况"), max_length=5000, widget=forms.Textarea(attrs={"rows": 6}))
    anonymous = forms.BooleanField(
        label=_("不向受理人显示我的姓名"),
        required=False,
        help_text=_("平台加密保存您的身份，只用于把答复送回给您；受理人和其他人都看不到。"),
    )


class FollowForm(forms.Form):
    """More in the same thread."""

    text = forms.CharField(label=_("补充"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4}))


class AnswerForm(forms.Form):
    """The receiver's answer."""

    text = forms.CharField(label=_("答复"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4}))


class ConcludeForm(forms.Form):
    """What came of it."""

    result = forms.ChoiceField(label=_("结论"), choices=[], widget=forms.RadioSelect)
    finding = forms.CharField(
        label=_("核实情况"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("会显示在公示页面上：不写提出人和可以推知提出人的细节。"),
    )

    def __init__(self, posting: PublicPosting, objections: bool, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["result"].choices = [
            pair for pair in PostingResult.choices if (pair[0] != PostingResult.NO_OBJECTION) == objections
        ]


class ReceiverForm(forms.Form):
    """Who takes the objections from now on."""

    receiver = forms.ModelChoiceField(
        label=_("新的异议受理人"),
        queryset=Person.objects.none(),
        empty_label=_("请选择"),
        help_text=_("已收到的异议一并转交给新的受理人，原受理人不再能看到。不能是公示对象本人，也不能是您自己。"),
    )
    contact = forms.CharField(label=_("联系方式"), max_length=120, required=False)
    reason = forms.CharField(
        label=_("更换的理由"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("例如 原受理人已离队。"),
    )

    def __init__(self, actor: Actor, posting: PublicPosting, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = receivers_to_name(actor).filter(user__isnull=False)
        nobody = [one for one in (posting.receiver_id, posting.person_id, actor.person_id) if one is not None]
        field: Any = self.fields["receiver"]
        field.queryset = people.exclude(pk__in=nobody)


class WithdrawForm(forms.Form):
    """Why it comes down."""

    reason = forms.CharField(label=_("撤下理由"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
