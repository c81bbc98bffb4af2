"""Fixed-width materialised paths: four base-36 characters a level, so that text order is tree order.

A path is derived from the parents and can be rebuilt. A subtree is the half-open range ``[p, p + "~")``: the tilde
sorts after every character a segment can hold, and a range uses the index on SQLite and PostgreSQL alike, where
LIKE 'p%' would scan the table (ADR 0004).
"""

WIDTH = 4
MAX_DEPTH = 16
MAX_LENGTH = WIDTH * MAX_DEPTH
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def segment(position: int) -> str:
    """The segment of the ``position``-th child (from 0). Raises ValueError past 36**4 - 1."""
    if not 0 <= position < 36**WIDTH:
        raise ValueError(f"position {position} does not fit into {WIDTH} base-36 characters")
    text = ""
    for _ in range(WIDTH):
        position, digit = divmod(position, 36)
        text = _DIGITS[digit] + text
    return text


def child(parent: str, position: int) -> str:
    """The path of the ``position``-th child of ``parent`` ("" is above the roots)."""
    path = parent + segment(position)
    if len(path) > MAX_LENGTH:
        raise ValueError(f"the tree is deeper than {MAX_DEPTH} levels")
    return path


def upper(prefix: str) -> str:
    """The exclusive upper bound of the subtree at ``prefix``."""
    return prefix + "~"


def within(path: str, prefix: str) -> bool:
    """Whether ``path`` lies in the subtree at ``prefix`` (the node itself included; "" holds everything)."""
    return path.startswith(prefix)


def depth(path: str) -> int:
    """Levels below the top: a root is 1."""
    return len(path) // WIDTH


def parent(path: str) -> str:
    """The path of the node right above; a root is its own."""
    return path[:-WIDTH] if len(path) > WIDTH else path


def ancestors(path: str, *, include_self: bool = False) -> list[str]:
    """Paths of the ancestors, root first."""
    last = len(path) + (WIDTH if include_self else 0)
    return [path[:end] for end in range(WIDTH, last, WIDTH)]


def minimal(prefixes: "list[str] | tuple[str, ...] | set[str]") -> tuple[str, ...]:
    """The same reach with as few prefixes as possible, sorted: a prefix inside another is dropped."""
    kept: list[str] = []
    for prefix in sorted(set(prefixes)):
        if not kept or not prefix.startswith(kept[-1]):
            kept.append(prefix)
    return tuple(kept)
