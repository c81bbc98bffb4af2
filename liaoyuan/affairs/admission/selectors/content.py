"""What a record carries, as its act's form asks for it: what of it can be corrected, and what stands there now."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from liaoyuan.affairs.admission.models import StepRecord
from liaoyuan.affairs.admission.rules.acts import VERDICTS, Act

_TALK = ("talker", "who", "mode", "summary")
_NUMBER = ("number",)
VOTES = ("entitled", "present", "yes", "no", "abstain", "written")
# Act → fields of its form that a correction may change. A verdict that gave or took a standing is none of them: what
# took effect is undone by another act. People named wrongly are named anew.
CONTENT: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        Act.TALK: _TALK,
        Act.ACTIVIST: ("way", "body"),
        Act.FILE_ACTIVIST: _NUMBER,
        Act.REVIEW: ("result", "summary"),
        Act.OPINION: ("source", "summary"),
        Act.PROPOSE: ("body",),
        Act.CONSENT: ("agreed", "number"),
        Act.POSTED: ("clear", "result"),
        Act.FILE_CANDIDATE: _NUMBER,
        Act.POLITICAL_REVIEW: ("passed", "methods", "summary"),
        Act.TRAINING: ("begins_on", "days", "hours", "provider"),
        Act.COMMITTEE_CHECK: ("qualified",),
        Act.PRE_REVIEW: ("qualified", "number"),
        Act.FORM: _NUMBER,
        Act.MEETING: VOTES,
        Act.APPROVAL_TALK: _TALK,
        Act.EXTEND_APPROVAL: ("why",),
        Act.APPROVE: ("by",),
        Act.REDO: ("why",),
        Act.FILE_MEMBER: _NUMBER,
        Act.OATH: ("where",),
        Act.CARE: ("result", "summary"),
        Act.POSTPONE: ("until", "why"),
        Act.CONVERSION_CHECK: ("sources", "outcome", "until"),
        Act.CONVERSION_MEETING: VOTES,
        Act.CONVERSION_APPROVE: ("by",),
        Act.EXAMINE: ("introduction", "summary", "qualified"),
        Act.DISOWN: ("by", "number"),
    }
)
# Act → the related row that keeps its texts, and the form's fields that lie there.
EVIDENCE: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        Act.TALK: ("talk", ("talker", "mode", "summary")),
        Act.APPROVAL_TALK: ("talk", ("talker", "mode", "summary")),
        Act.REVIEW: ("review", ("result", "summary")),
        Act.CARE: ("review", ("result", "summary")),
        Act.OPINION: ("opinion", ("source", "summary")),
        Act.POLITICAL_REVIEW: ("political_review", ("passed", "methods", "summary")),
        Act.TRAINING: ("training", ("begins_on", "days", "hours", "provider")),
        Act.EXAMINE: ("examination", ("introduction", "summary")),
    }
)
# Field of a form → key of the detail, where the two differ.
KEYS: Mapping[str, str] = MappingProxyType({"where": "place"})


def evidence_of(record: StepRecord) -> Any:
    """The row that keeps the texts of a record; None where it has none."""
    name, _fields = EVIDENCE.get(record.act, ("", ()))
    return getattr(record, name, None) if name else None


def correctable(record: StepRecord) -> tuple[str, ...]:
    """The fields of a record's form that may be corrected: none where a meeting or a posting of the platform wrote it,
    or where its texts are not here."""
    if record.detail.get("motion") or (record.act in EVIDENCE and evidence_of(record) is None):
        return ()
    return CONTENT.get(record.act, ())


def content_of(record: StepRecord) -> dict[str, Any]:
    """What stands in a record now, by field of its form."""
    row = evidence_of(record)
    kept = EVIDENCE.get(record.act, ("", ()))[1]
    found: dict[str, Any] = {}
    for name in correctable(record):
        key = KEYS.get(name, name)
        if key in record.detail:
            found[name] = record.detail[key]
        elif row is not None and name in kept:
            found[name] = getattr(row, name)
        if name in VERDICTS and name in found:
            found[name] = "1" if found[name] else "0"
    return found
