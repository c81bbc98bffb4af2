"""What one rule does wrong (over a fact that nobody foresaw) must not keep anybody from hearing of the others."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import InterfaceError, OperationalError

from liaoyuan.kernel.errors import DomainError
from liaoyuan.organisation.duties.rules.declared import DutyRule

_log = logging.getLogger(__name__)


class RulesFailedError(ExceptionGroup[Exception]):
    """Some rules could not be counted or told, all others were; the group holds what went wrong, a rule each."""


class Faults:
    """Collects what goes wrong, rule by rule, while the run goes on; each is logged with the rule's number."""

    def __init__(self) -> None:
        self.found: dict[str, Exception] = {}

    @contextmanager
    def of(self, rule: DutyRule) -> Iterator[None]:
        """What goes wrong inside is that rule's own. A refusal (the tree is busy) and a database that is away are
        nobody's fault: they end the run."""
        try:
            yield
        except (DomainError, OperationalError, InterfaceError):
            raise
        except Exception as error:
            _log.exception("规则 %s 计算出错，其余规则照常", rule.id)
            self.found.setdefault(rule.id, error)

    def tell(self) -> None:
        """Raise what was collected, so that nobody takes the run for a whole one. Raises RulesFailedError."""
        if self.found:
            raise RulesFailedError(f"duty rules that failed: {', '.join(self.found)}", list(self.found.values()))
