"""Proofs by another hand: what decides who sees whom still follows from the rows it is derived from.

The owning apps keep these columns and prove their own; here the columns that scope people are compared set by set,
each in one query, so that a mistake in an owner's service cannot also be in its proof.
"""

from datetime import date
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from liaoyuan.foundation.accounts.models import User
from liaoyuan.kernel import clock
from liaoyuan.kernel.db import PathField
from liaoyuan.kernel.registry import ProofResult
from liaoyuan.organisation.members.models import Membership, MembershipKind, Person, Standing
from liaoyuan.organisation.units.models import Grant

_WHY = "a proof compares every row"


def paths_proof() -> ProofResult:
    """A person's home path is that of his group or branch, the attached path that of the attached branch."""
    people = Person.objects.unscoped(_WHY).annotate(
        home_truth=Coalesce("group__path", "unit__path", Value(""), output_field=PathField()),
        attached_truth=Coalesce("attached_unit__path", Value(""), output_field=PathField()),
        attached_kept=Coalesce("attached_path", Value(""), output_field=PathField()),
    )
    wrong = people.exclude(home_path=F("home_truth"), attached_kept=F("attached_truth"))
    return _result(wrong, _("的查看范围路径与所在组织不一致"), _("人的查看范围路径与所在组织一致。"))


def memberships_proof() -> ProofResult:
    """A person's branch and group are those of the memberships that hold today; who has left keeps the last place."""
    home = _membership(MembershipKind.HOME)
    attached = _membership(MembershipKind.ATTACHED)
    people = Person.objects.unscoped(_WHY).annotate(
        home_unit=Subquery(home.values("unit_id")[:1]),
        home_group=Subquery(home.values("group_id")[:1]),
        guest_unit=Subquery(attached.values("unit_id")[:1]),
    )
    elsewhere = (
        (Q(active=True) & (Q(home_unit__isnull=True) | ~Q(home_unit=F("unit_id"))))
        | (Q(home_unit__isnull=False) & _differ("home_group", "group_id"))
        | _differ("guest_unit", "attached_unit_id")
    )
    wrong = people.filter(elsewhere)
    return _result(wrong, _("的所在支部与组织关系记录不一致"), _("人的所在支部、小组、挂靠与组织关系记录一致。"))


def standings_proof() -> ProofResult:
    """A person's standing is the one that holds today."""
    today = clock.today()
    rows = Standing.objects.filter(_holds(today), person=OuterRef("pk")).order_by(F("since").desc(nulls_last=True))
    people = Person.objects.unscoped(_WHY).annotate(truth=Subquery(rows.values("kind")[:1]))
    wrong = people.filter(Q(truth__isnull=True) | ~Q(truth=F("standing")))
    return _result(wrong, _("的政治面貌与记录不一致"), _("人的政治面貌与记录一致。"))


def administrators_proof() -> ProofResult:
    """The three administrators hold no role in the organisation and are no person of it (SC-12)."""
    today = clock.today()
    administrators = User.objects.exclude(admin_kind="")
    every = Grant.objects.unscoped("proves that there is none")
    granted = every.filter(Q(until__isnull=True) | Q(until__gte=today), user__in=administrators)
    wrong = administrators.filter(Q(pk__in=granted.values("user_id")) | Q(person__isnull=False)).order_by("username")
    checked, first = administrators.count(), wrong.first()
    if first is None:
        return ProofResult(True, checked, _("%(count)d 个三员账号都没有组织岗位，也不关联人员。") % {"count": checked})
    values = {"count": wrong.count(), "first": first.username}
    return ProofResult(False, checked, _("%(count)d 个三员账号兼有组织岗位或关联人员，第一个：%(first)s。") % values)


def _holds(day: date) -> Q:
    return (Q(since__isnull=True) | Q(since__lte=day)) & (Q(until__isnull=True) | Q(until__gt=day))


def _membership(kind: MembershipKind) -> QuerySet[Membership]:
    return Membership.objects.filter(_holds(clock.today()), person=OuterRef("pk"), kind=kind).order_by("-since")


def _differ(one: str, other: str) -> Q:
    """Two nullable columns differ (NULL equals NULL)."""
    return (
        Q(**{f"{one}__isnull": True, f"{other}__isnull": False})
        | Q(**{f"{one}__isnull": False, f"{other}__isnull": True})
        | (Q(**{f"{one}__isnull": False, f"{other}__isnull": False}) & ~Q(**{one: F(other)}))
    )


def _result(wrong: QuerySet[Any], fault: str, praise: str) -> ProofResult:
    checked = Person.objects.unscoped(_WHY).count()
    first = wrong.order_by("number").first()
    if first is None:
        return ProofResult(True, checked, f"{checked} {praise}")
    values = {"count": wrong.count(), "first": first.number, "fault": fault}
    return ProofResult(False, checked, _("%(count)d 人%(fault)s，第一个：%(first)s。请重新保存其所在支部。") % values)
