"""Kinds of fact that follow from what the apps below already keep: standings, posts, units. Nothing is typed twice.

Pure. The keys are read by duty rules and by the case files above.
"""

from liaoyuan.organisation.chronicle.kinds import FactKind, register

APPLIED = "standing.applied"
ACTIVIST = "standing.activist"
CANDIDATE = "standing.candidate"
ADMITTED = "standing.admitted"
FULL = "standing.full"
SUSPENDED = "standing.suspended"
ENDED = "standing.ended"
TENURE_BEGAN = "tenure.began"
TENURE_ENDED = "tenure.ended"
FOUNDED = "unit.founded"
ELECTED = "unit.elected"
DISSOLVED = "unit.dissolved"

# Which kind of standing (members.StandingKind) tells which milestone on its first day.
OF_STANDING = {
    "applicant": APPLIED,
    "activist": ACTIVIST,
    "candidate": CANDIDATE,
    "probationary": ADMITTED,
    "full": FULL,
    "suspended": SUSPENDED,
    "ended": ENDED,
}
STANDINGS = frozenset(OF_STANDING.values())
TENURES = frozenset({TENURE_BEGAN, TENURE_ENDED})
UNITS = frozenset({FOUNDED, ELECTED, DISSOLVED})


def declare() -> None:
    """Register the kinds of this module."""
    register(
        FactKind(APPLIED, "递交入党申请书", "{name}递交入党申请书", icon="file-text"),
        FactKind(ACTIVIST, "确定为入党积极分子", "{name}被确定为入党积极分子", icon="seedling"),
        FactKind(CANDIDATE, "确定为发展对象", "{name}被确定为发展对象", icon="user-check"),
        FactKind(ADMITTED, "支部大会接收为预备党员", "支部大会通过接收{name}为预备党员", icon="flag"),
        FactKind(FULL, "转为正式党员", "{name}转为正式党员", icon="flag-3"),
        FactKind(SUSPENDED, "停止党籍", "{name}被停止党籍", icon="player-pause"),
        FactKind(ENDED, "不再是党员", "{name}不再是党员", icon="user-off"),
        FactKind(TENURE_BEGAN, "任职", "{name}任{where}{post}", schema={"post": str, "where": str}, icon="id-badge-2"),
        FactKind(
            TENURE_ENDED, "免职", "{name}不再任{where}{post}", schema={"post": str, "where": str}, icon="id-badge-off"
        ),
        FactKind(FOUNDED, "党组织成立", "{unit}成立", about="unit", icon="building"),
        FactKind(ELECTED, "换届", "{unit}换届", about="unit", icon="refresh"),
        FactKind(DISSOLVED, "党组织撤销", "{unit}撤销", about="unit", icon="building-off"),
    )
