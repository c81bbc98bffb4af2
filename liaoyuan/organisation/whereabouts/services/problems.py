"""Refusals that name every problem at once."""

from dataclasses import dataclass

from liaoyuan.kernel.errors import DomainError


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one person's posting."""

    who: str
    sentence: str


class GroupRefused(DomainError):
    """A group could not be posted away: ``problems`` lists every person concerned; nothing was written."""

    def __init__(self, message: str, problems: tuple[Problem, ...]) -> None:
        super().__init__(message, field="people")
        self.problems = problems
