"""Proving the chain: every row, in order, and the head; the first broken row is named."""

import hmac
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Subquery
from django.utils.translation import gettext as _

from liaoyuan.foundation.audit.models import AuditEntry, AuditHead
from liaoyuan.foundation.audit.policies import can_view
from liaoyuan.foundation.audit.rules import COLUMNS, VERIFY, row_text
from liaoyuan.foundation.audit.seals import head_seal
from liaoyuan.foundation.audit.services.write import record
from liaoyuan.kernel.scoping import Actor

BATCH = 2000
CODE_LENGTH = 16
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ChainReport:
    """The proof. ``first_broken`` is the number of the first row that is not as it was written (None: all are);
    ``kind`` is changed, missing, inserted, truncated, head, anchor or ""; ``code`` proves the last row later on, when
    somebody wrote it down outside of this machine."""

    ok: bool
    checked: int
    first_broken: int | None
    sentence: str
    kind: str = ""
    code: str = ""


def verify_chain(
    *, known: Mapping[int, str] | None = None, on_progress: Callable[[int, int], None] | None = None
) -> ChainReport:
    """Walk the whole chain in batches (constant memory, no lock: rows written meanwhile are left for the next time).

    ``known`` maps row numbers to codes noted after earlier proofs: they reveal a database put back to an older state,
    which is whole in itself. ``on_progress(checked, of)`` is called after each batch.
    """
    # The head and the last row are read in one statement: they never belong to two moments.
    last_row = AuditEntry.objects.order_by("-seq").values("seq")[:1]
    head = AuditHead.objects.annotate(last=Subquery(last_row)).filter(id=1).first()
    if head is None:
        return _without_head()
    if not hmac.compare_digest(head.seal, head_seal(head.seq, head.mac)):
        return _walk(head, known or {}, on_progress) or _broken(
            "head", head.seq + 1, head.seq, _("链头记录被改动过：它与密钥对不上，末尾可能有记录被删去。")
        )
    return _walk(head, known or {}, on_progress) or _ends(head, known or {})


def _without_head() -> ChainReport:
    first = AuditEntry.objects.order_by("seq").values_list("seq", flat=True).first()
    if first is None:
        return ChainReport(True, 0, None, _("审计链完好：还没有任何记录。"))
    return _broken("head", first, 0, _("链头记录被删除，而审计记录还在：无法证明末尾没有记录被删去。"))


def _walk(head: Any, known: Mapping[int, str], on_progress: Callable[[int, int], None] | None) -> ChainReport | None:
    """The first fault among the rows up to the head; None where every row is right."""
    previous, expected = "", 1
    template = hmac.new(settings.KEYS.audit, digestmod="sm3")
    for row in _rows(head.seq):
        seq, stored = row[0], row[-1]
        if seq < expected:
            return _broken("inserted", seq, expected - 1, _("第 %(n)d 条是插入的：编号从 1 开始。") % {"n": seq})
        if seq > expected:
            sentence = _("第 %(n)d 条记录缺失（下一条现存的是第 %(next)d 条）。") % {"n": expected, "next": seq}
            return _broken("missing", expected, expected - 1, sentence)
        sum_ = template.copy()
        sum_.update(row_text(previous, row[:-1]))
        if not hmac.compare_digest(sum_.hexdigest(), stored):
            sentence = _("第 %(n)d 条记录被改动过：内容与链值不符。") % {"n": seq}
            return _broken("changed", seq, seq - 1, sentence)
        if seq in known and not stored.startswith(known[seq]):
            sentence = _("第 %(n)d 条与当时记下的校验码不符：此后的记录是重新写过的。") % {"n": seq}
            return _broken("anchor", seq, seq - 1, sentence)
        previous, expected = stored, seq + 1
        if on_progress is not None and seq % BATCH == 0:
            on_progress(seq, head.seq)
    if expected <= head.seq:
        sentence = _("从第 %(n)d 条起末尾被截断：链头记着共有 %(of)d 条。") % {"n": expected, "of": head.seq}
        return _broken("truncated", expected, expected - 1, sentence)
    if previous != head.mac:
        return _broken("head", head.seq, head.seq, _("链头记录的链值与最后一条（第 %(n)d 条）不符。") % {"n": head.seq})
    return None


def _ends(head: Any, known: Mapping[int, str]) -> ChainReport:
    """What only the end can tell: rows past the head, or rows once known that are no more."""
    if head.last is not None and head.last > head.seq:
        first = AuditEntry.objects.filter(seq__gt=head.seq).order_by("seq").values_list("seq", flat=True)[0]
        sentence = _("第 %(n)d 条是插入的：链头只到第 %(of)d 条。") % {"n": first, "of": head.seq}
        return _broken("inserted", first, head.seq, sentence)
    lost = [seq for seq in known if seq > head.seq]
    if lost:
        sentence = _("当时核验过的第 %(n)d 条已不存在：现在只有 %(of)d 条，数据库可能被退回到旧状态。")
        return _broken("anchor", head.seq + 1, head.seq, sentence % {"n": min(lost), "of": head.seq})
    sentence = _("审计链完好：%(n)d 条记录逐条核对无误，链头一致。") % {"n": head.seq}
    return ChainReport(True, head.seq, None, sentence, code=head.mac[:CODE_LENGTH])


def _rows(until: int) -> Iterator[tuple[Any, ...]]:
    """The rows up to ``until`` in order, ``BATCH`` at a time: memory does not grow with the chain."""
    after: int | None = None
    while True:
        rows = AuditEntry.objects.filter(seq__lte=until).order_by("seq")
        if after is not None:
            rows = rows.filter(seq__gt=after)
        batch = list(rows.values_list(*COLUMNS, "mac")[:BATCH])
        yield from batch
        if len(batch) < BATCH:
            return
        after = batch[-1][0]


def _broken(kind: str, seq: int, checked: int, sentence: str) -> ChainReport:
    return ChainReport(False, checked, seq, sentence, kind=kind)


def chain_verify(*, actor: Actor, known: Mapping[int, str] | None = None) -> ChainReport:
    """Prove the chain for ``actor`` and record that and what was found: the last result is read from the trail itself.
    Raises NotPermitted for who is not the audit administrator."""
    can_view(actor).require()
    report = verify_chain(known=known)
    if not report.ok:
        _log.critical("审计链核验失败：%s", report.sentence)
    record(
        actor,
        VERIFY,
        reason=report.sentence,
        detail={
            "ok": report.ok,
            "checked": report.checked,
            "first_broken": report.first_broken,
            "kind": report.kind,
            "code": report.code,
            "known": sorted(known or ()),
        },
    )
    return report
