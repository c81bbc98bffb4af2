"""Everything that the page of one case shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from liaoyuan.activity.notices.models import PublicPosting
from liaoyuan.activity.notices.policies import Capability as NoticesCapability
from liaoyuan.activity.orglife.models import Motion
from liaoyuan.activity.orglife.selectors import motions_of_subject
from liaoyuan.affairs.admission.models import Case, Introducer, Mentor, Paper, StepRecord
from liaoyuan.affairs.admission.policies import can_act, can_keep, can_read
from liaoyuan.affairs.admission.rules import papers as paper_rules
from liaoyuan.affairs.admission.rules.acts import ACTS, BESIDE, FOLLOWING, MODES, OUTCOMES, RESULTS, WAYS, Act
from liaoyuan.affairs.admission.rules.limits import OPINION_LABELS
from liaoyuan.affairs.admission.rules.order import allowed
from liaoyuan.affairs.admission.rules.progress import FULL, PROBATIONARY
from liaoyuan.affairs.admission.rules.steps import STAGES, Stage
from liaoyuan.affairs.admission.rules.timeline import Line, next_line
from liaoyuan.affairs.admission.selectors.cases import CaseState, case_state, history
from liaoyuan.affairs.admission.selectors.company import companions
from liaoyuan.affairs.admission.selectors.meetings import ACT_OF, SUBJECT, Agenda, agenda_of
from liaoyuan.foundation.audit.services import read
from liaoyuan.kernel.scoping import Actor

IN_SIGHT = 8  # records of the past that a page shows unfolded
# Acts with pages of their own, or made by the platform.
_NOT_OFFERED = FOLLOWING | {Act.APPLY}


@dataclass(frozen=True, slots=True)
class Offer:
    """An act that the actor may do now. ``main``: it belongs to the step at which the case stands."""

    act: Act
    label: str
    main: bool


@dataclass(frozen=True, slots=True)
class StageLines:
    """One stage of the step line."""

    label: str
    lines: tuple[Line, ...]
    done: bool


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One kind of paper: held since when, or missing by now."""

    kind: str
    name: str
    paper: Paper | None
    wanted: bool


@dataclass(frozen=True, slots=True)
class Past:
    """One record as it is told: what, when, by whom, what it carries; whether it still stands."""

    record: StepRecord
    title: str
    words: tuple[str, ...]
    text: str
    level: str

    @property
    def mendable(self) -> bool:
        """Whether it may be corrected or cancelled here: it stands, has its day, and did not come from a file."""
        return self.record.live and self.record.done_on is not None and self.record.act not in FOLLOWING


@dataclass(frozen=True, slots=True)
class CasePage:
    """The page. ``may_read``: whether the actor sees what others said; ``why_not`` says why nothing is offered;
    ``mentors``: the present ones, each with why he must be replaced, or ""."""

    state: CaseState
    stages: tuple[StageLines, ...]
    current: Line | None
    offers: tuple[Offer, ...]
    stop: bool
    may_read: bool
    may_keep: bool
    why_not: str
    mentors: tuple[tuple[Mentor, str], ...]
    introducers: tuple[Introducer, ...]
    papers: tuple[PaperRow, ...]
    lacking: int
    past: tuple[Past, ...]
    motions: tuple[Motion, ...]
    postings: tuple[PublicPosting, ...]
    agenda: Agenda

    @property
    def latest(self) -> tuple[Past, ...]:
        """The newest records, in sight."""
        return self.past[:IN_SIGHT]

    @property
    def older(self) -> tuple[Past, ...]:
        """The others, to unfold."""
        return self.past[IN_SIGHT:]

    @property
    def here(self) -> list[Offer]:
        """What the actor may do in the step at which the case stands."""
        return [offer for offer in self.offers if offer.main]

    @property
    def pending_seen(self) -> bool:
        """Whether the actor may open the motion on whose agenda the case stands."""
        return self.agenda.pending is not None and any(one.pk == self.agenda.pending.pk for one in self.motions)

    @property
    def besides(self) -> list[Offer]:
        """What else he may do now."""
        return [offer for offer in self.offers if not offer.main]


def case_page(actor: Actor, case: Case) -> CasePage:
    """The page of a case from ``case_get``; the look is recorded and shown to its person."""
    state = case_state(case)
    may_read = bool(can_read(actor, case))
    if actor.person_id != case.person_id:
        read(actor, "admission.read", case.person)
    held = {row.kind: row for row in Paper.objects.filter(case=case)} if may_read else {}
    consent = state.limits.needs_consent
    wanted = {one.kind for one in paper_rules.wanted(state.progress, needs_consent=consent)}
    rows = [
        PaperRow(one.kind, one.name, held.get(one.kind), one.kind in wanted)
        for one in paper_rules.PAPERS.values()
        if may_read and paper_rules.asked(one, state.progress, needs_consent=consent)
    ]
    agenda = agenda_of(case, state.progress, state.limits)
    # While a vote is to come, it is neither put to another meeting nor entered from paper.
    offers = [one for one in offered(actor, state) if agenda.pending is None or one.act not in ACT_OF.values()]
    current = next_line(list(state.lines))
    refusal = can_act(actor, case, Act.TALK) if not offers else None
    return CasePage(
        state=state,
        stages=tuple(stage_lines(state)),
        current=current,
        offers=tuple(offers),
        stop=case.open and bool(can_act(actor, case, Act.STOP)) and not allowed(Act.STOP, state.progress, state.limits),
        may_read=may_read,
        may_keep=bool(can_keep(actor, case)),
        why_not=getattr(refusal, "reason", "") if refusal is not None else "",
        mentors=tuple(present_mentors(case)),
        introducers=tuple(_people(Introducer, case)),
        papers=tuple(rows),
        lacking=sum(row.wanted and row.paper is None for row in rows),
        past=tuple(told(history(case))) if may_read else (),
        motions=tuple(motions_of_subject(actor, SUBJECT, str(case.pk))) if may_read else (),
        postings=tuple(_postings(actor, case)) if may_read else (),
        agenda=agenda if may_read else Agenda(),
    )


def _postings(actor: Actor, case: Case) -> list[PublicPosting]:
    rows = PublicPosting.objects.visible_to(actor, NoticesCapability.VIEW)
    return list(rows.filter(subject_type=SUBJECT, subject_id=str(case.pk)).order_by("-starts_on"))


def _people(model: Any, case: Case) -> Sequence[Any]:
    return list(model.objects.filter(case=case).select_related("person", "person__unit").order_by("until", "since"))


def present_mentors(case: Case) -> list[tuple[Mentor, str]]:
    """The mentors of today, each with why he is to be replaced, or "": a probationer is past having mentors."""
    rows = [row for row in _people(Mentor, case) if row.until is None]
    if not case.open or case.standing in {PROBATIONARY, FULL}:
        return [(row, "") for row in rows]
    named = companions(case, [row.person for row in rows])
    return [(row, one.unfit) for row, one in zip(rows, named, strict=True)]


def offered(actor: Actor, state: CaseState) -> list[Offer]:
    """The acts that the actor may do now: those of the present step first, and what everything else waits for."""
    found = []
    here = state.progress.step
    for act in Act:
        if act in _NOT_OFFERED or act == Act.STOP:
            continue
        if allowed(act, state.progress, state.limits) or not can_act(actor, state.case, act):
            continue
        main = ACTS[act].step == here if act not in BESIDE else True
        found.append(Offer(act, ACTS[act].label, main))
    return sorted(found, key=lambda offer: not offer.main)


def stage_lines(state: CaseState) -> list[StageLines]:
    """The step line by stages."""
    rows = []
    for stage in Stage:
        lines = tuple(line for line in state.lines if line.stage == stage)
        rows.append(StageLines(STAGES[stage], lines, all(line.state == "done" for line in lines)))
    return rows


def told(records: Sequence[StepRecord]) -> list[Past]:
    """The records in words, newest first."""
    rows = []
    for record in sorted(records, key=lambda one: (one.seq, one.recorded_at), reverse=True):
        level = "muted" if not record.live else "info" if record.back_filled else "ok"
        rows.append(Past(record, record.get_act_display(), tuple(_words(record)), evidence_text(record), level))
    return rows


def evidence_text(record: StepRecord) -> str:
    """What was written down with an act, decrypted."""
    found = getattr(record, "examination", None)
    if found is not None:
        return f"{found.introduction}\n{found.summary}"
    for name in ("talk", "review", "opinion", "political_review"):
        found = getattr(record, name, None)
        if found is not None:
            return str(found.summary)
    return ""


def _words(record: StepRecord) -> list[str]:
    """The detail of an act in words."""
    detail = record.detail
    plain = ("who", "result_words", "body", "number", "provider", "place", "name", "by", "why")
    words = [str(detail[key]) for key in plain if detail.get(key)]
    if detail.get("branch"):
        words.append(f"由{detail['branch']}表决")
    if record.act == Act.MOVE:
        words.append(f"{detail.get('from', '')} → {detail.get('to', '')}")
    talk = getattr(record, "talk", None)
    for key, known in (("mode", MODES), ("result", RESULTS), ("way", WAYS), ("outcome", OUTCOMES),
                       ("source", OPINION_LABELS)):  # fmt: skip
        if detail.get(key):
            words.append(str(known.get(detail[key], detail[key])))
    if talk is not None and "mode" not in detail:
        words.append(MODES[talk.mode])
    for key, yes, no in _EXAMINED if record.act == Act.EXAMINE else _VERDICTS:
        if key in detail:
            words.append(yes if detail[key] else no)
    if detail.get("days") or detail.get("hours"):
        words.append(f"{detail.get('days', 0)} 天 {detail.get('hours', 0)} 学时")
    words += [str(name) for name in detail.get("names", ())]
    if detail.get("places"):
        where = "纸质张贴于" if detail.get("paper") else "张贴于"
        words.append(f"{where}{'、'.join(map(str, detail['places']))}")
    words += [f"{label} {detail[key]}" for key, label in _DAYS if detail.get(key)]
    words += [f"撤回议程：{one}" for one in detail.get("withdrawn", ())]
    if detail.get("explanation"):
        words.append(str(detail["explanation"]))
    return words


_VERDICTS = (
    ("agreed", "同意", "不同意"),
    ("qualified", "合格", "不合格"),
    ("passed", "通过", "未通过"),
    ("clear", "不影响发展", "影响发展"),
)
_EXAMINED = (("qualified", "材料属实、手续完备，予以接续", "材料不全或者无法认定"),)
_DAYS = (("ends_on", "公示至"), ("until", "至"), ("probation_from", "预备期自"), ("probation_until", "至"))
