"""Papers that the platform draws up from a case: data, whatever they are printed with.

Layouts are our own: the official forms (入党志愿书, the two registers) are the Organisation Department's and are not
redesigned (DM-50); for them there are data sheets to copy from.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType

from liaoyuan.affairs.admission.rules.acts import Act

NARROW = 9  # characters that fit half a line


@dataclass(frozen=True, slots=True)
class GridLine:
    """One line of the grid: one pair over its whole width, or two beside each other."""

    label: str
    value: str
    label2: str = ""
    value2: str = ""
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One paper, from top to bottom: title, subtitle, whom it goes to, a leading paragraph, rows of label and value
    (``grid``), paragraphs, a table of three columns, boxes (label and text; an empty one is room to write in), lines to
    sign."""

    kind: str
    title: str
    subtitle: str = ""
    to: str = ""
    lead: str = ""
    rows: tuple[tuple[str, str], ...] = ()
    paragraphs: tuple[str, ...] = ()
    heads: tuple[str, str, str] = ("", "", "")
    lines: tuple[tuple[str, str, str], ...] = ()
    boxes: tuple[tuple[str, str], ...] = ()
    signs: tuple[str, ...] = ()

    @property
    def grid(self) -> tuple[GridLine, ...]:
        """The rows two to a line; what is long has a line to itself."""
        return tuple(_grid(self.rows))


def _grid(rows: tuple[tuple[str, str], ...]) -> Iterator[GridLine]:
    held: tuple[str, str] | None = None
    for label, value in rows:
        if _width(value) > NARROW:
            if held is not None:
                yield GridLine(*held, wide=True)
                held = None
            yield GridLine(label, value, wide=True)
        elif held is None:
            held = (label, value)
        else:
            yield GridLine(*held, label, value)
            held = None
    if held is not None:
        yield GridLine(*held, wide=True)


def _width(text: str) -> float:
    """Characters' width: half a one for what is not Chinese."""
    return sum(1 if ord(character) > 0x2E7F else 0.5 for character in text)


# Kind → name, and the act from which on it can be drawn up (None: at once).
SHEETS: MappingProxyType[str, tuple[str, Act | None]] = MappingProxyType(
    {
        "register": ("发展党员办理情况一览", None),
        "talk": ("同入党申请人谈话记录", Act.TALK),
        "activist": ("入党积极分子备案报告", Act.ACTIVIST),
        "cultivation": ("培养教育考察情况数据单", Act.MENTORS),
        "opinions": ("征求意见情况汇总", Act.OPINION),
        "candidate": ("拟列发展对象报告", Act.PROPOSE),
        "posting_notice": ("发展对象公示", Act.CONSENT),
        "posting": ("公示情况报告", Act.POSTED),
        "introducers": ("入党介绍人登记", Act.INTRODUCERS),
        "political_review": ("政治审查结论", Act.POLITICAL_REVIEW),
        "pre_review": ("预审情况通知", Act.PRE_REVIEW),
        "form": ("入党志愿书填写数据单", Act.FORM),
        "resolution": ("接收预备党员决议", Act.MEETING),
        "approval": ("接收预备党员审批通知", Act.APPROVE),
        "oath": ("入党宣誓记录", Act.OATH),
        "probation": ("预备党员教育考察数据单", Act.APPROVE),
        "conversion": ("预备党员转正决议", Act.CONVERSION_MEETING),
        "conversion_approval": ("预备党员转正审批通知", Act.CONVERSION_APPROVE),
        "archive": ("归档材料清单", Act.CONVERSION_APPROVE),
    }
)
