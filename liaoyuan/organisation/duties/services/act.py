"""What the responsible person does: record what closed it, put it off, hand it over."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.foundation.inbox.services import items_close
from liaoyuan.foundation.regulations.limits import Limit, limits_at
from liaoyuan.kernel import clock
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import Conflict, DomainError
from liaoyuan.kernel.jobs import enqueue
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.chronicle import hands
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.chronicle.selectors import current
from liaoyuan.organisation.chronicle.services import NewFact, fact_record, proof_keep
from liaoyuan.organisation.chronicle.services.record import same
from liaoyuan.organisation.duties import registry
from liaoyuan.organisation.duties.models import Duty, DutyState, Reminder
from liaoyuan.organisation.duties.policies import can_act, can_write
from liaoyuan.organisation.duties.rules.declared import DutyRule, missed_kind
from liaoyuan.organisation.duties.selectors.rows import duty_get, turn_words
from liaoyuan.organisation.duties.services.remind import item_key
from liaoyuan.organisation.duties.services.returning import act_note
from liaoyuan.organisation.members.models import Person


def duty_record(
    *,
    actor: Actor,
    duty: Duty,
    occurred_on: date,
    payload: Mapping[str, Any],
    quantity: Any = None,
    kind: str = "",
    file: Any = None,
) -> Fact:
    """Write down by hand the fact that closes ``duty``: what happened, when, and on what evidence (``file`` an upload
    that proves it); ``kind`` one of the rule's, the usual one where it is left out, or its ``missed`` one for a turn
    that is over and was missed. Where a case file is kept, the fact is judged by its rules and gets into it. The duty
    closes by itself once the fact is known. Raises Conflict where it is closed already, NotPermitted where the act is
    another's, DomainError for a day before the duty's opening, after the period or to come, without evidence, for a
    kind that is not the rule's, or with the clause where the case refuses it."""
    with unit_of_work():
        row = _locked(actor, duty)
        rule = registry.rule(row.rule)
        can_write(actor, row, kind or rule.record[0]).require()
        said = {key: value for key, value in payload.items() if value not in ("", None)}
        if kind and kind == rule.missed:
            _check_missed(row, rule, occurred_on, said)
            said |= {"turn": row.key, "period": turn_words(row, rule)}
        else:
            _check_done(row, rule, occurred_on, kind)
        if not str(payload.get("evidence", "")).strip():
            raise DomainError(_("请写明依据（记录存放处、参加人等）。"), field="evidence")
        fact = fact_record(
            actor=actor,
            fact=_sourced(
                NewFact(
                    kind=kind or rule.record[0],
                    unit=row.unit,
                    occurred_on=occurred_on,
                    source=("duties", f"{row.pk.hex}:{occurred_on}"),
                    person=row.person,
                    quantity=quantity,
                    payload=said,
                )
            ),
        )
        if file is not None:
            proof_keep(actor, fact, file)
        hands.taken(actor, fact)
        return fact


def _check_done(row: Duty, rule: DutyRule, occurred_on: date, kind: str) -> None:
    if kind and kind not in rule.record:
        raise DomainError(_("这件事不是由这类事项办结的，请重新选择。"), field="kind")
    if occurred_on < row.opened_on:
        raise DomainError(
            _("发生日期早于这件事的起算日 %(day)s，请核对。") % {"day": row.opened_on}, field="occurred_on"
        )
    if rule.shape == "period" and row.due is not None and row.due < occurred_on <= clock.today():
        words = {"day": occurred_on, "period": turn_words(row, rule), "label": missed_kind(rule).label}
        raise DomainError(
            _("%(day)s 不在%(period)s内，会算作以后的一期，办结不了这一件。没有按期的，请改选“%(label)s”。") % words,
            field="occurred_on",
        )


def _check_missed(row: Duty, rule: DutyRule, occurred_on: date, said: Mapping[str, Any]) -> None:
    """Whether a turn can be closed as missed: once it is over, with the reason, on a day after it."""
    if row.due is None or row.due >= clock.today():
        raise DomainError(_("这一期还没有过去，按期办理后登记即可，不用登记为未按期。"), field="kind")
    if occurred_on <= row.due:
        raise DomainError(
            _("补办或说明的日期应在到期日 %(due)s 之后；在那以前办过的，请按办的那天登记。") % {"due": row.due},
            field="occurred_on",
        )
    if said.get("result") not in missed_kind(rule).choices["result"]:
        raise DomainError(_("请选择怎么补救。"), field="result")
    if not str(said.get("note", "")).strip():
        raise DomainError(_("请写明没有按期的原因。"), field="note")


def _sourced(fact: NewFact) -> NewFact:
    """``fact`` with the source under which it is one row. Said twice it is the same; what was withdrawn, and another
    of the same day (hours of two courses), stands beside it under a number."""
    app, day = fact.source
    rows = Fact.objects.unscoped("the duty is the actor's").filter(source_app=app, source_id__startswith=day)
    again = next((row for row in current(rows.filter(kind=fact.kind)) if same(row, fact)), None)
    if again is not None and again.supersedes_id is None:
        return replace(fact, source=(app, again.source_id))
    count = rows.filter(supersedes__isnull=True).count()
    return replace(fact, source=(app, f"{day}:{count}")) if count else fact


def duty_snooze(*, actor: Actor, duty: Duty, until: date, reason: str) -> Duty:
    """Say nothing of ``duty`` to whoever is responsible until a day, for a reason that stays on record. It is still
    owed, late when it is late, and climbs: those above hear of it, and keep it on their lists. Raises DomainError
    without a reason, for a day past, or too far off (``snooze_most``)."""
    with unit_of_work():
        row = _locked(actor, duty)
        today = clock.today()
        if not reason.strip():
            raise DomainError(_("请写明暂缓的理由。"), field="reason")
        if until <= today:
            raise DomainError(_("暂缓到的日期应在今天之后。"), field="until")
        most = snooze_most(row)
        if (until - today).days > most.value:
            raise DomainError(_("一次最多暂缓 %(days)d 天。") % {"days": most.value}, field="until", clause=most.clause)
        row.snoozed_until, row.told = until, ""
        row.save(update_fields=["snoozed_until", "told"])
        told = Reminder.objects.filter(duty=row)
        above = told.filter(point__startswith="l").values("user_id")
        users = set(told.exclude(user_id__in=above).values_list("user_id", flat=True))
        items_close(actor=actor, keys=[item_key(row.pk)], user_ids=users)
        act_note(actor, row, "snoozed", reason, until.isoformat())
        return row


def snooze_most(duty: Duty) -> Limit:
    """For how many days at once a duty may be put off at its unit."""
    return limits_at(duty.path)("platform.snooze_most", clock.today())


def duty_hand_over(*, actor: Actor, duty: Duty, to: Person, reason: str) -> Duty:
    """Let ``to`` see to it: reminders go to him from now on, the ladder stays. Raises DomainError for a person without
    an account, not of the duty's unit or above, or without a reason."""
    with unit_of_work():
        row = _locked(actor, duty)
        if not reason.strip():
            raise DomainError(_("请写明转交的理由。"), field="reason")
        if to.user_id is None or not to.active:
            raise DomainError(_("%(name)s没有可用的账号，收不到提醒。") % {"name": to.name}, field="to")
        if to.unit is None or not (to.unit.path.startswith(row.path) or row.path.startswith(to.unit.path)):
            raise DomainError(_("只能转交给本党组织或上级党组织的人。"), field="to")
        if row.handed_to_id == to.pk:
            raise Conflict(_("已经转交给%(name)s，没有改动。") % {"name": to.name})
        row.handed_to, row.told = to, ""
        row.save(update_fields=["handed_to", "told"])
        items_close(actor=actor, keys=[item_key(row.pk)])
        act_note(actor, row, "handed", reason, to.name)
        enqueue("duties.tell", rule_id=row.rule)  # at once: until then nobody has it on his list
        return row


def duty_take_back(*, actor: Actor, duty: Duty) -> Duty:
    """The holder of the post sees to it again."""
    with unit_of_work():
        row = _locked(actor, duty)
        if row.handed_to_id is None:
            raise Conflict(_("这件事没有转交给别人。"))
        row.handed_to, row.told = None, ""
        row.save(update_fields=["handed_to", "told"])
        items_close(actor=actor, keys=[item_key(row.pk)])
        act_note(actor, row, "taken_back", "", "")
        enqueue("duties.tell", rule_id=row.rule)
        return row


def _locked(actor: Actor, duty: Duty) -> Duty:
    row = duty_get(actor, duty.pk, lock=True)
    can_act(actor, row).require()
    if row.state != DutyState.OPEN:
        raise Conflict(_("这件事已经办结，没有改动。"))
    return row
