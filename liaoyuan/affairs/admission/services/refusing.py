"""A committee above did not agree: the branch hears of it with the reason, the person that the branch will tell him."""

from collections.abc import Mapping
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liaoyuan.affairs.admission.models import StepRecord
from liaoyuan.affairs.admission.rules.acts import VERDICTS, Act
from liaoyuan.foundation.inbox.services import NewItem, items_close, items_put
from liaoyuan.kernel import clock
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import Person

# Who keeps a branch's agenda and its cases, and is told what happened to them.
_KEEPERS = ("secretary", "deputy_secretary", "organisation_officer")
# What the branch reads, and what the person does: the reasons are the branch's to explain (``policies.can_read``).
_WORDS: Mapping[str, tuple[object, object]] = {
    Act.CONSENT: (
        gettext_lazy("上级党委没有同意将%(name)s列为发展对象"), gettext_lazy("上级党委没有同意将您列为发展对象"),
    ),
    Act.PRE_REVIEW: (gettext_lazy("%(name)s的入党材料预审不合格"), gettext_lazy("您的入党材料没有通过党委预审")),
    Act.APPROVE: (gettext_lazy("党委没有批准接收%(name)s为预备党员"), gettext_lazy("党委没有批准接收您为预备党员")),
    Act.CONVERSION_APPROVE: (gettext_lazy("党委没有批准%(name)s的转正决议"), gettext_lazy("党委没有批准您的转正决议")),
}  # fmt: skip


def keepers_of(unit: UUID, *, without: UUID | None = None) -> list[UUID]:
    """The accounts of those who keep a branch's agenda and cases today; ``without`` is a person left out."""
    today = clock.today()
    rows = Person.objects.unscoped("who keeps it is told").filter(
        Q(tenures__until__isnull=True) | Q(tenures__until__gte=today), active=True, user__isnull=False,
        tenures__unit=unit, tenures__since__lte=today, tenures__post__code__in=_KEEPERS,
    )  # fmt: skip
    return list(rows.exclude(pk=without).order_by("user_id").values_list("user_id", flat=True).distinct())


def refusal_tell(actor: Actor, record: StepRecord) -> None:
    """Tell of an act by which a committee above did not agree; nothing for any other. The caller holds the case."""
    words = _WORDS.get(record.act)
    if words is None or not any(record.detail.get(key) is False for key in VERDICTS):
        return
    case, key = record.case, _key(record)
    branch, own = (str(one) % {"name": case.person.name} for one in words)
    url = reverse("admission:case", args=[case.pk])
    items = [
        NewItem(user, key, branch, body=record.reason, url=url, level="soon", kind="message")
        for user in keepers_of(case.unit_id, without=case.person_id)
    ]
    if case.person.user_id is not None:
        body, url = _("由您所在的党支部向您说明情况，有疑问请与支部联系。"), reverse("admission:mine")
        items.append(NewItem(case.person.user_id, key, own, body=body, url=url, level="soon", kind="message"))
    items_put(actor=actor, items=items)


def refusal_take_back(actor: Actor, record: StepRecord) -> None:
    """The act was corrected or cancelled: what was told of it leaves the inboxes."""
    if record.act in _WORDS:
        items_close(actor=actor, keys=[_key(record)])


def _key(record: StepRecord) -> str:
    return f"admission:refused:{record.pk}"
