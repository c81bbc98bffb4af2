"""Papers from the application to the posting."""

from liaoyuan.affairs.admission.rules.acts import MODES, RESULTS, WAYS, Act
from liaoyuan.affairs.admission.rules.limits import OPINION_LABELS
from liaoyuan.affairs.admission.rules.sheets import Sheet
from liaoyuan.affairs.admission.rules.timeline import DONE
from liaoyuan.affairs.admission.selectors.page import evidence_text
from liaoyuan.affairs.admission.selectors.sheets.source import (
    NO_DAY,
    SIGN,
    Source,
    blank,
    day,
    ended,
    person_rows,
    signed,
    title,
    told,
)


def register(source: Source) -> Sheet:
    """Every step that is done, with its day."""
    lines = tuple(
        (str(line.number), line.name, day(line.done_on) if line.done_on or not line.assumed else "上线前办理")
        for line in source.state.lines
        if line.state == DONE
    )
    return Sheet(
        "register",
        title("register"),
        f"{source.branch} · 适用{source.state.limits.text}",
        rows=person_rows(source),
        heads=("步骤", "事项", "日期"),
        lines=lines,
    )


def talk(source: Source) -> Sheet:
    """The talk with the applicant (DM-03)."""
    record = source.need(Act.TALK)
    return Sheet(
        "talk",
        title("talk"),
        source.branch,
        rows=(
            *person_rows(source)[:2],
            ("谈话日期", day(record.done_on)),
            ("谈话方式", MODES.get(told(record, "mode"), "")),
            ("谈话人", told(record, "who")),
        ),
        boxes=(("谈话内容", evidence_text(record)),),
        signs=(f"谈话人（签名）：{SIGN}", f"申请人（签名）：{SIGN}", NO_DAY),
    )


def activist(source: Source) -> Sheet:
    """The report that puts the activist on file above (DM-04)."""
    record = source.need(Act.ACTIVIST)
    way = WAYS.get(told(record, "way"))
    body = told(record, "body", "支部委员会")
    words = (
        f"经{blank(way or '')}，{day(record.done_on)}{body}研究，确定{source.name}同志为入党积极分子，"
        "现予报告，请予备案。"
    )
    return Sheet(
        "activist",
        title("activist"),
        source.branch,
        rows=person_rows(source),
        paragraphs=(words,),
        signs=signed(source, "党支部书记", record.done_on),
    )


def cultivation(source: Source) -> Sheet:
    """What is copied into the register of cultivation (DM-07)."""
    lines = tuple(
        (day(one.done_on), evidence_text(one), RESULTS.get(told(one, "result"), ""))
        for one in source.records.get(Act.REVIEW, [])
    )
    return Sheet(
        "cultivation",
        title("cultivation"),
        "供填写《入党积极分子培养教育考察登记表》时抄录",
        rows=(
            *person_rows(source),
            ("确定为积极分子", day(source.state.progress.activist_on)),
            ("培养联系人", told(source.last(Act.MENTORS), "names")),
        ),
        heads=("考察日期", "考察情况", "结论"),
        lines=lines or (("", "", ""),),
        signs=signed(source, "党支部书记", None),
    )


def opinions(source: Source) -> Sheet:
    """What the four sources said (DM-12)."""
    lines = tuple(
        (OPINION_LABELS.get(told(one, "source"), ""), evidence_text(one), day(one.done_on))
        for one in source.records[Act.OPINION]
    )
    return Sheet(
        "opinions",
        title("opinions"),
        source.branch,
        rows=(*person_rows(source)[:2], ("确定为积极分子", day(source.state.progress.activist_on))),
        heads=("征求对象", "意见", "日期"),
        lines=lines,
        signs=signed(source, "记录人", None),
    )


def candidate(source: Source) -> Sheet:
    """The branch asks the committee above to agree, or tells it (DM-12)."""
    record = source.need(Act.PROPOSE)
    asked = "请予研究同意。" if source.state.limits.needs_consent else "现予报告，请予备案。"
    words = (
        f"{source.name}同志{day(source.state.progress.activist_on)}被确定为入党积极分子，经{source.state.limits.cultivate}以上培养教育和考察，"
        f"在听取党小组、培养联系人、党员和群众意见的基础上，{day(record.done_on)}"
        f"{told(record, 'body', '支部委员会')}讨论，拟列为发展对象，{asked}"
    )
    return Sheet(
        "candidate",
        title("candidate"),
        source.branch,
        rows=person_rows(source),
        paragraphs=(words,),
        boxes=(("主要表现", ""),),
        signs=signed(source, "党支部书记", record.done_on),
    )


def posting_notice(source: Source) -> Sheet:
    """What hangs on the wall (DM-13): the day of birth to the month, nothing that others need not know."""
    post = source.last(Act.POST)
    facts = dict(person_rows(source))
    names = ("姓名", "性别", "民族", "出生年月", "学历", "所在单位及职务", "申请入党日期")
    lead = "经支部委员会研究、上级党委同意，拟将下列同志列为发展对象，现予公示。"
    term = (
        f"公示期自{day(post.done_on if post else None)}起至{day(told(post, 'ends_on'))}止"
        f"（不少于{source.state.limits.posting_days}个工作日）。公示期间，党员和群众如有意见，可以当面、电话或书面向"
        f"受理人反映；反映情况应当实事求是，受理人负责保密。"
    )
    return Sheet(
        "posting_notice",
        f"关于拟列{source.name}同志为发展对象的公示",
        source.branch,
        rows=(
            *((label, facts[label]) for label in names),
            ("确定为积极分子", day(source.state.progress.activist_on)),
            ("培养联系人", told(source.last(Act.MENTORS), "names")),
            ("受理人", ""),
            ("联系电话", ""),
        ),
        lead=lead,
        paragraphs=(term,),
        signs=(source.branch, day(post.done_on if post else None)),
    )


def posting(source: Source) -> Sheet:
    """How the posting went, to the committee above (DM-13)."""
    posted, post = source.need(Act.POSTED), source.last(Act.POST)
    words = (
        f"{source.name}同志拟列为发展对象，自{day(post.done_on if post else None)}至{day(told(post, 'ends_on'))}"
        f"在{blank(told(post, 'places'))}公示（不少于{source.state.limits.posting_days}个工作日）。",
        f"公示结果：{ended(blank(told(posted, 'result')))}",
    )
    return Sheet(
        "posting",
        title("posting"),
        source.branch,
        rows=person_rows(source)[:2],
        paragraphs=words,
        signs=signed(source, "党支部书记", posted.done_on),
    )
