"""Papers from the oath to the archive."""

from liaoyuan.affairs.admission.models import Paper
from liaoyuan.affairs.admission.rules.acts import OUTCOMES, RESULTS, Act
from liaoyuan.affairs.admission.rules.papers import to_archive
from liaoyuan.affairs.admission.rules.sheets import Sheet
from liaoyuan.affairs.admission.selectors.page import evidence_text
from liaoyuan.affairs.admission.selectors.sheets.accepting import votes
from liaoyuan.affairs.admission.selectors.sheets.source import (
    NO_DAY,
    SIGN,
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


def oath(source: Source) -> Sheet:
    """The oath before the flag (DM-38)."""
    record = source.need(Act.OATH)
    return Sheet(
        "oath",
        title("oath"),
        source.branch,
        rows=(
            *person_rows(source)[:1],
            ("宣誓日期", day(record.done_on)),
            ("地点", told(record, "place")),
            ("批准接收日期", day(source.state.progress.approved_on)),
        ),
        boxes=(("参加人员", ""),),
        signs=(f"领誓人（签名）：{SIGN}", f"宣誓人（签名）：{SIGN}"),
    )


def probation(source: Source) -> Sheet:
    """What is copied into the register of probation."""
    state = source.state.progress
    lines = tuple(
        (day(one.done_on), evidence_text(one), RESULTS.get(told(one, "result"), ""))
        for one in source.records.get(Act.CARE, [])
    )
    oath_taken = source.last(Act.OATH)
    return Sheet(
        "probation",
        title("probation"),
        "供填写《预备党员教育考察登记表》时抄录",
        rows=(
            *person_rows(source),
            ("预备期", f"{day(state.probation_from)}至{day(state.probation_until)}"),
            ("入党介绍人", told(source.last(Act.INTRODUCERS), "names")),
            ("所在党小组", told(source.last(Act.PLACE), "name")),
            ("入党宣誓日期", day(oath_taken.done_on if oath_taken else None)),
        ),
        heads=("考察日期", "考察情况", "结论"),
        lines=lines or (("", "", ""),),
        signs=signed(source, "党支部书记", None),
    )


def conversion(source: Source) -> Sheet:
    """What the general meeting resolved at the end of the probation (DM-40, DM-42)."""
    record = source.need(Act.CONVERSION_MEETING)
    branch = source.voted_by(record)
    outcome = OUTCOMES.get(told(record, "outcome"), "转正")
    passed = f"大会同意{outcome}" if record.detail.get("passed", True) else "未获通过"
    until = f"，延长至{day(told(record, 'until'))}" if told(record, "until") else ""
    words = (
        f"{day(record.done_on)}，{branch}召开支部党员大会，讨论预备党员{source.name}同志转正问题，"
        f"采取无记名投票方式表决。{ended(told(record, 'explanation'))}{passed}{until}。"
    )
    return Sheet(
        "conversion",
        title("conversion"),
        branch,
        rows=(*person_rows(source)[:1], ("大会日期", day(record.done_on)), *votes(record)),
        paragraphs=(words,),
        boxes=(("预备期的表现", source.performance(record)),),
        signs=signed(source, "党支部书记", record.done_on, branch=branch),
    )


def conversion_approval(source: Source) -> Sheet:
    """What the committee decided, to the branch (DM-43)."""
    record = source.need(Act.CONVERSION_APPROVE)
    full = source.state.progress.full_on
    if not record.detail.get("agreed"):
        verdict = f"未批准{source.name}同志的转正决议。理由：{ended(blank(record.reason))}请通知本人，并做好工作。"
    else:
        given = OUTCOMES.get(source.state.progress.outcome, "转正")
        granted = f"{source.name}同志转为中共正式党员，党龄自{day(full)}算起" if full else f"{source.name}同志{given}"
        verdict = f"批准{granted}。请同本人谈话，并在支部党员大会上宣布。"
    return Sheet(
        "conversion_approval",
        title("conversion_approval"),
        to=f"{source.branch}：",
        paragraphs=(f"经{day(record.done_on)}{told(record, 'by', '党委会议')}集体讨论表决，{verdict}", "特此通知。"),
        signs=sealed(record.done_on),
    )


def archive(source: Source) -> Sheet:
    """What goes into the personal file (DM-44)."""
    held = {row.kind: row for row in Paper.objects.filter(case=source.case)}
    lines = tuple(
        (str(number), one.name, f"{held[one.kind].pages} 页" if one.kind in held else "缺")
        for number, one in enumerate(to_archive(), 1)
    )
    return Sheet(
        "archive",
        title("archive"),
        source.branch,
        rows=person_rows(source)[:2],
        heads=("序号", "材料", "页数"),
        lines=lines,
        signs=(f"移交人（签名）：{SIGN}", f"接收人（签名）：{SIGN}", NO_DAY),
    )
