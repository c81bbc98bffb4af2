"""Background jobs by name, on the same database: enqueued in the transaction, so never lost and never early.

An app's ``tasks.py`` declares ``@job("roster.import")``; services call ``enqueue("roster.import", …)``. Arguments are
JSON. A job must be safe to run twice: a worker may die after the work and before the mark. ``@periodic`` adds a cron
line that ``liaoyuan scheduler`` keeps.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django_tasks import task

_jobs: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Periodic:
    """A job that the scheduler enqueues by itself. ``cron`` is a five-field crontab line in Asia/Shanghai."""

    name: str
    cron: str


_periodic: list[Periodic] = []


def job(name: str, *, cron: str = "") -> Callable[[Callable[..., Any]], Any]:
    """Register a module-level function as the job ``name``; with ``cron``, also run it by the clock."""

    def register(function: Callable[..., Any]) -> Any:
        if name in _jobs and _jobs[name].func.__module__ != function.__module__:
            raise ValueError(f"two jobs are called {name}")
        declared = task()(function)
        _jobs[name] = declared
        if cron:
            _periodic.append(Periodic(name, cron))
        return declared

    return register


def enqueue(name: str, **arguments: Any) -> str:
    """Queue the job ``name``; it starts only if the surrounding transaction commits. Returns the result's id."""
    return str(_jobs[name].enqueue(**arguments).id)


def periodic() -> tuple[Periodic, ...]:
    """Every job with a cron line."""
    return tuple(_periodic)


def names() -> tuple[str, ...]:
    """Every registered job."""
    return tuple(sorted(_jobs))


def path_of(name: str) -> str:
    """The dotted path under which the job's results are stored."""
    return str(_jobs[name].module_path)
