"""A posting about a person, told to the chronicle: the reminder of its last day opens and closes by it (DM-13)."""

from liaoyuan.activity.notices.models import PostingResult, PublicPosting
from liaoyuan.kernel import clock
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.chronicle.kinds import FactKind
from liaoyuan.organisation.chronicle.services import NewFact, fact_record

APP = "notices"
STARTED = "notices.posting_started"
CLOSED = "notices.posting_closed"
FACT_KINDS = (
    FactKind(
        STARTED, "张贴公示", "关于{name}的公示“{title}”张贴，至{until}", schema={"title": str, "until": str},
        required=frozenset({"until"}), icon="speakerphone",
    ),
    FactKind(
        CLOSED, "公示结束", "关于{name}的公示“{title}”结束：{result}",
        schema={"title": str, "result": str, "note": str, "evidence": str},
        labels={"title": "公示标题"}, choices={"result": tuple(map(str, PostingResult.labels))}, icon="check",
    ),
)  # fmt: skip


def started_tell(*, actor: Actor, posting: PublicPosting) -> None:
    """It hangs. Told on its first day, not before; telling again changes nothing."""
    if posting.person is None or posting.starts_on > clock.today():
        return
    payload = {"title": posting.title, "until": posting.last_day.isoformat()}
    source = (APP, posting.pk.hex)
    fact_record(
        actor=actor, fact=NewFact(STARTED, posting.unit, posting.starts_on, source, posting.person, payload=payload)
    )


def closed_tell(*, actor: Actor, posting: PublicPosting, result: str) -> None:
    """It is over: with a result, or taken down."""
    if posting.person is None or posting.starts_on > clock.today():
        return
    payload = {"title": posting.title, "result": result}
    source = (APP, posting.pk.hex)
    fact_record(actor=actor, fact=NewFact(CLOSED, posting.unit, clock.today(), source, posting.person, payload=payload))
