"""An act as a fact written down by hand tells it: what it carries, judged as the act's own form judges it.

Votes are counted, an approval names who decided, a posting is over and nothing against it is left open. The fact's
``note`` is the reason that a rule may ask for, its ``basis`` the special provision.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.activity.notices.models import PostingResult
from liaoyuan.affairs.admission.models import Case
from liaoyuan.affairs.admission.rules.acts import MODES, NOTED, OUTCOMES, RESULTS, Act
from liaoyuan.affairs.admission.selectors.cases import live_records, progress_of
from liaoyuan.affairs.admission.services.accepting import ADMISSION, Votes, approval_detail, counted, vote_detail
from liaoyuan.affairs.admission.services.acting import Doing, limits_of
from liaoyuan.affairs.admission.services.agenda import check_agenda
from liaoyuan.affairs.admission.services.listing import posting_agrees
from liaoyuan.affairs.admission.services.locking import check_words
from liaoyuan.kernel.errors import DomainError
from liaoyuan.organisation.chronicle.models import Fact

BY_HAND: Mapping[str, Act] = {
    "admission.talk": Act.TALK,
    "admission.activist_review": Act.REVIEW,
    "admission.proposed": Act.PROPOSE,
    "notices.posting_closed": Act.POSTED,
    "admission.general_meeting": Act.MEETING,
    "admission.approved": Act.APPROVE,
    "admission.refused": Act.APPROVE,
    "admission.oath": Act.OATH,
    "admission.postponed": Act.POSTPONE,
    "admission.conversion_reported": Act.CONVERSION_REPORT,
    "admission.conversion_approved": Act.CONVERSION_APPROVE,
    "admission.conversion_refused": Act.CONVERSION_APPROVE,
}
# Decisions and their consequences that only the case tells: where one is open, they are taken there and nowhere else.
IN_CASE: Mapping[str, Act] = {
    "admission.pre_reviewed": Act.PRE_REVIEW,
    "admission.resolution_reported": Act.REPORT,
    "admission.extended": Act.CONVERSION_APPROVE,
    "admission.lapsed": Act.REDO,
    "admission.not_recognised": Act.DISOWN,
    "admission.stopped": Act.STOP,
}
_Told = Mapping[str, Any]
_PASSED, _NOT_PASSED = "通过", "未通过"  # as the kind of fact offers them


def doing_of(case: Case, fact: Fact, key: str) -> Doing:
    """What the case would be asked to do. Raises DomainError, with ``field`` a key of the fact's payload."""
    act, told = BY_HAND[fact.kind], fact.payload
    detail = _DETAILS.get(fact.kind, _nothing)(case, fact.occurred_on, told)
    if act == Act.TALK:
        detail["who"] = detail["who"] or fact.recorded_by
    reason, basis = str(told.get("note", "")).strip(), str(told.get("basis", "")).strip()
    return Doing(act, fact.occurred_on, {"fact": key} | detail, reason=reason, basis=basis)


def _nothing(case: Case, on: date, told: _Told) -> dict[str, Any]:
    return {}


def _talk(case: Case, on: date, told: _Told) -> dict[str, Any]:
    modes = {label: key for key, label in MODES.items()}
    return {"who": str(told.get("who", "")), "mode": modes.get(told.get("mode", ""), "in_person")}


def _review(case: Case, on: date, told: _Told) -> dict[str, Any]:
    results = {label: key for key, label in RESULTS.items()}
    return {"result": results.get(told.get("result", ""), NOTED)}


def _oath(case: Case, on: date, told: _Told) -> dict[str, Any]:
    return {"place": str(told["place"])} if told.get("place") else {}


def _posted(case: Case, on: date, told: _Told) -> dict[str, Any]:
    """Objections are the receiver's to look into: what hangs on the platform is not over while one waits."""
    result = str(told.get("result", ""))
    clear = result != str(PostingResult.UPHELD.label)
    posting_agrees(case, clear=clear)
    return {"clear": clear, "result": result}


def _meeting(case: Case, on: date, told: _Told) -> dict[str, Any]:
    check_agenda(case)
    votes = Votes(*(int(told.get(name) or 0) for name in ("entitled", "present", "yes", "no", "abstain", "written")))
    result = counted(case, votes, on=on, rule=ADMISSION)
    if str(told.get("result", "")) != (_PASSED if result.passed else _NOT_PASSED):
        words = _("按票数计算，这次表决%(result)s（%(why)s），与所选的结论不符，请核对。")
        chosen = {"result": _("通过") if result.passed else _("没有通过"), "why": result.explanation}
        raise DomainError(words % chosen, field="result", clause=limits_of(case).clause("DM-27"))
    return {"passed": result.passed, **vote_detail(votes, result)}


def _approved(case: Case, on: date, told: _Told) -> dict[str, Any]:
    return approval_detail(case, agreed=True, by=str(told.get("by", "")))


def _refused(case: Case, on: date, told: _Told) -> dict[str, Any]:
    check_words(str(told.get("note", "")), field="note")
    return {"agreed": False}


def _postponed(case: Case, on: date, told: _Told) -> dict[str, Any]:
    return {"until": str(told["until"]), "why": check_words(str(told.get("note", "")), field="note")}


def _converted(case: Case, on: date, told: _Told) -> dict[str, Any]:
    """A committee approves what the meeting resolved, or not; nothing else."""
    state = progress_of(case, live_records(case), limits_of(case))
    wanted = OUTCOMES.get(state.outcome)
    if state.conversion_reported_on is not None and wanted is not None and told.get("result") != wanted:
        raise DomainError(
            _("支部党员大会的决议是“%(outcome)s”，审批的应是这个决议；不批准的，请登记“党委未批准转正决议”。")
            % {"outcome": wanted},
            field="result",
            clause=limits_of(case).clause("DM-43"),
        )
    return {"agreed": True, "by": str(told.get("by", ""))[:80]}


_DETAILS: Mapping[str, Callable[[Case, date, _Told], dict[str, Any]]] = {
    "admission.talk": _talk,
    "admission.activist_review": _review,
    "admission.oath": _oath,
    "notices.posting_closed": _posted,
    "admission.general_meeting": _meeting,
    "admission.approved": _approved,
    "admission.refused": _refused,
    "admission.postponed": _postponed,
    "admission.conversion_approved": _converted,
    "admission.conversion_refused": _refused,
}
