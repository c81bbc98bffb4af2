"""The answer of a policy: allowed, or denied with the reason a person can read."""

from dataclasses import dataclass

from liaoyuan.kernel.errors import NotPermitted


@dataclass(frozen=True, slots=True)
class Allowed:
    """The actor may. Truthy."""

    def __bool__(self) -> bool:
        return True

    def require(self) -> None:
        """Do nothing: allowed."""


@dataclass(frozen=True, slots=True)
class Denied:
    """The actor may not, with the sentence to show and the clause it rests on. Falsy."""

    reason: str
    clause: str = ""

    def __bool__(self) -> bool:
        return False

    def require(self) -> None:
        """Raise NotPermitted with the reason."""
        raise NotPermitted(self.reason, clause=self.clause)


Decision = Allowed | Denied
