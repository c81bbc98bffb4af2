"""Papers from the introducers to the approval."""

from liaoyuan.affairs.admission.models import StepRecord
from liaoyuan.affairs.admission.rules.acts import Act
from liaoyuan.affairs.admission.rules.sheets import Sheet
from liaoyuan.affairs.admission.selectors.page import evidence_text
from liaoyuan.affairs.admission.selectors.sheets.source import (
    Rows,
    Source,
    blank,
    day,
    ended,
    person_rows,
    sealed,
    signed,
    title,
    told,
)


def introducers(source: Source) -> Sheet:
    """Who introduces him (DM-15)."""
    record = source.need(Act.INTRODUCERS)
    names = tuple(("入党介绍人", str(name)) for name in record.detail.get("names", ()))
    return Sheet(
        "introducers",
        title("introducers"),
        source.branch,
        rows=(*person_rows(source)[:2], *names, ("确定日期", day(record.done_on))),
        paragraphs=(f"说明：{ended(record.reason)}",) if record.reason else (),
        boxes=(("介绍人意见", ""),),
        signs=signed(source, "党支部书记", record.done_on),
    )


def political_review(source: Source) -> Sheet:
    """The conclusion (DM-18)."""
    record = source.need(Act.POLITICAL_REVIEW)
    verdict = "合格" if record.detail.get("passed", True) else "不合格"
    return Sheet(
        "political_review",
        title("political_review"),
        source.branch,
        rows=(*person_rows(source), ("政治审查结论", verdict)),
        boxes=(("审查情况", evidence_text(record)),),
        signs=signed(source, "党支部书记", record.done_on),
    )


def pre_review(source: Source) -> Sheet:
    """The committee's answer in writing (DM-21)."""
    record = source.need(Act.PRE_REVIEW)
    if record.detail.get("qualified"):
        within = source.state.limits.meeting_within
        when = f"在{within}内" if within is not None else "及时"
        verdict = f"合格，发给《中国共产党入党志愿书》。请{when}提交支部党员大会讨论。"
    else:
        verdict = f"不合格。理由：{ended(blank(record.reason))}"
    return Sheet(
        "pre_review",
        title("pre_review"),
        told(record, "number"),
        to=f"{source.branch}：",
        paragraphs=(f"你支部报来{source.name}同志的有关材料已经预审，{verdict}", "特此通知。"),
        signs=sealed(record.done_on),
    )


def form(source: Source) -> Sheet:
    """What is copied into the official application form."""
    state, training = source.state.progress, source.last(Act.TRAINING)
    taken = [f"{told(training, key)}{unit}" for key, unit in (("days", "天"), ("hours", "学时")) if told(training, key)]
    return Sheet(
        "form",
        title("form"),
        "供本人填写《中国共产党入党志愿书》时抄录；志愿书用统一印制的式样",
        rows=(
            *person_rows(source),
            ("确定为积极分子", day(state.activist_on)),
            ("列为发展对象", day(state.candidate_on)),
            ("短期集中培训", "、".join(taken)),
            ("入党介绍人", told(source.last(Act.INTRODUCERS), "names")),
            ("预审合格日期", day(state.pre_reviewed_on)),
            ("志愿书编号", told(source.need(Act.FORM), "number")),
        ),
    )


def votes(record: StepRecord) -> Rows:
    """A count of votes."""
    names = (("entitled", "应到会"), ("present", "实到会"), ("yes", "赞成"), ("no", "不赞成"), ("abstain", "弃权"),
             ("written", "会前书面意见"))  # fmt: skip
    people = {"entitled", "present"}
    return tuple(
        (label, f"有表决权的 {told(record, key)} 人" if key in people else f"{told(record, key)} 票")
        for key, label in names
        if told(record, key)
    )


def resolution(source: Source) -> Sheet:
    """What the general meeting resolved (DM-30)."""
    record = source.need(Act.MEETING)
    branch = source.voted_by(record)
    passed = "大会同意接收其为中共预备党员。" if record.detail.get("passed", True) else "未获通过。"
    words = (
        f"{day(record.done_on)}，{branch}召开支部党员大会，讨论接收{source.name}同志为中共预备党员，"
        f"采取无记名投票方式表决。{ended(told(record, 'explanation'))}{passed}"
    )
    return Sheet(
        "resolution",
        title("resolution"),
        branch,
        rows=(*person_rows(source)[:1], ("大会日期", day(record.done_on)), *votes(record)),
        paragraphs=(words,),
        boxes=(("主要表现", source.performance(record)),),
        signs=signed(source, "党支部书记", record.done_on, branch=branch),
    )


def approval(source: Source) -> Sheet:
    """What the committee decided, to the branch (DM-35)."""
    record = source.need(Act.APPROVE)
    by = told(record, "by", "党委会议")
    if record.detail.get("agreed"):
        since, until = source.state.progress.probation_from, source.state.progress.probation_until
        verdict = (
            f"批准{source.name}同志为中共预备党员，预备期自{day(since)}至{day(until)}。"
            "请通知本人，并在支部党员大会上宣布。"
        )
    else:
        verdict = (
            f"未批准接收{source.name}同志为中共预备党员。理由：{ended(blank(record.reason))}请通知本人，并做好工作。"
        )
    return Sheet(
        "approval",
        title("approval"),
        to=f"{source.branch}：",
        paragraphs=(f"经{day(record.done_on)}{by}集体讨论表决，{verdict}", "特此通知。"),
        signs=sealed(record.done_on),
    )
