"""The sentences of the rules' findings, and names of capabilities: what is wrong, and what to do."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liaoyuan.foundation.accounts.capabilities import name_capabilities
from liaoyuan.kernel.errors import DomainError
from liaoyuan.organisation.units.models import UnitKind
from liaoyuan.organisation.units.rules import Finding, kinds_under

_FIELDS = {
    "founded_on": gettext_lazy("成立日期"),
    "elected_on": gettext_lazy("换届日期"),
    "planned_end_on": gettext_lazy("计划撤销日期"),
    "dissolved_on": gettext_lazy("撤销日期"),
}

_SENTENCES = {
    "unknown_kind": gettext_lazy("没有“%(kind)s”这种组织类别。请从列表中选择。"),
    "too_deep": gettext_lazy("这样会有 %(depth)s 级，组织层级最多 %(max)s 级。请选择更高一级的上级组织。"),
    "bad_code": gettext_lazy("组织编码只能由字母、数字和其间的短横组成，不超过 %(max)s 个字符，例如 L01-Y1-Z1。"),
    "bad_name_length": gettext_lazy("组织名称须为 2 至 %(max)s 个字。"),
    "name_is_formula": gettext_lazy("组织名称不能以 = + - @ 开头，否则导出后会被表格软件当作公式。"),
    "in_future": gettext_lazy("%(what)s %(day)s 还没有到。请填写实际日期。"),
    "too_far": gettext_lazy("%(what)s %(day)s 太远，最迟到 %(last)s。请核对年份。"),
    "before_founding": gettext_lazy("%(what)s早于成立日期 %(founded)s。请核对两个日期。"),
    "temporary_without_approver": gettext_lazy("临时党支部须经上级党组织批准，请写明批准组织。"),
    "approver_not_above": gettext_lazy("批准组织须是它上面的党委或党总支。请重新选择批准组织。"),
    "temporary_without_mission": gettext_lazy("临时党支部是为执行某项任务组建的，请填写任务名称。"),
    "temporary_without_end": gettext_lazy("临时党支部随任务机构撤销而撤销，请填写计划撤销日期。"),
    "cannot_approve": gettext_lazy("预备党员须由党委审批，只有党委可以有审批预备党员的权限。请去掉这一权限。"),
    "too_many_hosts": gettext_lazy("联合党支部覆盖 %(count)s 个单位，一般不超过 %(max)s 个。请考虑分设。"),
    "too_few_hosts": gettext_lazy("联合党支部应写明所覆盖的两个以上单位，在“所在单位”中用顿号分开。"),
    "temporary_too_long": gettext_lazy("计划存在超过 %(months)s 个月。组织关系需要转接的，应考虑成立一般党支部。"),
    "too_few_full_members": gettext_lazy("正式党员 %(count)s 人，不足 %(min)s 人。请考虑并入邻近支部或联合设立。"),
    "too_many_members": gettext_lazy("党员 %(count)s 人，一般不超过 %(max)s 人。请考虑分设支部或设党总支。"),
    "approver_left_behind": gettext_lazy("批准它成立的“%(approver)s”将不再是它的上级。请核对批准组织。"),
    "change_in_future": gettext_lazy("生效日期还没有到。请在生效当天办理。"),
    "change_before_founding": gettext_lazy("生效日期早于成立日期 %(founded)s。请核对日期。"),
    "change_before_last": gettext_lazy("生效日期早于该组织上一次变动（%(last)s）。请填写当天或之后的日期。"),
}


def kind_label(kind: str) -> str:
    """The Chinese name of a kind."""
    return str(UnitKind(kind).label) if kind in UnitKind.values else kind


def sentence(finding: Finding) -> str:
    """The sentence a user reads."""
    values: dict[str, Any] = dict(finding.values)
    if "what" in values:
        values["what"] = str(_FIELDS[values["what"]])
    if finding.code == "wrong_place":
        return _wrong_place(values["kind"], values["parent_kind"] or None)
    return str(_SENTENCES[finding.code]) % values


def _wrong_place(kind: str, parent_kind: str | None) -> str:
    if parent_kind is None:
        return _("%(kind)s不能作为最上级组织，请选择上级组织。") % {"kind": kind_label(kind)}
    allowed = "、".join(kind_label(each) for each in kinds_under(parent_kind))
    names = {"kind": kind_label(kind), "parent": kind_label(parent_kind), "allowed": allowed}
    if not allowed:
        return _("%(parent)s下面不能再设组织。请选择其他上级组织。") % names
    return _("%(kind)s不能设在%(parent)s下面；%(parent)s下面可以设：%(allowed)s。") % names


def refuse(findings: Iterable[Finding]) -> None:
    """Raise a DomainError with the first blocking finding; the field and the clause go with it."""
    for finding in findings:
        if finding.blocking:
            raise DomainError(sentence(finding), field=finding.field, clause=finding.clause)


CAPABILITY_WORDS = {
    "units.view": gettext_lazy("查看组织"),
    "units.manage": gettext_lazy("维护组织：设立、调整、撤销"),
    "units.grant": gettext_lazy("授权：指定他人办理"),
    "units.delegate": gettext_lazy("委托：请他人代行自己的职权"),
    "units.view_access": gettext_lazy("查看谁有什么权限"),
    "members.view": gettext_lazy("查看人员名单"),
    "members.view_file": gettext_lazy("查看人员档案"),
    "members.reveal": gettext_lazy("查看身份证号、电话全文（须写理由）"),
    "members.manage": gettext_lazy("维护人员档案"),
    "members.export": gettext_lazy("导出人员名单"),
    "roster.import": gettext_lazy("导入花名册"),
    "roster.export": gettext_lazy("导出花名册"),
    "whereabouts.view": gettext_lazy("查看外出与在位"),
    "whereabouts.post": gettext_lazy("登记外出"),
    "whereabouts.check_in": gettext_lazy("本人打卡"),
    "insights.map": gettext_lazy("查看党员地图"),
    "insights.names": gettext_lazy("在地图上看到姓名"),
    "insights.precise": gettext_lazy("在地图上看到准确位置"),
    "chronicle.view": gettext_lazy("查看全程纪实"),
    "chronicle.record": gettext_lazy("记录纪实"),
    "chronicle.correct": gettext_lazy("更正纪实"),
    "regulations.override": gettext_lazy("调整法规参数（须写理由）"),
    "regulations.calendar": gettext_lazy("维护工作日历"),
    "accounts.initial_codes": gettext_lazy("发放初始口令"),
    "oversight.data_quality": gettext_lazy("查看数据质量"),
    "inbox.send": gettext_lazy("向本单位及所属发送通知"),
}


def capability_words(capability: str) -> str:
    """What a capability lets one do, in words; the name itself where a later app has not said."""
    return str(CAPABILITY_WORDS.get(capability, capability))


def add_capability_words(words: dict[str, Any]) -> None:
    """Let a higher app name its own capabilities (from ``AppConfig.ready``)."""
    CAPABILITY_WORDS.update(words)
    name_capabilities(words)  # the page of API tokens names them too
