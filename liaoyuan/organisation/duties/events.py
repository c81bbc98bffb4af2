"""What duties publishes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DutiesChanged:
    """Duties opened, closed or moved; ``paths`` are those concerned, few and short ("" = everywhere)."""

    paths: tuple[str, ...]
    opened: int
    closed: int
