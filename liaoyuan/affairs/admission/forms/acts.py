"""One form for each act of a case."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from liaoyuan.affairs.admission.forms.fields import (
    ActForm,
    PeopleField,
    basis_field,
    choice_field,
    day_field,
    named,
    reason_field,
    text_field,
    verdict_field,
    words_field,
)
from liaoyuan.affairs.admission.forms.postings import PostedForm, PostForm
from liaoyuan.affairs.admission.forms.votes import ConversionVotesForm, VotesForm
from liaoyuan.affairs.admission.rules.acts import MODES, NOTED, OUTCOMES, RESULTS, WAYS, Act
from liaoyuan.affairs.admission.rules.limits import CONVERSION_SOURCES, OPINION_LABELS
from liaoyuan.affairs.admission.selectors.people import approver_talkers, groups_of
from liaoyuan.affairs.admission.services.converting import stop_choices

OTHER = "other"


class TalkForm(ActForm):
    """A talk: who, how, what was said."""

    talker = forms.ChoiceField(label=_("谈话人"))
    who = text_field(_("谈话人姓名"), help_text=_("名单里没有的，在这里填写姓名和职务。"))
    mode = choice_field(_("方式"), list(MODES.items()))
    summary = words_field(
        _("谈话情况"), help_text=_("入党动机、经历、守法、家庭情况；介绍党的基本知识和党员条件的情况。")
    )

    def prepare(self) -> None:
        """Offer the branch's members, oneself first."""
        own = [one for one in self.members if one.pk == self.actor.person_id]
        rest = [one for one in self.members if one.pk != self.actor.person_id]
        field: Any = self.fields["talker"]
        field.choices = [*named([*own, *rest]), (OTHER, _("其他人"))]

    def clean(self) -> dict[str, Any]:
        """A talker from the list, or a name."""
        data = super().clean() or {}
        if data.get("talker") == OTHER and not data.get("who", "").strip():
            self.add_error("who", _("请填写谈话人。"))
        return data

    def values(self) -> dict[str, Any]:
        """With the talker as a person."""
        data = dict(self.cleaned_data)
        chosen = data.pop("talker")
        data["talker"] = next((one for one in self.members if str(one.pk) == chosen), None)
        if data["talker"] is not None:
            data["who"] = ""
        return data


class ApprovalTalkForm(TalkForm):
    """The talk before the approval: by a member of the approving committee, or its 组织员."""

    def prepare(self) -> None:
        """Offer those who hold such a post, oneself first."""
        self._members = approver_talkers(self.actor, self.case)
        super().prepare()
        self.fields["talker"].help_text = _("由审批党委的委员或者组织员谈话。")


class ActivistForm(ActForm):
    """Determining an activist."""

    way = choice_field(_("产生方式"), list(WAYS.items()))
    body = text_field(_("研究决定的会议"), help_text=_("例如 2026年9月支委会；不设支委会的写支部党员大会。"))


class NumberForm(ActForm):
    """Filing: a day and a number."""

    number = text_field(_("文号"), most=60)


class MentorsForm(ActForm):
    """Naming mentors."""

    people = PeopleField(_("培养联系人"), _("由正式党员担任。重新指定时勾选指定后的全部人选。"))
    note = text_field(_("说明"), most=200)

    def prepare(self) -> None:
        """Offer the branch's members."""
        field: Any = self.fields["people"]
        field.offer(self.members)


class ReviewForm(ActForm):
    """A half-year's review."""

    result = choice_field(_("结论"), [(key, words) for key, words in RESULTS.items() if key != NOTED])
    summary = words_field(_("考察情况"))


class OpinionForm(ActForm):
    """What one source says."""

    source = choice_field(_("征求谁的意见"), list(OPINION_LABELS.items()))
    summary = words_field(_("意见"), rows=3)


class ProposeForm(ActForm):
    """The committee's discussion."""

    body = text_field(_("研究的会议"))


class ConsentForm(ActForm):
    """The superior's consent."""

    agreed = verdict_field(_("上级党委"), _("同意"), _("不同意"))
    number = text_field(_("批复文号"), most=60)
    reason = reason_field(_("不同意的理由"))


class IntroducersForm(ActForm):
    """Naming introducers."""

    people = PeopleField(_("入党介绍人"), _("由正式党员担任，一般是培养联系人。"))
    reason = reason_field(help_text=_("人选在处分影响期内、确需由其担任的，写明理由。"))

    def prepare(self) -> None:
        """Offer the branch's members; the mentors are ticked."""
        field: Any = self.fields["people"]
        field.offer(self.members)
        known = {str(one.pk) for one in self.members}
        mentors = self.case.mentors.filter(until__isnull=True).values_list("person_id", flat=True)
        field.initial = [str(pk) for pk in mentors if str(pk) in known]


class PoliticalReviewForm(ActForm):
    """The conclusion of the political review."""

    passed = verdict_field(_("结论"), _("合格"), _("不合格"))
    methods = forms.MultipleChoiceField(
        label=_("方法"),
        choices=[("talk", _("谈话")), ("file", _("查阅档案")), ("units", _("了解情况")), ("letters", _("函调外调"))],
        widget=forms.CheckboxSelectMultiple,
    )
    summary = words_field(_("结论性意见"))


class TrainingForm(ActForm):
    """The short training."""

    begins_on = day_field(_("开始日期"), required=False)
    days = forms.IntegerField(label=_("天数"), min_value=0, max_value=60, required=False)
    hours = forms.IntegerField(label=_("学时"), min_value=0, max_value=500, required=False)
    provider = text_field(_("举办单位"))
    exempt = forms.BooleanField(label=_("个别特殊情况，未参加培训"), required=False)
    basis = basis_field()

    def prepare(self) -> None:
        """The act's day is the last day of the training."""
        self.fields["on"].label = _("结束日期")

    def values(self) -> dict[str, Any]:
        """Without numbers means none."""
        data = dict(self.cleaned_data)
        return data | {"days": data["days"] or 0, "hours": data["hours"] or 0}


class CheckForm(ActForm):
    """The committee's check."""

    qualified = verdict_field(_("支委会审查"), _("合格"), _("不合格"))
    reason = reason_field(_("不合格的理由"))


class PreReviewForm(ActForm):
    """The pre-review."""

    qualified = verdict_field(_("预审"), _("合格，发给入党志愿书"), _("不合格"))
    number = text_field(_("书面通知文号"), most=60)
    leaving_on = day_field(_("本人预计离开现单位的日期"), required=False, help_text=_("没有离开的安排就留空。"))
    reason = reason_field(help_text=_("不合格的，或者即将离开仍要办理的，写明理由。"))


class FormForm(ActForm):
    """The form of application."""

    number = text_field(_("志愿书编号"), most=60)


class WhyForm(ActForm):
    """A day and a reason."""

    why = words_field(_("原因"), rows=3)


class ApproveForm(ActForm):
    """The committee's vote."""

    agreed = verdict_field(_("党委会表决"), _("批准"), _("不批准"))
    by = text_field(_("会议"), help_text=_("例如 旅党委2026年第12次会议。"))
    reason = reason_field(help_text=_("不批准的，或者超过规定期限的，写明理由。"))
    basis = basis_field()


class PlaceForm(ActForm):
    """The new member's group."""

    group = forms.ChoiceField(label=_("党小组"), required=False)

    def prepare(self) -> None:
        """Offer the branch's groups; the person's own is chosen."""
        field: Any = self.fields["group"]
        field.choices = [("", _("不设党小组")), *((str(one.pk), one.name) for one in groups_of(self.case))]
        field.initial = str(self.case.person.group_id or "")

    def values(self) -> dict[str, Any]:
        """The group's id."""
        data = dict(self.cleaned_data)
        return data | {"group": UUID(data["group"]) if data["group"] else None}


class OathForm(ActForm):
    """The oath."""

    where = text_field(_("地点"), required=True)
    reason = reason_field(help_text=_("超过规定期限举行的，写明原因。"))


class ReasonForm(ActForm):
    """A day; a reason where a rule asks for one."""

    reason = reason_field(help_text=_("预备期满以前提出的，写明原因。"))


class PostponeForm(ActForm):
    """A later discussion for who moved in."""

    until = day_field(_("推迟至"))
    why = words_field(_("原因"), rows=3)


class ConversionCheckForm(ActForm):
    """Opinions heard, and what the committee proposes."""

    sources = forms.MultipleChoiceField(
        label=_("已征求意见"),
        choices=[(one, OPINION_LABELS[one]) for one in CONVERSION_SOURCES],
        widget=forms.CheckboxSelectMultiple,
    )
    outcome = choice_field(_("支委会意见"), list(OUTCOMES.items()))
    until = day_field(_("延长至"), required=False, help_text=_("只在建议延长预备期时填写。"))
    reason = reason_field(_("说明"))


class ExamineForm(ActForm):
    """What the new branch found in the papers."""

    introduction = words_field(
        _("原党组织介绍的情况"), help_text=_("培养教育和考察的情况；转来了哪些材料（申请书、登记表、志愿书等）。")
    )
    summary = words_field(_("审查情况"), help_text=_("材料是否齐全、手续是否完备、有没有弄虚作假。"))
    qualified = verdict_field(_("审查结论"), _("材料属实、手续完备，予以接续"), _("材料不全或者无法认定"))


class DisownForm(ActForm):
    """The decision not to recognise a probationer."""

    agreed = verdict_field(_("审批"), _("同意不予承认"), _("不同意，由支部重新审查材料"))
    by = text_field(_("由哪个党委组织部门审批"), required=True, help_text=_("由县级以上党委组织部门审批。"))
    number = text_field(_("批复文号"), most=60)
    reason = reason_field(_("理由"), help_text=_("写明无法认定的情况；不同意的写明理由。"))

    def prepare(self) -> None:
        """Nobody is disowned without a reason."""
        self.fields["reason"].required = True


class StopForm(ActForm):
    """Ending a case."""

    standing = forms.ChoiceField(label=_("终止以后的政治面貌"))
    why = words_field(_("原因"), rows=3)

    def prepare(self) -> None:
        """Where one may go back to from here."""
        field: Any = self.fields["standing"]
        field.choices = [(str(one), one.label) for one in stop_choices(self.case.standing)]


FORMS: dict[Act, type[ActForm]] = {
    Act.TALK: TalkForm,
    Act.ACTIVIST: ActivistForm,
    Act.FILE_ACTIVIST: NumberForm,
    Act.MENTORS: MentorsForm,
    Act.REVIEW: ReviewForm,
    Act.OPINION: OpinionForm,
    Act.PROPOSE: ProposeForm,
    Act.CONSENT: ConsentForm,
    Act.POST: PostForm,
    Act.POSTED: PostedForm,
    Act.LIST: ActForm,
    Act.FILE_CANDIDATE: NumberForm,
    Act.INTRODUCERS: IntroducersForm,
    Act.POLITICAL_REVIEW: PoliticalReviewForm,
    Act.TRAINING: TrainingForm,
    Act.COMMITTEE_CHECK: CheckForm,
    Act.PRE_REVIEW: PreReviewForm,
    Act.FORM: FormForm,
    Act.MEETING: VotesForm,
    Act.REPORT: ActForm,
    Act.APPROVAL_TALK: ApprovalTalkForm,
    Act.EXTEND_APPROVAL: WhyForm,
    Act.APPROVE: ApproveForm,
    Act.REDO: WhyForm,
    Act.FILE_MEMBER: NumberForm,
    Act.PLACE: PlaceForm,
    Act.OATH: OathForm,
    Act.CARE: ReviewForm,
    Act.CONVERSION_APPLY: ReasonForm,
    Act.POSTPONE: PostponeForm,
    Act.CONVERSION_CHECK: ConversionCheckForm,
    Act.CONVERSION_MEETING: ConversionVotesForm,
    Act.CONVERSION_REPORT: ActForm,
    Act.CONVERSION_APPROVE: ApproveForm,
    Act.ARCHIVE: ActForm,
    Act.EXAMINE: ExamineForm,
    Act.DISOWN: DisownForm,
    Act.STOP: StopForm,
}
