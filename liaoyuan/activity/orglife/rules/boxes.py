"""The box of a secret ballot: counters and nothing else, always of the same length.

A box holds three numbers and the motion they belong to. It has no rows, so it has no order, no times and no ids; it is
written anew, under a fresh nonce, with every vote. What cannot be seen in it cannot be linked to who voted.
"""

from dataclasses import dataclass, replace

from liaoyuan.activity.orglife.rules.votes import Tally

YES, NO, ABSTAIN = "1", "2", "3"  # one character each: a request's length tells nothing
CHOICES = {YES: "赞成", NO: "反对", ABSTAIN: "弃权"}
_FIELDS = {YES: "yes", NO: "no", ABSTAIN: "abstain"}
_WIDTH = 6


@dataclass(frozen=True, slots=True)
class Box:
    """Votes of one motion, counted. ``motion`` is its id in hex: a box cannot stand in for another's."""

    motion: str
    yes: int = 0
    no: int = 0
    abstain: int = 0

    @property
    def tally(self) -> Tally:
        """The votes."""
        return Tally(self.yes, self.no, self.abstain)

    def with_vote(self, choice: str) -> "Box":
        """The box with one more vote. Raises ValueError for what is no choice."""
        name = _FIELDS.get(choice)
        if name is None:
            raise ValueError("没有这个选项")
        return replace(self, **{name: getattr(self, name) + 1})

    def pack(self) -> str:
        """As text of a fixed length."""
        return "|".join((self.motion, *(f"{number:0{_WIDTH}d}" for number in (self.yes, self.no, self.abstain))))

    @classmethod
    def unpack(cls, text: str, *, motion: str) -> "Box":
        """From ``pack``. Raises ValueError where it is another motion's, or no box at all."""
        parts = text.split("|")
        if (
            len(parts) != 4
            or parts[0] != motion
            or any(len(part) != _WIDTH or not part.isdigit() for part in parts[1:])
        ):
            raise ValueError("票箱与议题不符")
        return cls(motion, *(int(part) for part in parts[1:]))


def tally_of(choices: list[str]) -> Tally:
    """Choices (written opinions) counted."""
    box = Box("")
    for choice in choices:
        box = box.with_vote(choice)
    return box.tally
