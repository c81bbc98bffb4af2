"""What roster tells the apps above."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RosterImported:
    """A roster was imported: any number of units, people, posts and postings under ``paths`` are other than before."""

    paths: tuple[str, ...]
    created: int
    changed: int
