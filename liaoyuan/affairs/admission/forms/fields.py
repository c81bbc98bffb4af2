"""What the forms of acts share."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from liaoyuan.affairs.admission.models import Case
from liaoyuan.affairs.admission.selectors.people import branch_members
from liaoyuan.kernel import clock
from liaoyuan.kernel.scoping import Actor
from liaoyuan.kernel.ui.fields import DayField
from liaoyuan.organisation.members.forms.fields import day_field
from liaoyuan.organisation.members.models import Person

YES_NO = {"1": True, "0": False}


class ActForm(forms.Form):
    """A form of one act in one case: its day first; ``reason`` and ``basis`` last where the act may need them."""

    on = DayField(label=_("日期"))

    def __init__(self, *args: Any, actor: Actor, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.case = actor, case
        self.fields["on"].initial = clock.today
        self._members: list[Person] | None = None
        self.prepare()

    def prepare(self) -> None:
        """Fill in what depends on the case."""

    @property
    def members(self) -> list[Person]:
        """The full members of the case's branch, without the person himself."""
        if self._members is None:
            self._members = branch_members(self.actor, self.case)
        return self._members

    def values(self) -> dict[str, Any]:
        """The service's arguments."""
        return dict(self.cleaned_data)


def words_field(label: Any, *, rows: int = 4, required: bool = True, help_text: Any = "") -> forms.CharField:
    """A paragraph."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=2000, widget=widget, required=required, help_text=help_text)


class LinesField(forms.CharField):
    """A few names, one a line."""

    def clean(self, value: Any) -> list[str]:
        """The lines that say something."""
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


def lines_field(label: Any, *, required: bool = True, help_text: Any = "") -> LinesField:
    """A few lines."""
    widget = forms.Textarea(attrs={"rows": 2})
    return LinesField(label=label, max_length=400, widget=widget, required=required, help_text=help_text)


def text_field(label: Any, *, required: bool = False, most: int = 80, help_text: Any = "") -> forms.CharField:
    """A line."""
    return forms.CharField(label=label, max_length=most, required=required, help_text=help_text)


def reason_field(label: Any = "", *, help_text: Any = "") -> forms.CharField:
    """Answers what is 不宜."""
    return forms.CharField(label=label or _("理由"), max_length=300, required=False, help_text=help_text)


def basis_field() -> forms.CharField:
    """A special provision."""
    return forms.CharField(
        label=_("另有规定的依据"),
        max_length=300,
        required=False,
        help_text=_("只在有专门规定时填写：文件名称和文号。填写后与记录一起保存。"),
    )


def verdict_field(label: Any, yes: Any, no: Any) -> forms.TypedChoiceField:
    """Yes or no, and never yes by default."""
    return forms.TypedChoiceField(
        label=label, choices=[("1", yes), ("0", no)], coerce=YES_NO.__getitem__, widget=forms.RadioSelect
    )


def choice_field(label: Any, choices: Sequence[tuple[str, Any]], *, initial: str = "") -> forms.ChoiceField:
    """One of a few."""
    return forms.ChoiceField(label=label, choices=choices, initial=initial or None, widget=forms.RadioSelect)


class PeopleField(forms.TypedMultipleChoiceField):
    """Members to tick."""

    def __init__(self, label: Any, help_text: Any = "") -> None:
        super().__init__(label=label, help_text=help_text, coerce=UUID, widget=forms.CheckboxSelectMultiple)

    def offer(self, people: Sequence[Person]) -> None:
        """Who may be ticked."""
        self.choices = named(people)


def named(people: Sequence[Person]) -> list[tuple[str, str]]:
    """People as choices."""
    return [(str(one.pk), f"{one.name} · {one.position or one.rank}") for one in people]


__all__ = [
    "ActForm",
    "PeopleField",
    "basis_field",
    "choice_field",
    "day_field",
    "lines_field",
    "named",
    "reason_field",
    "text_field",
    "verdict_field",
    "words_field",
]
