"""What a check says about a cell, before it becomes a sentence."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about one cell (or a row, or a sheet: then ``column`` is "", ``row`` 0). ``kind`` is a key of
    ``messages.KINDS``; ``values`` fill its sentence."""

    sheet: str
    row: int
    column: str
    kind: str
    values: dict[str, Any] = field(default_factory=dict)


class Findings(list[Finding]):
    """A list that is pleasant to add to, for one sheet."""

    def __init__(self, sheet: str) -> None:
        super().__init__()
        self.sheet = sheet

    def add(self, row: int, column: str, kind: str, **values: Any) -> None:
        """Note ``kind`` at a cell."""
        self.append(Finding(self.sheet, row, column, kind, values))
