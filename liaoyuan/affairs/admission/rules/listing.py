"""What is lawful from the application to the committee's check: stages one to three, and the step after them."""

from collections.abc import Iterator
from datetime import date

from liaoyuan.affairs.admission.rules.company import accompanied
from liaoyuan.affairs.admission.rules.findings import Call, Finding, Weight
from liaoyuan.affairs.admission.rules.limits import OPINION_LABELS, OPINION_SOURCES, Limits
from liaoyuan.affairs.admission.rules.steps import Step
from liaoyuan.affairs.admission.rules.transfer import examined
from liaoyuan.foundation.regulations.dates import add_months, after, working_period_end


def apply(call: Call) -> Iterator[Finding]:
    """18 years on the day of the application (DM-01)."""
    birth, age = call.setting.birth, call.limits.minimum_age
    if birth is not None and add_months(birth, 12 * age) > call.on:
        words = f"申请入党须年满 {age} 周岁；出生日期是 {birth:%Y-%m-%d}，到 {call.on:%Y-%m-%d} 还不满。"
        yield Finding("under_age", words, call.limits.clause("DM-01"), field="on")


def mentors(call: Call) -> Iterator[Finding]:
    """One or two full members (DM-06)."""
    least, most, names = call.limits.mentors_least, call.limits.mentors_most, call.setting.helpers
    if not least <= len(names) <= most:
        words = f"培养联系人应为 {least} 至 {most} 名正式党员，现在选了 {len(names)} 名。"
        yield Finding("mentors_count", words, call.limits.clause("DM-06"), field="people")
    yield from helpers(call, "培养联系人", "DM-06")


def introducers(call: Call) -> Iterator[Finding]:
    """Exactly two full members; penalties (DM-15, DM-16, DM-17)."""
    wanted, names = call.limits.introducers, call.setting.helpers
    if len(names) != wanted:
        words = f"发展对象应当有 {wanted} 名正式党员作入党介绍人，现在选了 {len(names)} 名。"
        yield Finding("introducers_count", words, call.limits.clause("DM-15"), field="people")
    yield from helpers(call, "入党介绍人", "DM-15")
    for one in names:
        if one.penalty == "probation":
            words = f"{one.name} 受留党察看处分、尚未恢复党员权利，不能作入党介绍人，请另选。"
            yield Finding("introducer_barred", words, call.limits.clause("DM-17"), field="people")
        elif one.penalty and call.limits.penalty_warns:
            words = f"{one.name} 在处分影响期内，不宜作入党介绍人。确需由其担任的，请写明理由。"
            yield Finding("introducer_penalty", words, call.limits.clause("DM-16"), Weight.REASON, field="people")


def helpers(call: Call, role: str, fact: str) -> Iterator[Finding]:
    """Full members, and not the person himself."""
    for one in call.setting.helpers:
        if one.same_person:
            yield Finding("helper_self", f"本人不能作自己的{role}，请另选。", call.limits.clause(fact), field="people")
        elif not one.full_member:
            words = f"{one.name} 在 {call.on:%Y-%m-%d} 不是正式党员，不能作{role}，请另选。"
            yield Finding("helper_not_full", words, call.limits.clause(fact), field="people")


def propose(call: Call) -> Iterator[Finding]:
    """A year of cultivation, four opinions (DM-11, DM-12); papers examined where he moved to (DM-10)."""
    yield from examined(call)
    yield from cultivated(call)
    missing = [OPINION_LABELS[source] for source in OPINION_SOURCES if source not in call.state.sources]
    if missing:
        words = f"还没有听取{'、'.join(missing)}的意见，请先登记。"
        yield Finding("opinions_missing", words, call.limits.clause("DM-12"))
    heard = call.state.heard_on
    if heard is not None and call.on < heard:
        words = f"{call.on:%Y-%m-%d} 早于听取意见的 {heard:%Y-%m-%d}；先听取意见，再讨论拟列发展对象。请核对日期。"
        yield Finding("before_opinions", words, call.limits.clause("DM-12"), field="on")


def cultivated(call: Call) -> Iterator[Finding]:
    """The year."""
    begun = call.state.activist_on
    if begun is not None and call.on < (earliest := after(begun, call.limits.cultivate)):
        words = f"确定为入党积极分子须满{call.limits.cultivate}，{earliest:%Y-%m-%d} 起才能拟列为发展对象。"
        yield Finding("too_soon", words, call.limits.clause("DM-11"), field="on")


def post(call: Call) -> Iterator[Finding]:
    """Five working days at least; in both places at once where he was attached elsewhere or away for long (DM-13)."""
    ends = date.fromisoformat(str(call.detail["ends_on"]))
    shortest = call.setting.shortest or posting_end(call.on, call.limits)
    if shortest is not None and ends < shortest:
        words = f"公示不少于 {call.limits.posting_days} 个工作日，至少到 {shortest:%Y-%m-%d}。"
        yield Finding("posting_short", words, call.limits.clause("DM-13"), field="ends_on")
    # What hangs on the platform was put up in both places, or refused there (notices).
    attached = f"挂靠在“{'”“'.join(call.setting.away)}”" if call.setting.away else ""
    where = attached or call.setting.mobile
    if where and "posting" not in call.detail and not call.detail.get("away"):
        words = (
            f"公示期间本人{where}，须在流出地和流入地同时公示。请写明流入地的张贴地点；没有在那里张贴的，须重新公示。"
        )
        yield Finding("posting_one_place", words, call.limits.clause("DM-13"), field="away")


def posted(call: Call) -> Iterator[Finding]:
    """Not before the posting is over."""
    ends = call.state.posting_until
    if ends is not None and call.on <= ends:
        words = f"公示到 {ends:%Y-%m-%d} 才结束，次日起才能登记结果。"
        yield Finding("posting_open", words, call.limits.clause("DM-13"), field="on")


def listed(call: Call) -> Iterator[Finding]:
    """Not before the posting has its result (DM-13)."""
    clear = call.state.posted_on
    if clear is not None and call.on < clear:
        words = (
            f"{call.on:%Y-%m-%d} 早于公示结束的 {clear:%Y-%m-%d}；公示结束、不影响发展的，才列为发展对象。请核对日期。"
        )
        yield Finding("before_posting", words, call.limits.clause("DM-13"), field="on")


def training(call: Call) -> Iterator[Finding]:
    """Three days or 24 hours; an exemption has a basis (DM-19)."""
    days, hours = int(call.detail.get("days", 0)), int(call.detail.get("hours", 0))
    if call.detail.get("exempt"):
        words = "未经培训的，除个别特殊情况外不能发展入党。请写明特殊情况和批准依据。"
        yield Finding("training_exempt", words, call.limits.clause("DM-19"), Weight.BASIS)
    elif days < call.limits.training_days and hours < call.limits.training_hours:
        least = f"{call.limits.training_days} 天（或 {call.limits.training_hours} 学时）"
        words = f"短期集中培训不少于{least}，现为 {days} 天、{hours} 学时。"
        yield Finding("training_short", words, call.limits.clause("DM-19"), field="days")


def committee_check(call: Call) -> Iterator[Finding]:
    """Papers examined where he moved to (DM-10); introducers who still may be it."""
    yield from examined(call)
    yield from accompanied(call)


def superior(call: Call) -> Iterator[Finding]:
    """The committee above the branch."""
    if not call.setting.superior:
        words = "这一步由支部的上级党委办理，您所在的党组织不是其上级党委。"
        fact = "DM-12" if call.state.has(Step.PROPOSE) else "DM-04"
        yield Finding("not_superior", words, call.limits.clause(fact))


def posting_end(start: date, limits: Limits) -> date | None:
    """The last day of the shortest lawful posting that begins on ``start``; None where the text asks for none."""
    if limits.posting_days is None:
        return None
    return working_period_end(start, limits.posting_days, limits.is_workday, count_first=limits.count_first)
