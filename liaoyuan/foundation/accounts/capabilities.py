"""What capabilities are called on screen. An app names its own from ``AppConfig.ready``."""

from collections.abc import Mapping
from typing import Any

_labels: dict[str, Any] = {}


def name_capabilities(labels: Mapping[str, Any]) -> None:
    """Give capability values the words people read, e.g. ``{"members.view": "查看人员"}``."""
    _labels.update({str(value): label for value, label in labels.items()})


def capability_label(value: str) -> str:
    """The words of a capability, or its value where no app has named it."""
    return str(_labels.get(value, value))
