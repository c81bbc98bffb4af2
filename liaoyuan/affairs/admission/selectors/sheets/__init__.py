"""Drawing up papers from a case: which there are by now, and each of them."""

from collections.abc import Callable, Iterator, Mapping

from liaoyuan.affairs.admission.rules.sheets import SHEETS, Sheet
from liaoyuan.affairs.admission.selectors.sheets import accepting, converting, listing
from liaoyuan.affairs.admission.selectors.sheets.source import Source, source_of
from liaoyuan.kernel.errors import NotInScope

_BUILD: Mapping[str, Callable[[Source], Sheet]] = {
    "register": listing.register,
    "talk": listing.talk,
    "activist": listing.activist,
    "cultivation": listing.cultivation,
    "opinions": listing.opinions,
    "candidate": listing.candidate,
    "posting_notice": listing.posting_notice,
    "posting": listing.posting,
    "introducers": accepting.introducers,
    "political_review": accepting.political_review,
    "pre_review": accepting.pre_review,
    "form": accepting.form,
    "resolution": accepting.resolution,
    "approval": accepting.approval,
    "oath": converting.oath,
    "probation": converting.probation,
    "conversion": converting.conversion,
    "conversion_approval": converting.conversion_approval,
    "archive": converting.archive,
}


def available(source: Source) -> list[tuple[str, str]]:
    """``(kind, name)`` of the papers that can be drawn up now."""
    return [(kind, name) for kind, (name, act) in SHEETS.items() if act is None or act in source.records]


def sheet(source: Source, kind: str) -> Sheet:
    """One paper. NotInScope where there is none of that kind, or not yet."""
    if kind not in dict(available(source)):
        raise NotInScope()
    return _BUILD[kind](source)


def everything(source: Source) -> Iterator[Sheet]:
    """Every paper that can be drawn up now, in the order of the steps."""
    for kind, _name in available(source):
        yield sheet(source, kind)


__all__ = ["Source", "available", "everything", "sheet", "source_of"]
