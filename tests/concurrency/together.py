"""Rivals that start at the same moment, each on a database connection of its own."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connections

from liaoyuan.kernel.errors import DomainError

LONG = 120  # seconds after which a rival hangs


def together(*works: Callable[[], Any]) -> list[Any]:
    """Run ``works`` in threads that start at once; what each returned, or the DomainError that refused it, in order.
    Raises what else one of them raised."""
    start = threading.Barrier(len(works))
    outcomes: list[Any] = [None] * len(works)
    failures: list[BaseException] = []

    def run(place: int, work: Callable[[], Any]) -> None:
        try:
            start.wait(LONG)
            outcomes[place] = work()
        except DomainError as error:
            outcomes[place] = error
        except BaseException as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=item, daemon=True) for item in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
    assert not any(thread.is_alive() for thread in threads), "a rival hangs"
    if failures:
        raise failures[0]
    return outcomes


def refusals(outcomes: list[Any]) -> list[DomainError]:
    """Those that were refused."""
    return [one for one in outcomes if isinstance(one, DomainError)]
