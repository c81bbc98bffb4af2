"""Words for actions: each app names its own in ``AppConfig.ready``, the trail and "谁看过我的档案" show them."""

from collections.abc import Mapping

_labels: dict[str, object] = {}


def register_labels(labels: Mapping[str, object]) -> None:
    """Add words for action codes, as ``{"members.view_file": _("查看档案")}`` (lazy translations are fine)."""
    _labels.update(labels)


def label_of(action: str) -> str:
    """The words for ``action``; the code itself where nobody named it."""
    return str(_labels.get(action, action))


def labels() -> dict[str, str]:
    """Every named action and its words, by words."""
    return {code: str(label) for code, label in sorted(_labels.items(), key=lambda item: str(item[1]))}
