"""Taking over a case that began before the platform: what the dates of the roster tell, and what must have been done.

What the person's standing presupposes counts as done; its day is unknown until somebody fills it in.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType

from liaoyuan.affairs.admission.rules.acts import Act, Happened
from liaoyuan.affairs.admission.rules.progress import ACTIVIST, APPLICANT, CANDIDATE, FULL, LADDER, PROBATIONARY

# For each standing: the act that gave it, and the acts that standing presupposes besides.
_PATH: Mapping[str, tuple[tuple[Act, ...], Act | None, tuple[Act, ...]]] = MappingProxyType(
    {
        APPLICANT: ((), Act.APPLY, ()),
        ACTIVIST: ((Act.TALK,), Act.ACTIVIST, (Act.FILE_ACTIVIST, Act.MENTORS)),
        CANDIDATE: ((Act.PROPOSE,), None, ()),
        PROBATIONARY: (
            (Act.INTRODUCERS, Act.POLITICAL_REVIEW, Act.TRAINING, Act.COMMITTEE_CHECK, Act.PRE_REVIEW, Act.FORM),
            Act.MEETING,
            (Act.REPORT, Act.APPROVAL_TALK, Act.APPROVE, Act.FILE_MEMBER, Act.PLACE, Act.OATH),
        ),
        FULL: (
            (Act.CONVERSION_APPLY, Act.CONVERSION_CHECK, Act.CONVERSION_MEETING, Act.CONVERSION_REPORT),
            Act.CONVERSION_APPROVE,
            (),
        ),
    }
)


def taken_over(standing: str, days: Mapping[str, date | None], *, needs_consent: bool) -> Iterator[Happened]:
    """The acts that ``standing`` tells of; ``days`` maps a standing to the day on which it began. Nothing for somebody
    who is on no step of the ladder."""
    if standing not in LADDER:
        return
    for one in LADDER[: LADDER.index(standing) + 1]:
        before, gave, after = _PATH[one]
        yield from (Happened(act, None, {}, True) for act in before)
        act = gave or (Act.LIST if needs_consent else Act.FILE_CANDIDATE)
        # The committee's approval of a conversion is dated by its own day, which the roster does not know.
        yield Happened(act, None if act == Act.CONVERSION_APPROVE else days.get(one), {}, True)
        yield from (Happened(act, None, {}, True) for act in after)
