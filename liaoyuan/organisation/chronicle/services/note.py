"""Writing down by hand what no app has told."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.foundation.files.models import StoredFile
from liaoyuan.foundation.files.rules import FileKind
from liaoyuan.foundation.files.services import file_store
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import Conflict, DomainError
from liaoyuan.kernel.ids import new_id
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.chronicle import hands, kinds
from liaoyuan.organisation.chronicle.kinds import FactKind
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.chronicle.policies import can_correct, can_record, can_see
from liaoyuan.organisation.chronicle.selectors import current
from liaoyuan.organisation.chronicle.selectors.pages import BY_HAND, GATE, HAND
from liaoyuan.organisation.chronicle.services.record import NewFact, fact_record
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.units.models import Unit

FILES = frozenset({FileKind.PDF, FileKind.JPEG, FileKind.PNG, FileKind.WEBP, FileKind.DOCX, FileKind.XLSX})
FILE_MB = 10
MOST_FILES = 8  # beside one fact


def fact_note(
    *,
    actor: Actor,
    declared: FactKind,
    unit: Unit,
    person: Person | None,
    occurred_on: date,
    payload: Mapping[str, Any],
    quantity: Decimal | None = None,
    file: Any = None,
) -> Fact:
    """Write down one fact by hand, on evidence, in the unit where it happened; ``file`` is an upload that proves it.
    Raises NotPermitted outside one's reach, DomainError without evidence, for a file of another kind or for what
    ``check`` or whoever keeps the kind (``hands``) refuses, Conflict where the very same stands already."""
    can_record(actor, unit.path, declared.key).require()
    can_see(actor, declared, unit.path).require()
    if "evidence" not in declared.schema or declared.filled:
        raise DomainError(_("“%(label)s”由对应的业务记录，不能补记。") % {"label": declared.label}, field="kind")
    if not str(payload.get("evidence", "")).strip():
        raise DomainError(_("请写明依据（记录存放处、参加人等）。"), field="evidence")
    with unit_of_work():
        Unit.objects.unscoped("the same written twice at once waits").select_for_update().get(pk=unit.pk)
        same = current(Fact.objects.unscoped("authorised above")).filter(
            kind=declared.key, unit=unit, person=person, occurred_on=occurred_on, quantity=quantity
        )
        if any(row.payload == dict(payload) for row in same):
            raise Conflict(_("同一天、同样内容的“%(label)s”已经记过，没有再记。") % {"label": declared.label})
        fact = fact_record(
            actor=actor,
            fact=NewFact(declared.key, unit, occurred_on, (HAND, new_id().hex), person, quantity, dict(payload)),
        )
        if file is not None:
            proof_keep(actor, fact, file)
        hands.taken(actor, fact)
    return fact


def evidence_add(*, actor: Actor, fact: Fact, file: Any) -> StoredFile:
    """Put a file beside the evidence of a fact written down by hand. None is ever taken away: what was shown once stays
    to be seen. Raises NotPermitted, DomainError (field ``file``) for facts of other sources or a file too many."""
    can_correct(actor, fact.path, fact.kind).require()
    can_see(actor, kinds.kind(fact.kind), fact.path).require()
    if fact.source_app not in BY_HAND:
        raise DomainError(_("这条纪实由对应的业务记录，证明材料请在那里添加。"), field="file")
    with unit_of_work():
        Fact.objects.unscoped("authorised above").select_for_update().get(pk=fact.pk)
        if StoredFile.objects.filter(gate=GATE, gate_key=fact.source_id).count() >= MOST_FILES:
            raise DomainError(_("一条纪实最多附 %(most)d 个文件。") % {"most": MOST_FILES}, field="file")
        return proof_keep(actor, fact, file)


def proof_keep(actor: Actor, fact: Fact, file: Any) -> StoredFile:
    """Lay an upload beside a fact written by hand. The caller has authorised. Raises DomainError (field ``file``)."""
    return file_store(
        actor=actor, upload=file, gate=GATE, gate_key=fact.source_id, allowed=FILES, max_mb=FILE_MB, field="file"
    )
