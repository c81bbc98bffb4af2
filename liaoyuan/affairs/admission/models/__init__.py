"""Case files of admission."""

from liaoyuan.affairs.admission.models.case import Case, CaseEnd, StepRecord
from liaoyuan.affairs.admission.models.companions import Introducer, Mentor
from liaoyuan.affairs.admission.models.evidence import Examination, Opinion, PoliticalReview, Review, Talk, Training
from liaoyuan.affairs.admission.models.paper import Paper

__all__ = [
    "Case",
    "CaseEnd",
    "Examination",
    "Introducer",
    "Mentor",
    "Opinion",
    "Paper",
    "PoliticalReview",
    "Review",
    "StepRecord",
    "Talk",
    "Training",
]
