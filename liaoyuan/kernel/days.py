"""Which days a record may name at all: pure, for rules, forms and services alike.

A day outside is mistyped ("26" for 2026 gives the year 26), and time zones and terms cannot be counted near the
calendar's ends.
"""

from datetime import date

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)


def conceivable(day: date) -> bool:
    """Whether ``day`` can be meant: from 1900 to 2100."""
    return FIRST_DAY <= day <= LAST_DAY


def read_day(text: str) -> date | None:
    """The day that an address names as 2026-11-22; None for what is none or cannot be meant."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if conceivable(day) else None
