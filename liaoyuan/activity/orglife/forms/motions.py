"""Putting a question, opening and closing its ballot, counting, writing, signing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from liaoyuan.activity.orglife.models import Meeting, Motion, Presence
from liaoyuan.activity.orglife.models.motion import BallotMode
from liaoyuan.activity.orglife.rules.boxes import CHOICES
from liaoyuan.activity.orglife.rules.decisions import AGENDA, RULES
from liaoyuan.activity.orglife.rules.votes import PaperCount
from liaoyuan.activity.orglife.selectors.pages import roll_people
from liaoyuan.kernel.ui.fields import MomentField
from liaoyuan.organisation.members.models import Person

# Admission and conversion are put by their case; here a meeting puts its own questions.
OWN_RULES = ("general", "committee", "election")


class MotionForm(forms.Form):
    """A question of the meeting's own."""

    title = forms.CharField(label=_("表决事项"), max_length=120)
    rule = forms.ChoiceField(label=_("表决规则"), choices=[])
    mode = forms.ChoiceField(label=_("表决方式"), choices=BallotMode.choices)
    person = forms.ModelChoiceField(
        label=_("涉及的人"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=_("不涉及具体人"),
        help_text=_("选举须一人一项逐个表决。"),
    )
    mover = forms.ModelChoiceField(
        label=_("提议人"), queryset=Person.objects.none(), required=False, empty_label=_("支部委员会")
    )

    def __init__(self, meeting: Meeting, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["rule"].choices = [(key, RULES[key].label) for key in OWN_RULES if meeting.kind in RULES[key].meetings]
        fields["person"].queryset = roll_people(meeting)
        # Those with a vote are offered; who is on the roll without one is refused by the service, with the clause.
        fields["mover"].queryset = roll_people(meeting)
        offered = [(str(one.pk), one.name) for one in roll_people(meeting, entitled=True)]
        fields["mover"].choices = [("", fields["mover"].empty_label), *offered]


class OpenBallotForm(forms.Form):
    """What has taken place, and how votes are given."""

    agenda = forms.MultipleChoiceField(label=_("已经进行"), required=False, widget=forms.CheckboxSelectMultiple)
    mode = forms.ChoiceField(label=_("表决方式"), choices=BallotMode.choices)

    def __init__(self, motion: Motion, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        rule = RULES[motion.rule]
        fields["agenda"].choices = [(key, AGENDA[key]) for key in rule.agenda]
        if not rule.agenda:
            del fields["agenda"]
        if rule.secret:
            fields["mode"].choices = [pair for pair in BallotMode.choices if pair[0] != BallotMode.SHOW_OF_HANDS]
        if not self.is_bound:
            self.initial["mode"] = motion.mode


class CloseBallotForm(forms.Form):
    """Closing although somebody has not voted."""

    missing_ok = forms.BooleanField(label=_("还有人没有投票也结束"), required=False)


class OpinionForm(forms.Form):
    """A formal opinion in writing."""

    person = forms.ModelChoiceField(label=_("谁的意见"), queryset=Person.objects.none(), empty_label=_("请选择"))
    choice = forms.ChoiceField(label=_("意见"), choices=list(CHOICES.items()), widget=forms.RadioSelect)
    text = forms.CharField(label=_("理由"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    received_at = MomentField(label=_("收到时间"), required=False, help_text=_("留空为现在。须早于开会时间。"))

    def __init__(self, meeting: Meeting, own: Person | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        if own is not None:
            fields["person"].queryset = Person.objects.unscoped("oneself").filter(pk=own.pk)
            fields["person"].initial = own
            del fields["received_at"]
        else:
            fields["person"].queryset = roll_people(meeting, entitled=True)


class PaperForm(forms.Form):
    """One teller's count: his own, or (``own`` is None) of whoever the recorder writes for."""

    teller = forms.ModelChoiceField(label=_("计票人"), queryset=Person.objects.none(), empty_label=_("请选择"))
    handed_out = forms.IntegerField(label=_("发出票数"), min_value=0)
    collected = forms.IntegerField(label=_("收回票数"), min_value=0)
    yes = forms.IntegerField(label=_("赞成"), min_value=0)
    no = forms.IntegerField(label=_("反对"), min_value=0)
    abstain = forms.IntegerField(label=_("弃权"), min_value=0)
    invalid = forms.IntegerField(label=_("无效"), min_value=0, initial=0)

    def __init__(self, motion: Motion, own: Person | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        people = roll_people(motion.meeting, entitled=True, presence=Presence.PRESENT)
        if own is not None:
            people = people.filter(pk=own.pk)
            fields["teller"].initial = own
        if motion.person_id is not None:
            people = people.exclude(pk=motion.person_id)
        fields["teller"].queryset = people

    def count(self) -> PaperCount:
        """The count as the rules take it."""
        names = ("handed_out", "collected", "yes", "no", "abstain", "invalid")
        return PaperCount(**{name: self.cleaned_data[name] for name in names})


class HandsForm(forms.Form):
    """Raised hands."""

    yes = forms.IntegerField(label=_("赞成"), min_value=0)
    no = forms.IntegerField(label=_("反对"), min_value=0)
    abstain = forms.IntegerField(label=_("弃权"), min_value=0)


class SignForm(forms.Form):
    """What the resolution says of the person."""

    performance = forms.CharField(
        label=_("主要表现"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("接收预备党员和转正的决议必须写明；签署后不能再改。"),
    )
