"""Papers of a case file: which, from which step on they must be there, and which go to the archive (DM-44)."""

from collections.abc import Collection
from dataclasses import dataclass
from types import MappingProxyType

from liaoyuan.affairs.admission.rules.progress import Progress
from liaoyuan.affairs.admission.rules.steps import Step


@dataclass(frozen=True, slots=True)
class PaperInfo:
    """One kind of paper. ``step``: once done, the paper must be in the file. ``archived``: named by the regulation for
    the personal file. ``of_consent``: only under the text that asks for consent and posting.
    ``of_move``: only of somebody who moved here from another branch."""

    kind: str
    name: str
    step: Step
    archived: bool = False
    of_consent: bool = False
    of_move: bool = False


PAPERS = MappingProxyType(
    {
        one.kind: one
        for one in (
            PaperInfo("application", "入党申请书", Step.APPLY, archived=True),
            PaperInfo("talk", "谈话记录", Step.TALK),
            PaperInfo("recommendation", "推荐（推优）材料", Step.ACTIVIST),
            PaperInfo("activist_filing", "入党积极分子备案表", Step.FILE_ACTIVIST),
            PaperInfo("cultivation", "入党积极分子培养教育考察登记表", Step.MENTORS, archived=True),
            PaperInfo("opinions", "征求意见记录", Step.PROPOSE),
            PaperInfo("posting", "公示材料和公示结果", Step.CONSENT, of_consent=True),
            PaperInfo("political_review", "政治审查材料", Step.POLITICAL_REVIEW, archived=True),
            PaperInfo("training", "短期集中培训证明", Step.TRAINING),
            PaperInfo("pre_review", "预审结果通知", Step.PRE_REVIEW),
            PaperInfo("form", "入党志愿书", Step.FORM, archived=True),
            PaperInfo("minutes", "支部大会会议记录", Step.MEETING),
            PaperInfo("oath", "入党宣誓记录", Step.OATH),
            PaperInfo("transfer", "转接材料（原党组织介绍的情况、材料移交清单）", Step.ACTIVIST, of_move=True),
            PaperInfo("probation", "预备党员教育考察登记表", Step.CARE, archived=True),
            PaperInfo("conversion_application", "转正申请书", Step.CONVERSION_APPLY, archived=True),
        )
    }
)


def wanted(state: Progress, *, needs_consent: bool) -> tuple[PaperInfo, ...]:
    """The papers that must be in the file by now."""
    return tuple(
        one for one in PAPERS.values() if state.has(one.step) and asked(one, state, needs_consent=needs_consent)
    )


def asked(one: PaperInfo, state: Progress, *, needs_consent: bool) -> bool:
    """Whether the case has such a paper, sooner or later."""
    return (needs_consent or not one.of_consent) and (state.moved_on is not None or not one.of_move)


def missing(state: Progress, held: Collection[str], *, needs_consent: bool) -> tuple[PaperInfo, ...]:
    """The papers that must be in the file by now and are not."""
    return tuple(one for one in wanted(state, needs_consent=needs_consent) if one.kind not in held)


def to_archive() -> tuple[PaperInfo, ...]:
    """The papers that the regulation names for the personal file."""
    return tuple(one for one in PAPERS.values() if one.archived)
