"""Quorum and majority: four different rules, never one function for all (regulations.md §2.3).

Numbers come in as thresholds read from the regulations; none stands here. "超过半数" is strict, "半数以上" is not: of
12 people, more than half is 7 and half is 6; of 11, both are 6.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor

_WORDS = {Fraction(1, 2): "半数", Fraction(2, 3): "三分之二", Fraction(4, 5): "五分之四"}


@dataclass(frozen=True, slots=True)
class Threshold:
    """A share of a number of people, to be exceeded (``strict``) or only reached."""

    ratio: Fraction
    strict: bool

    def needed(self, base: int) -> int:
        """The smallest number that meets it; of nobody, one: nothing is decided by nobody."""
        exact = self.ratio * base
        return max(1, floor(exact) + 1 if self.strict else ceil(exact))

    def met(self, number: int, base: int) -> bool:
        """Whether ``number`` of ``base`` meets it. Never met where ``base`` is 0."""
        return base > 0 and number >= self.needed(base)

    def words(self, met: bool) -> str:
        """ "超过半数", "未超过半数", "达到五分之四", "未达到半数"."""
        share = _WORDS.get(self.ratio, f"{self.ratio.denominator}分之{self.ratio.numerator}")
        return f"{'' if met else '未'}{'超过' if self.strict else '达到'}{share}"


@dataclass(frozen=True, slots=True)
class Tally:
    """Counted votes."""

    yes: int = 0
    no: int = 0
    abstain: int = 0
    invalid: int = 0

    @property
    def total(self) -> int:
        """Every vote, invalid ones included."""
        return self.yes + self.no + self.abstain + self.invalid

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.yes + other.yes, self.no + other.no, self.abstain + other.abstain, self.invalid + other.invalid
        )


@dataclass(frozen=True, slots=True)
class QuorumResult:
    """Whether enough people with a vote are there. ``needed`` is the smallest number that would do."""

    met: bool
    entitled: int
    present: int
    needed: int
    explanation: str


@dataclass(frozen=True, slots=True)
class VoteResult:
    """Whether the motion passed, and why, in one sentence."""

    passed: bool
    quorum: QuorumResult
    yes: int
    needed: int
    explanation: str
    tally: Tally = field(default_factory=Tally)
    written: Tally = field(default_factory=Tally)


def quorum(threshold: Threshold, *, entitled: int, present: int) -> QuorumResult:
    """Whether a vote may be held: ``present`` of ``entitled`` people with a vote (应到会 / 实到会). Raises ValueError
    for more people present than entitled, or negative numbers."""
    if not 0 <= present <= entitled:
        raise ValueError(f"实到会有表决权 {present} 人，多于应到会的 {entitled} 人")
    met = threshold.met(present, entitled)
    sentence = f"应到会有表决权 {entitled} 人，实到 {present} 人，{threshold.words(met)}"
    if not met:
        sentence += f"（需 {threshold.needed(entitled)} 人）"
    return QuorumResult(met, entitled, present, threshold.needed(entitled), sentence)


def majority(
    threshold: Threshold,
    *,
    quorum: QuorumResult,
    cast: Tally,
    written: Tally | None = None,
    of_present: bool = False,
) -> VoteResult:
    """Whether a motion passed. ``cast`` are the votes at the meeting, ``written`` the opinions received before it (they
    count as votes, not as attendance). The denominator is who is entitled, or who is present (elections). Without a
    quorum nothing passes. Raises ValueError for more votes than people."""
    written = written or Tally()
    problem = too_many(entitled=quorum.entitled, present=quorum.present, cast=cast, written=written)
    if problem:
        raise ValueError(problem)
    base = quorum.present if of_present else quorum.entitled
    yes = cast.yes + written.yes
    enough = threshold.met(yes, base)
    needed = threshold.needed(base)
    votes = f"赞成 {yes} 票" + (f"（含会前书面意见 {written.yes} 票）" if written.yes else "")
    whole = threshold.words(enough)
    share = whole.replace("超过", "超过实到会" if of_present else "超过应到会").replace(
        "达到", "达到实到会" if of_present else "达到应到会"
    )
    sentence = f"{quorum.explanation}；{votes}，{share}（需 {needed} 票）"
    return VoteResult(quorum.met and enough, quorum, yes, needed, sentence, cast, written)


def too_many(*, entitled: int, present: int, cast: Tally, written: Tally) -> str:
    """What is wrong with a count, or "": more votes than people present, more written opinions than people absent."""
    numbers = (cast.yes, cast.no, cast.abstain, cast.invalid, written.yes, written.no, written.abstain)
    if any(number < 0 for number in numbers):
        return "票数不能是负数"
    if cast.total > present:
        return f"会上投票 {cast.total} 张，多于实到会有表决权的 {present} 人"
    if written.total > entitled - present:
        return f"会前书面意见 {written.total} 份，多于没有到会的 {entitled - present} 人"
    return ""


@dataclass(frozen=True, slots=True)
class PaperCount:
    """One teller's count: ballots handed out, taken back, and what stands on them."""

    handed_out: int
    collected: int
    yes: int
    no: int
    abstain: int
    invalid: int = 0

    @property
    def tally(self) -> Tally:
        """The votes."""
        return Tally(self.yes, self.no, self.abstain, self.invalid)


def paper_problem(count: PaperCount, *, present: int) -> tuple[str, str]:
    """``(field, what is wrong)`` of a paper count, or ``("", "")``: marks = taken back ≤ handed out ≤ present."""
    for name in ("handed_out", "collected", "yes", "no", "abstain", "invalid"):
        if getattr(count, name) < 0:
            return name, "票数不能是负数"
    if count.handed_out > present:
        return "handed_out", f"发出 {count.handed_out} 张票，多于实到会有表决权的 {present} 人"
    if count.collected > count.handed_out:
        return "collected", f"收回 {count.collected} 张票，多于发出的 {count.handed_out} 张，投票无效，须重新投票"
    if count.tally.total != count.collected:
        return "yes", f"赞成、反对、弃权、无效合计 {count.tally.total} 张，与收回的 {count.collected} 张不符"
    return "", ""


def disclosure(cast: Tally) -> str:
    """What the numbers themselves tell about single votes, or "". No ballot can hide this: all alike shows everybody's
    vote; all but one alike shows the others' to the one."""
    marks = [number for number in (cast.yes, cast.no, cast.abstain, cast.invalid) if number]
    if cast.total == 0:
        return ""
    if len(marks) == 1:
        return f"会上 {cast.total} 票全部相同，公布票数即等于公布每个人的选择。"
    if cast.total == 2:
        return "会上只有 2 票，两位投票人能由票数推知对方的选择。"
    if len(marks) == 2 and min(marks) == 1:
        return "会上只有 1 票与其他票不同，投这一票的人能由票数推知其他人的选择。"
    return ""
