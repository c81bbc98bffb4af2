"""The only source of now. Tests and dry runs set it; nothing else calls ``datetime.now``."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from django.utils import timezone

_shift = timedelta(0)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return timezone.now() + _shift


def today() -> date:
    """Today in the instance's time zone (Asia/Shanghai)."""
    return timezone.localtime(now()).date()


def local(moment: datetime) -> datetime:
    """``moment`` in the instance's time zone."""
    return timezone.localtime(moment)


@contextmanager
def set_to(moment: datetime | date) -> Iterator[None]:
    """Let ``now()`` start at ``moment`` (a date means its noon) inside the block. For tests and dry runs."""
    global _shift
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day, 12, tzinfo=timezone.get_default_timezone())
    before, _shift = _shift, moment - timezone.now()
    try:
        yield
    finally:
        _shift = before
