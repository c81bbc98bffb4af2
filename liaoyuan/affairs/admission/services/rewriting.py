"""What a record says after a correction of its content: the detail, and the row that keeps its texts."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.affairs.admission.models import Case, StepRecord
from liaoyuan.affairs.admission.rules.acts import MODES, OUTCOMES, RESULTS, WAYS, Act
from liaoyuan.affairs.admission.rules.deciding import against_roll
from liaoyuan.affairs.admission.rules.findings import Weight
from liaoyuan.affairs.admission.rules.limits import OPINION_LABELS
from liaoyuan.affairs.admission.selectors.content import EVIDENCE, KEYS, correctable, evidence_of
from liaoyuan.affairs.admission.selectors.roll import roll_of
from liaoyuan.affairs.admission.services.accepting import ADMISSION, CONVERSION, counted, vote_detail
from liaoyuan.affairs.admission.services.acting import limits_of
from liaoyuan.affairs.admission.services.applying import check_talker
from liaoyuan.affairs.admission.services.listing import posting_agrees
from liaoyuan.affairs.admission.services.locking import check_words
from liaoyuan.kernel.errors import DomainError

_KNOWN: Mapping[str, Mapping[str, Any]] = {"mode": MODES, "way": WAYS, "source": OPINION_LABELS, "outcome": OUTCOMES}
_WORDS = frozenset({"summary", "introduction", "why"})
_REVIEWS = frozenset({Act.REVIEW, Act.CARE})


def rewritten(
    case: Case, record: StepRecord, content: Mapping[str, Any], *, on: date
) -> tuple[dict[str, Any], dict[str, Any]]:
    """``(detail, evidence)`` of a record after a correction: the whole detail, and those fields of the row with its
    texts that become others. ``content`` is what the act's form gives. Raises DomainError at the wrong field."""
    fields = correctable(record)
    if "votes" in content and fields:
        rule = CONVERSION if record.act == Act.CONVERSION_MEETING else ADMISSION
        result = counted(case, content["votes"], on=on, rule=rule)
        _check_roll(case, content["votes"].entitled, on=on)
        return record.detail | {"passed": result.passed} | vote_detail(content["votes"], result), {}
    told = {name: content[name] for name in fields if name in content}
    for name, value in told.items():
        _check(record, name, value)
    if told.get("begins_on") is not None and told["begins_on"] > on:
        raise DomainError(_("培训开始日期应早于结束日期，请核对。"), field="begins_on")
    if "who" in told and told.get("talker") is None:
        check_words(str(told["who"]), field="who")
    if record.act == Act.APPROVAL_TALK and told.get("talker") is not None:
        check_talker(case, told["talker"], on)
    if record.act == Act.POSTED:
        posting_agrees(case, clear=bool(told.get("clear", record.detail.get("clear"))))
    detail = dict(record.detail)
    for name, value in told.items():
        key = KEYS.get(name, name)
        if key in record.schema and (key in detail or value not in ("", None)):
            detail[key] = _plain(value)
    if told.get("talker") is not None:
        detail["who"] = told["talker"].name
    if record.act == Act.CONVERSION_CHECK and detail.get("outcome") != "extend":
        detail.pop("until", None)
    detail = {key: value for key, value in detail.items() if value is not None}
    return detail, _evidence(record, told)


def _check_roll(case: Case, entitled: int, *, on: date) -> None:
    """A correction has its reason; what nothing can explain refuses it."""
    for one in against_roll(entitled, on, roll_of(case, on), limits_of(case)):
        if one.weight == Weight.HARD:
            raise DomainError(one.message, field=one.field, clause=one.clause)


def _check(record: StepRecord, name: str, value: Any) -> None:
    known = RESULTS if name == "result" and record.act in _REVIEWS else _KNOWN.get(name)
    if known is not None and value not in known:
        raise DomainError(_("没有这个选项，请从列表中选择。"), field=name)
    if name in _WORDS or name == "where":
        check_words(str(value), field=name)


def _evidence(record: StepRecord, told: Mapping[str, Any]) -> dict[str, Any]:
    row, kept = evidence_of(record), EVIDENCE.get(record.act, ("", ()))[1]
    wanted = {name: value.strip() if isinstance(value, str) else value for name, value in told.items() if name in kept}
    return {name: value for name, value in wanted.items() if row is not None and getattr(row, name) != value}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value.strip() if isinstance(value, str) else value
