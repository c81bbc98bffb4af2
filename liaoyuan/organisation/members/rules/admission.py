"""Political standing: the lawful order of its steps and of their dates.

Months are clamped to the last day of a month (WD-09). Numbers are the regulations', with their clause.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from types import MappingProxyType

from liaoyuan.foundation.regulations.dates import add_months
from liaoyuan.foundation.regulations.limits import TEXTS, Limits
from liaoyuan.organisation.members.rules.spans import Span, at

MASSES, LEAGUE, APPLICANT, ACTIVIST, CANDIDATE = "masses", "league_member", "applicant", "activist", "candidate"
PROBATIONARY, FULL, SUSPENDED, ENDED = "probationary", "full", "suspended", "ended"
MEMBERS = frozenset({PROBATIONARY, FULL})
# Who may be in a Party group: a suspension interrupts the membership and may be lifted again (LO-04).
IN_GROUPS = MEMBERS | {SUSPENDED}

# What may follow what. Steps back are decisions of the organisation, recorded with their basis.
_OUTSIDE = frozenset({MASSES, LEAGUE})
NEXT = MappingProxyType(
    {
        MASSES: frozenset({LEAGUE, APPLICANT}),
        LEAGUE: frozenset({MASSES, APPLICANT}),
        APPLICANT: _OUTSIDE | {ACTIVIST},
        ACTIVIST: _OUTSIDE | {APPLICANT, CANDIDATE},
        CANDIDATE: _OUTSIDE | {ACTIVIST, PROBATIONARY},
        PROBATIONARY: frozenset({FULL, MASSES, ENDED}),
        FULL: frozenset({SUSPENDED, ENDED}),
        SUSPENDED: frozenset({FULL, ENDED}),
        ENDED: frozenset({APPLICANT}),
    }
)


@dataclass(frozen=True, slots=True)
class AdmissionDates:
    """The roster's five dates, in lawful order."""

    applied_on: date | None = None
    activist_on: date | None = None
    candidate_on: date | None = None
    accepted_on: date | None = None
    full_on: date | None = None

    def steps(self) -> list[tuple[str, str, date | None]]:
        """``(field, standing that begins, date)`` in order."""
        return list(zip(_NAMES, STEPS, self._values(), strict=True))

    def _values(self) -> tuple[date | None, ...]:
        return (self.applied_on, self.activist_on, self.candidate_on, self.accepted_on, self.full_on)


STEPS = (APPLICANT, ACTIVIST, CANDIDATE, PROBATIONARY, FULL)
_NAMES = tuple(field.name for field in fields(AdmissionDates))
LABELS = MappingProxyType(
    {
        "applied_on": "入党申请日期",
        "activist_on": "确定积极分子日期",
        "candidate_on": "确定发展对象日期",
        "accepted_on": "支部大会接收日期",
        "full_on": "转正日期",
    }
)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a date or a standing says wrong. ``blocking`` findings refuse, the others are shown."""

    field: str
    code: str
    message: str
    clause: str = ""
    blocking: bool = True


def admission_findings(
    standing: str, dates: AdmissionDates, *, birth: date | None, today: date, limits: Limits = TEXTS
) -> list[Finding]:
    """What is out of lawful order in a person's dates, and what contradicts the standing."""
    found: list[Finding] = []
    last: tuple[str, date] | None = None
    for name, _, day in dates.steps():
        if day is None:
            continue
        if day > today:
            found.append(Finding(name, "in_future", f"{LABELS[name]}{day:%Y-%m-%d}还没有到，请填写实际日期。"))
        if last is not None and day < last[1]:
            message = f"{LABELS[name]}{day:%Y-%m-%d}早于{LABELS[last[0]]}{last[1]:%Y-%m-%d}，请核对两个日期。"
            found.append(Finding(name, "out_of_order", message))
        last = (name, day)
    found += _age_findings(dates, birth, limits) + _term_findings(dates, limits) + _standing_findings(standing, dates)
    return found


def _age_findings(dates: AdmissionDates, birth: date | None, limits: Limits) -> list[Finding]:
    if birth is None or dates.applied_on is None:
        return []
    rule = limits("admission.minimum_age_years", dates.applied_on)
    if add_months(birth, 12 * rule.value) <= dates.applied_on:
        return []
    message = f"申请入党时不满 {rule.value} 周岁（出生日期 {birth:%Y-%m-%d}），请核对出生日期和入党申请日期。"
    return [Finding("applied_on", "under_age", message, rule.clause)]


def _term_findings(dates: AdmissionDates, limits: Limits) -> list[Finding]:
    found = []
    if dates.activist_on and dates.candidate_on:
        rule = limits("admission.activist_before_candidate", dates.candidate_on)
        earliest = add_months(dates.activist_on, rule.value)
        if dates.activist_on <= dates.candidate_on < earliest:
            message = f"确定积极分子满{rule.words}（{earliest:%Y-%m-%d}）后才能确定为发展对象，请核对日期。"
            found.append(Finding("candidate_on", "too_soon", message, rule.clause))
    if dates.accepted_on and dates.full_on and dates.accepted_on <= dates.full_on:
        found += _probation_findings(dates.accepted_on, dates.full_on, limits)
    return found


def _probation_findings(accepted: date, full: date, limits: Limits) -> list[Finding]:
    rule = limits("admission.probation", full)
    if full < (earliest := add_months(accepted, rule.value)):
        message = f"预备期{rule.words}，到 {earliest:%Y-%m-%d} 期满，转正日期不能早于这一天。"
        return [Finding("full_on", "too_soon", message, rule.clause)]
    longest = limits("admission.extension_most", full)
    if full > (latest := add_months(accepted, rule.value + longest.value)):
        message = f"预备期连同延长最多到 {latest:%Y-%m-%d}，转正日期更晚，请核对。"
        return [Finding("full_on", "too_late", message, longest.clause, blocking=False)]
    return []


def _standing_findings(standing: str, dates: AdmissionDates) -> list[Finding]:
    """The standing says how far the dates must and may go."""
    if standing not in {MASSES, LEAGUE, *STEPS}:
        return []
    reached = STEPS.index(standing) if standing in STEPS else -1
    found = []
    for index, (name, _, day) in enumerate(dates.steps()):
        if index > reached and day is not None:
            message = f"政治面貌还没有到这一步，却填了{LABELS[name]}，请核对政治面貌或删去日期。"
            found.append(Finding(name, "beyond_standing", message))
        if index == reached and day is None:
            found.append(Finding(name, "missing", f"按政治面貌应有{LABELS[name]}，请填写。"))
        if index < reached and day is None:
            message = f"缺少{LABELS[name]}，档案不完整，请查阅纸质档案后补录。"
            found.append(Finding(name, "missing_before", message, blocking=False))
    return found


def standing_history(standing: str, dates: AdmissionDates) -> list[Span]:
    """The history that the dates tell: each step holds until the next one; the present standing is open. Where the
    present step's own date is unknown, only the present standing is kept, since an unknown day."""
    if standing not in STEPS:
        known = [day for _, _, day in dates.steps() if day is not None]
        return (
            [Span(None, None, standing)]
            if standing in {MASSES, LEAGUE} or not known
            else [Span(known[-1], None, standing)]
        )
    reached = dates.steps()[: STEPS.index(standing) + 1]
    if reached[-1][2] is None:
        return [Span(None, None, standing)]
    steps = [(kind, day) for _, kind, day in reached if day is not None]
    spans = []
    for index, (kind, day) in enumerate(steps):
        until = steps[index + 1][1] if index + 1 < len(steps) else None
        if until is None or until > day:
            spans.append(Span(day, until, kind))
    return spans


def standing_change_finding(
    spans: Sequence[Span], kind: str, on: date, *, birth: date | None, today: date, limits: Limits = TEXTS
) -> Finding | None:
    """Why the present (open) standing cannot become ``kind`` on ``on``; None where it can."""
    present = next((span for span in spans if span.until is None), None)
    if on > today:
        return Finding("on", "in_future", f"{on:%Y-%m-%d} 还没有到，请填写实际日期。")
    if present is None:
        return None
    if present.value == kind:
        return Finding("kind", "same", "政治面貌没有变化。")
    if kind not in NEXT[present.value]:
        return Finding("kind", "not_next", "按规定不能从现在的政治面貌直接变为所选的政治面貌，请按步骤办理。")
    if present.since is not None and on < present.since:
        return Finding("on", "before_present", f"不能早于现有政治面貌的起始日期 {present.since:%Y-%m-%d}，请核对。")
    if kind == APPLICANT:
        return next(iter(_age_findings(AdmissionDates(applied_on=on), birth, limits)), None)
    if kind == CANDIDATE and (since := _activist_since(spans)) is not None:
        dates = AdmissionDates(activist_on=since, candidate_on=on)
        return next(iter(_term_findings(dates, limits)), None)
    if kind == FULL and present.value == PROBATIONARY and present.since is not None:
        return next((item for item in _probation_findings(present.since, on, limits) if item.blocking), None)
    return None


def _activist_since(spans: Sequence[Span]) -> date | None:
    """Since when the person has been an activist or more without a break: who was a candidate in between was determined
    an activist once (ADR 0015)."""
    since = None
    for span in sorted(spans, key=lambda one: one.since or date.min):
        if span.value not in {ACTIVIST, CANDIDATE}:
            since = None
        elif since is None:
            since = span.since
    return since


def tenure_findings(
    post_name: str,
    *,
    needs_full_member: bool,
    standings: Sequence[Span],
    full_since: date | None,
    since: date,
    limits: Limits = TEXTS,
) -> list[Finding]:
    """Whether a person's standing on ``since`` allows the post."""
    if not needs_full_member:
        return []
    held = at(standings, since)
    if held is None or held.value != FULL:
        message = f"担任“{post_name}”须是正式党员，该人在 {since:%Y-%m-%d} 还不是正式党员，请核对任职日期或人选。"
        return [Finding("since", "not_full_member", message)]
    rule = limits("branch.secretary_party_years", since)
    if post_name == "书记" and full_since is not None and add_months(full_since, rule.value) > since:
        message = f"支部书记一般应有{rule.words}以上党龄，该人 {full_since:%Y-%m-%d} 转正。"
        return [Finding("since", "short_party_age", message, rule.clause, blocking=False)]
    return []


def birth_problem(birth: date | None, *, today: date) -> str:
    """The sentence saying why a birth date cannot be right, or ""."""
    if birth is None:
        return ""
    if birth >= today:
        return f"出生日期 {birth:%Y-%m-%d} 不早于今天，请核对。"
    oldest = TEXTS("platform.age_most", today)
    if add_months(birth, 12 * oldest.value) < today:
        return f"按出生日期 {birth:%Y-%m-%d} 已超过 {oldest.value} 岁，请核对年份。"
    return ""


def years_between(since: date, today: date) -> int:
    """Full years: 党龄 and age."""
    return today.year - since.year - ((today.month, today.day) < (since.month, since.day))
