"""What may speak against an act, and what the judging looks at."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from liaoyuan.affairs.admission.rules.limits import Limits
from liaoyuan.affairs.admission.rules.progress import Progress


class Weight(StrEnum):
    """HARD refuses. BASIS refuses unless a special provision is recorded. REASON asks for a reason."""

    HARD = "hard"
    BASIS = "basis"
    REASON = "reason"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something against an act. ``code`` is stable; ``field`` the form field it belongs to."""

    code: str
    message: str
    clause: str = ""
    weight: Weight = Weight.HARD
    field: str = ""


@dataclass(frozen=True, slots=True)
class Helper:
    """A person named as mentor or introducer, as he stands on the day. ``penalty``: "" , "effect" (a penalty whose
    effect has not ended) or "probation" (留党察看, rights not restored); of introducers who are looked at again, an
    effect that was known when they were last looked at is left out."""

    name: str
    full_member: bool
    penalty: str = ""
    same_person: bool = False


@dataclass(frozen=True, slots=True)
class Roll:
    """Who had a vote in the branch ``unit`` on the day of a meeting (应到会), as the platform has it. ``certain``: its
    records had begun by then; else those who have left since are not on it. ``left_out`` is the clause on whom a
    superior may leave out (MT-18)."""

    unit: str
    entitled: int
    certain: bool
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """What surrounds the case on the day. ``superior`` and ``approver``: whether who acts belongs to the committee
    above the branch, and to one with the power to approve members. ``shortest``: the last day of the shortest lawful
    posting, by the calendar and the day-one setting of its own days (None: by the limits'); ``away``: the branches to
    which the person was attached while it hung; ``mobile``: in words, that he had been away for so long when it was
    put up that he was a 流动人员 (FL-01); ``roll``: by what a count on paper is judged (None: a meeting of the
    platform, which kept its own)."""

    birth: date | None = None
    temporary: bool = False
    superior: bool = True
    approver: bool = True
    leaving_on: date | None = None
    helpers: tuple[Helper, ...] = ()
    shortest: date | None = None
    away: tuple[str, ...] = ()
    mobile: str = ""
    roll: Roll | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One act to be judged."""

    on: date
    detail: Mapping[str, Any]
    state: Progress
    limits: Limits
    setting: Setting
