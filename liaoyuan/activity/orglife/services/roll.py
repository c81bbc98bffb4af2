"""The roll: computed from standing, membership, posts and rights on the day; presence marked by people."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.utils.translation import gettext as _

from liaoyuan.activity.orglife.clauses import clause_words
from liaoyuan.activity.orglife.models import Meeting, Presence, RollEntry
from liaoyuan.activity.orglife.policies import can_chair, can_record
from liaoyuan.activity.orglife.selectors.computing import roll_lines
from liaoyuan.activity.orglife.services.locking import (
    check_no_ballot,
    check_not_over,
    check_open,
    check_reason,
    locked_meeting,
)
from liaoyuan.foundation.audit.services import record
from liaoyuan.kernel import clock
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import DomainError, NotInScope
from liaoyuan.kernel.scoping import Actor

EXCLUSIONS = ("MT-17", "MT-18")


def roll_compute(meeting: Meeting) -> None:
    """Bring the roll up to the meeting's day: who came is added, who went is taken off, votes follow standing and
    rights. A named person's exclusion stands; presence already marked stands. The caller holds the meeting's lock."""
    lines = {line.person_id: line for line in roll_lines(meeting)}
    known = {row.person_id: row for row in meeting.roll.all()}
    gone = [row.pk for person, row in known.items() if person not in lines]
    RollEntry.objects.filter(pk__in=gone, meeting=meeting).delete()
    changed = []
    for person, row in known.items():
        line = lines.get(person)
        if line is None:
            continue
        row.standing, row.attached = line.standing, line.attached
        if not row.excluded:
            row.entitled, row.why_not, row.clause = line.entitled, line.why_not, line.clause
        if not row.marked_by:
            row.presence, row.note = line.presence, line.note
        changed.append(row)
    fields = ["standing", "attached", "entitled", "why_not", "clause", "presence", "note"]
    RollEntry.objects.bulk_update(changed, fields, batch_size=200)
    RollEntry.objects.bulk_create(
        [
            RollEntry(
                meeting=meeting,
                person_id=line.person_id,
                standing=line.standing,
                attached=line.attached,
                entitled=line.entitled,
                why_not=line.why_not,
                clause=line.clause,
                presence=line.presence,
                note=line.note,
            )
            for person, line in lines.items()
            if person not in known
        ],
        batch_size=200,
    )


def presence_mark(*, actor: Actor, meeting: UUID, person: UUID, presence: str, note: str = "") -> RollEntry:
    """Mark one person present, on leave or absent. The recorder or chair marks anybody, everybody marks himself.

    Presence is marked at an open meeting, leave also before it. Raises NotInScope for somebody not on the roll,
    Conflict where the meeting is over, not yet open, or a ballot is open.
    """
    with unit_of_work():
        row = locked_meeting(actor, meeting)
        if actor.person_id is None or actor.person_id != person:
            can_record(actor, row).require()
        return _mark(actor, row, {person: presence}, note)[0]


def presence_mark_many(*, actor: Actor, meeting: UUID, presences: Mapping[UUID, str]) -> int:
    """Mark many at once; returns how many changed. Raises as ``presence_mark``."""
    with unit_of_work():
        row = locked_meeting(actor, meeting)
        can_record(actor, row).require()
        now = dict(row.roll.values_list("person_id", "presence"))
        wanted = {person: presence for person, presence in presences.items() if now.get(person) != presence}
        return len(_mark(actor, row, wanted, "")) if wanted else 0


def _mark(actor: Actor, meeting: Meeting, presences: Mapping[UUID, str], note: str) -> list[RollEntry]:
    check_not_over(meeting)
    check_no_ballot(meeting)
    if any(presence not in Presence.values for presence in presences.values()):
        raise DomainError(_("到会情况只有到会、请假、未到三种。"), field="presence")
    if Presence.PRESENT in presences.values():
        check_open(meeting)
    entries = list(meeting.roll.filter(person__in=presences).select_related("person"))
    if len(entries) != len(presences):
        raise NotInScope(_("名册上没有这个人。名册按组织关系自动生成，如有缺漏请先核对其组织关系。"))
    for entry in entries:
        entry.presence = presences[entry.person_id]
        entry.note = " ".join(note.split())[:120]
        entry.marked_by, entry.marked_at = actor.name[:80], clock.now()
    RollEntry.objects.bulk_update(entries, ["presence", "note", "marked_by", "marked_at"], batch_size=200)
    detail = {str(entry.person_id): entry.presence for entry in entries}
    _audit(actor, "orglife.presence_mark", meeting, subject=entries, detail=detail)
    return entries


def roll_exclude(*, actor: Actor, meeting: UUID, person: UUID, fact: str, reason: str, consent: str = "") -> RollEntry:
    """Take somebody's vote at this meeting, by a named person's decision: rights lost or suspended (``fact`` MT-17:
    留党察看、留置、逮捕), or left out of those entitled (MT-18), which needs the superior's ``consent``.

    Raises DomainError for another ground, without reason or consent; Conflict where a ballot is open.
    """
    with unit_of_work():
        row = locked_meeting(actor, meeting)
        can_chair(actor, row).require()
        check_not_over(row)
        check_no_ballot(row)
        if fact not in EXCLUSIONS:
            raise DomainError(_("只有失去或中止权利、经上级同意不计入应到会两种情形。"), field="fact")
        words = check_reason(reason)
        if fact == "MT-18":
            if sum(character.isalnum() for character in consent) < 2:
                raise DomainError(
                    _("不计入应到会须经上级党组织同意，请写明哪一级组织、何时同意。"),
                    field="consent",
                    clause=clause_words(fact, on=row.held_on),
                )
            words = _("%(reason)s（%(consent)s同意）") % {"reason": words, "consent": " ".join(consent.split())[:80]}
        entry = _entry(row, person)
        entry.entitled, entry.excluded, entry.why_not = False, True, words[:200]
        entry.clause, entry.excluded_by = clause_words(fact, on=row.held_on)[:120], actor.name[:80]
        entry.save(update_fields=["entitled", "excluded", "why_not", "clause", "excluded_by"])
        _audit(actor, "orglife.roll_exclude", row, subject=[entry], reason=words, detail={"fact": fact})
        return entry


def roll_include(*, actor: Actor, meeting: UUID, person: UUID, reason: str) -> RollEntry:
    """Take an exclusion back: the vote is again what standing and rights say."""
    with unit_of_work():
        row = locked_meeting(actor, meeting)
        can_chair(actor, row).require()
        check_not_over(row)
        check_no_ballot(row)
        words = check_reason(reason)
        entry = _entry(row, person)
        if not entry.excluded:
            raise DomainError(_("名册上没有对此人的人工认定，不用恢复。"))
        entry.excluded, entry.excluded_by = False, ""
        entry.save(update_fields=["excluded", "excluded_by"])
        roll_compute(row)
        entry.refresh_from_db()
        _audit(actor, "orglife.roll_include", row, subject=[entry], reason=words)
        return entry


def entitled_of(meeting: Meeting) -> tuple[int, int]:
    """``(entitled, present)`` among those with a vote."""
    rows = meeting.roll.filter(entitled=True)
    return rows.count(), rows.filter(presence=Presence.PRESENT).count()


def _entry(meeting: Meeting, person: UUID) -> RollEntry:
    entry = meeting.roll.select_related("person").filter(person=person).first()
    if entry is None:
        raise NotInScope()
    return entry


def _audit(
    actor: Actor,
    action: str,
    meeting: Meeting,
    *,
    subject: Iterable[RollEntry],
    reason: str = "",
    detail: Mapping[str, str] | None = None,
) -> None:
    people = list(subject)
    record(
        actor,
        action,
        object_type="orglife.meeting",
        object_id=meeting.pk,
        object_label=meeting.title,
        subject_id=people[0].person_id if len(people) == 1 else None,
        reason=reason,
        detail=detail,
    )
