"""Domain events: a service publishes a frozen dataclass; higher apps registered handlers.

A handler runs after the commit, so that it never sees what may be rolled back; ``same_transaction=True`` (state why
where you register) runs it inside the unit of work: both are written or neither.
"""

import logging
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from django.db import transaction

E = TypeVar("E")

_after: dict[type, list[Callable[[Any], None]]] = defaultdict(list)
_inside: dict[type, list[Callable[[Any], None]]] = defaultdict(list)
_log = logging.getLogger(__name__)


def on(event: type[E], handler: Callable[[E], None], *, same_transaction: bool = False) -> None:
    """Register ``handler`` for ``event``. Call it from ``AppConfig.ready``. Registering twice changes nothing."""
    handlers = (_inside if same_transaction else _after)[event]
    if handler not in handlers:
        handlers.append(handler)


def publish(event: object) -> None:
    """Hand ``event`` to its handlers. A handler that fails after the commit is logged and does not stop the others."""
    for handler in _inside[type(event)]:
        handler(event)
    for handler in _after[type(event)]:
        transaction.on_commit(partial(_run, handler, event))


def _run(handler: Callable[[Any], None], event: object) -> None:
    try:
        handler(event)
    except Exception:
        _log.exception("处理 %s 的 %s 出错", type(event).__name__, handler.__qualname__)
