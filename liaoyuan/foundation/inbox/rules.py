"""The pure rules of the inbox: levels, quiet hours, back-off, what an address may be. No Django."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from enum import IntEnum, StrEnum
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


class Severity(IntEnum):
    """How pressing an item is; the numbers are those of the home page's to-dos."""

    INFO = 1
    SOON = 2
    LATE = 3


class Mode(StrEnum):
    """What a person wants from an outside channel: all that is pressing at once and the digest, the digest, nothing."""

    URGENT = "urgent"
    DIGEST = "digest"
    OFF = "off"


LEVELS = {"info": Severity.INFO, "soon": Severity.SOON, "late": Severity.LATE}
KINDS = frozenset({"todo", "message"})
KEY_LENGTH, TITLE_LENGTH, URL_LENGTH, BODY_LENGTH = 160, 200, 500, 20_000
QUIET_NONE = "none"  # of an item: it goes out at any hour
SNOOZE_DAYS = 30  # the longest a to-do may be put off at once
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=4)
DIGEST_LINES = 20


def level_of(severity: int) -> str:
    """The level's word: info, soon or late."""
    return {int(value): name for name, value in LEVELS.items()}.get(severity, "info")


def plain(text: str, limit: int) -> str:
    """``text`` as both databases can store it: no NUL, no lone surrogate, at most ``limit`` characters."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()[:limit]


def one_line(text: str) -> str:
    """``text`` without line breaks and other control characters: fit for a header."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def is_local(url: str) -> bool:
    """Whether ``url`` is "" or an address of this site: nobody is led elsewhere by a to-do."""
    return not url or (url.startswith("/") and not url.startswith(("//", "/\\")) and url.isprintable())


def check_item(*, key: str, title: str, url: str, level: str, kind: str, quiet: str = "") -> None:
    """ValueError where a caller hands in what no item can be: a programming error, not a user's."""
    if not key or len(key) > KEY_LENGTH:
        raise ValueError(f"an item's key has 1 to {KEY_LENGTH} characters: {key!r}")
    if not title.strip():
        raise ValueError(f"the item {key!r} has no title")
    if level not in LEVELS:
        raise ValueError(f"the level of {key!r} is info, soon or late, not {level!r}")
    if kind not in KINDS:
        raise ValueError(f"the kind of {key!r} is todo or message, not {kind!r}")
    quiet_span(quiet)
    if len(url) > URL_LENGTH or not is_local(url):
        raise ValueError(f"the address of {key!r} must be one of this site: {url!r}")


def quiet_end(local: datetime, begins: time, ends: time) -> datetime | None:
    """When the quiet hours that ``local`` lies in are over; None outside of them. They may pass midnight; equal ends
    mean that there are none. ``begins`` is quiet, ``ends`` no longer is."""
    now = local.time()
    today = local.replace(hour=ends.hour, minute=ends.minute, second=0, microsecond=0)
    if begins < ends:
        return today if begins <= now < ends else None
    if begins > ends:
        if now < ends:
            return today
        if now >= begins:
            return today + timedelta(days=1)
    return None


def quiet_span(text: str) -> tuple[time, time] | None:
    """Quiet hours as a rule declares them: "22:00-07:00"; "none" has equal ends, "" is None: the instance's. Raises
    ValueError for anything else."""
    if not text:
        return None
    if text == QUIET_NONE:
        return time(0), time(0)
    begins, _dash, ends = text.partition("-")
    if [len(begins), len(ends)] != [5, 5]:
        raise ValueError(f"quiet hours are written 22:00-07:00, or {QUIET_NONE}: {text!r}")
    span = time.fromisoformat(begins), time.fromisoformat(ends)
    if span[0] == span[1]:
        raise ValueError(f"quiet hours that never end, or {QUIET_NONE}? {text!r}")
    return span


def wait_after(attempts: int) -> timedelta:
    """How long to wait after the ``attempts``-th try (1 and up): 1, 2, 4, 8 … minutes, at most four hours."""
    return min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(max(attempts, 1) - 1, 20))


def snooze_problem(until: date, today: date) -> str:
    """Why a to-do cannot be put off until ``until``: "past", "far" or ""."""
    if until <= today:
        return "past"
    return "far" if (until - today).days > SNOOZE_DAYS else ""


def domain_allowed(address: str, domains: list[str]) -> bool:
    """Whether mail may go to ``address``: one of ``domains``, or anywhere where none is named."""
    domain = address.rpartition("@")[2].lower()
    return bool(domain) and (not domains or domain in {name.lower().lstrip("@") for name in domains})


def pieces(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """``values`` in lists of at most ``size``: a statement takes only so many parameters."""
    source = iter(values)
    while piece := list(islice(source, size)):
        yield piece
