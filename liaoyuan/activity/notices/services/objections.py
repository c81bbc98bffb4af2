"""Sealed objections. The trail says that there was one, never whose: a row with a name would unseal it."""

from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from liaoyuan.activity.notices.models import Objection, ObjectionMessage, PostingState, PublicPosting
from liaoyuan.activity.notices.rules import over
from liaoyuan.activity.notices.selectors.objections import objection_received, sender_index
from liaoyuan.activity.notices.selectors.postings import posting_visible
from liaoyuan.foundation.audit.services import record
from liaoyuan.kernel import clock
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import Conflict, DomainError, NotPermitted
from liaoyuan.kernel.scoping import Actor

TEXT_MOST = 5000
MESSAGES_MOST = 50


def objection_submit(*, actor: Actor, posting: UUID, text: str, anonymous: bool = False) -> Objection:
    """Write to the receiver of a posting, under one's name or without it; a second time continues the same thread.

    ``anonymous`` (decided with the first message) keeps the name from the receiver. The platform itself keeps it
    encrypted, so that the answer finds its way. Raises Conflict where the posting is not open or its period is over;
    DomainError for an empty text; NotPermitted for the receiver himself and for accounts without a person.
    """
    with unit_of_work():
        posting_visible(actor, posting)
        row = _locked(posting)
        if actor.person_id is None:
            raise NotPermitted(_("您的账号没有对应的人员档案，不能提出异议。"))
        if actor.person_id == row.receiver_id:
            raise NotPermitted(_("您是这次公示的受理人，不能向自己提出异议。"))
        if row.state != PostingState.OPEN or over(row.last_day, clock.today()) or row.starts_on > clock.today():
            raise Conflict(
                _("这次公示从 %(first)s 到 %(last)s，现在不在公示期内。之后的问题请向上级党组织反映。")
                % {"first": row.starts_on, "last": row.last_day}
            )
        words = _text(text)
        objection, _created = Objection.objects.get_or_create(
            posting=row,
            sender_index=sender_index(row.pk, actor.person_id),
            defaults={"sender": str(actor.person_id), "anonymous": anonymous},
        )
        _add(objection, words, from_receiver=False)
        objection.answered = False
        objection.save(update_fields=["answered"])
        _audit("notices.objection_submit", row)
    return objection


def objection_answer(*, actor: Actor, objection: UUID, text: str) -> Objection:
    """Answer a thread: the named receiver alone (for everybody else there is no such thread)."""
    with unit_of_work():
        row = objection_received(actor, objection)
        posting = _locked(row.posting_id)
        if posting.state not in {PostingState.OPEN, PostingState.AWAITING}:
            raise Conflict(_("这次公示已经结束，不能再答复。"))
        _add(row, _text(text), from_receiver=True)
        row.answered = True
        row.save(update_fields=["answered"])
        _audit("notices.objection_answer", posting)
    return row


def _locked(posting_id: UUID) -> PublicPosting:
    return PublicPosting.objects.unscoped("the caller has authorised").select_for_update().get(pk=posting_id)


def _text(text: str) -> str:
    words = text.strip()
    if sum(character.isalnum() for character in words) < 2:
        raise DomainError(_("请写明情况。"), field="text")
    if len(words) > TEXT_MOST:
        raise DomainError(_("最多 %(most)d 字。") % {"most": TEXT_MOST}, field="text")
    return words


def _add(objection: Objection, text: str, *, from_receiver: bool) -> None:
    last = objection.messages.aggregate(last=Max("number"))["last"] or 0
    if last >= MESSAGES_MOST:
        raise DomainError(_("往来已有 %(most)d 条，请当面或书面继续反映。") % {"most": MESSAGES_MOST}, field="text")
    ObjectionMessage.objects.create(objection=objection, number=last + 1, from_receiver=from_receiver, text=text)


def _audit(action: str, posting: PublicPosting) -> None:
    record(
        Actor.system("密封异议，不记姓名"),
        action,
        object_type="notices.posting",
        object_id=posting.pk,
        object_label=posting.title,
    )
