"""What happens to people when the tree changes. All of it in the same transaction: a path or a membership that no
longer fits its unit must never be seen."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import Case, F, OuterRef, Q, Subquery, When
from django.utils.translation import gettext as _

from liaoyuan.foundation.accounts.models import User
from liaoyuan.kernel import bus, clock
from liaoyuan.kernel.db import before_commit
from liaoyuan.kernel.errors import DomainError
from liaoyuan.kernel.paths import upper
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.events import PathsRewritten
from liaoyuan.organisation.members.models import Membership, MembershipKind, Person, Tenure
from liaoyuan.organisation.members.services.membership import do_attach, do_detach, do_move
from liaoyuan.organisation.members.services.tenure import end_tenures
from liaoyuan.organisation.units.events import (
    UnitDissolved,
    UnitMerged,
    UnitPathsChanged,
    UnitPathsRebuilt,
    UnitSplit,
)
from liaoyuan.organisation.units.models import Unit, UnitKind
from liaoyuan.organisation.units.services import paths_rewrite, unit_for_path


def register() -> None:
    """Called once from ``AppConfig.ready``."""
    bus.on(UnitPathsChanged, on_paths_changed, same_transaction=True)
    bus.on(UnitPathsRebuilt, on_paths_rebuilt, same_transaction=True)
    bus.on(UnitMerged, on_merged, same_transaction=True)
    bus.on(UnitSplit, on_split, same_transaction=True)
    bus.on(UnitDissolved, on_dissolved, same_transaction=True)


def on_paths_changed(event: UnitPathsChanged) -> None:
    """Rewrite the copies of paths, one statement a column. A Party group that went to another branch takes its people
    along: looked at when everything else is done, because a split or merger moves them itself, with its own reason."""
    paths_rewrite(Person, "home_path", event.moves)
    paths_rewrite(Person, "attached_path", event.moves)
    before_commit(_groups_take_people_along, event.moves)
    bus.publish(PathsRewritten(event.moves))


def on_paths_rebuilt(event: UnitPathsRebuilt) -> None:
    """Derive every copy anew from the units."""
    people_paths_rebuild()


def people_paths_rebuild() -> None:
    """Both path columns of every person from his units: two statements."""

    def path_of(column: str) -> Subquery:
        return Subquery(Unit.objects.unscoped("copies the path").filter(pk=OuterRef(column)).values("path"))

    rows = Person.objects.unscoped("derives every copy of a path")
    home = Case(When(group__isnull=False, then=path_of("group_id")), default=path_of("unit_id"))
    rows.filter(unit__isnull=False).update(home_path=home)
    rows.update(attached_path=path_of("attached_unit_id"))


def on_merged(event: UnitMerged) -> None:
    """People, attachments and posts of the sources go over to the target, from the day of the merger."""
    actor = Actor.system("组织合并")
    target = unit_for_path(event.target_id)
    reason = _("组织合并：%(reason)s") % {"reason": event.reason}
    if target.kind == UnitKind.GROUP:
        branch = unit_for_path(target.parent_id) if target.parent_id else target
        for person in _locked(Q(group__in=event.source_ids)):
            _rehome(actor, person, branch, target, event.on, reason)
        return
    if not target.is_branch:
        return
    for person in _locked(Q(unit__in=event.source_ids)):
        _rehome(actor, person, target, person.group, event.on, reason)
    for person in _locked(Q(attached_unit__in=event.source_ids)):
        day = _not_before_attachment(person, event.on)
        do_detach(actor, person, on=day, reason=reason)
        if person.unit_id != target.pk:
            do_attach(actor, person, target, since=day, reason=reason)


def on_split(event: UnitSplit) -> None:
    """The chosen people and everybody of the groups handed over belong to the new branch."""
    actor = Actor.system("组织拆分")
    new = unit_for_path(event.new_id)
    reason = _("组织拆分：%(reason)s") % {"reason": event.reason}
    chosen = {person.pk: person for person in _locked(Q(pk__in=event.person_ids))}
    strangers = [one for one in event.person_ids if one not in chosen or chosen[one].unit_id != event.source_id]
    if strangers:
        raise DomainError(
            _("所选人员中有 %(count)s 人不在原支部，请刷新后重选。") % {"count": len(strangers)}, field="person_ids"
        )
    for person in chosen.values():
        _rehome(actor, person, new, person.group if person.group_id in event.group_ids else None, event.on, reason)
    for person in _locked(Q(group__in=event.group_ids, unit=event.source_id)):
        _rehome(actor, person, new, person.group, event.on, reason)


def on_dissolved(event: UnitDissolved) -> None:
    """Posts and attachments end with the unit (TB-06); people of a dissolved Party group stay in the branch."""
    actor = Actor.system("组织撤销")
    reason = _("组织撤销：%(reason)s") % {"reason": event.reason}
    for person in _locked(Q(attached_unit=event.unit_id)):
        do_detach(actor, person, on=_not_before_attachment(person, event.on), reason=reason)
    for person in _locked(Q(group=event.unit_id)):
        branch = unit_for_path(person.unit_id) if person.unit_id else None
        if branch is not None:
            _rehome(actor, person, branch, None, event.on, reason)
    unit = unit_for_path(event.unit_id)
    holders = Tenure.objects.filter(unit=unit).filter(Q(until__isnull=True) | Q(until__gt=event.on))
    for person in _locked(Q(pk__in=holders.values("person_id")), active_only=False):
        end_tenures(actor, person, last_day=event.on, unit=unit, reason=reason)


def _groups_take_people_along(moves: list[tuple[tuple[str, str], ...]]) -> None:
    """People whose Party group now lies in another branch than they do belong to that branch from today."""
    actor = Actor.system("党小组划转")
    where = Q(pk__in=[])
    for _old, new in (pair for batch in moves for pair in batch):
        where |= Q(home_path__gte=new, home_path__lt=upper(new))
    for person in _locked(where & Q(group__isnull=False) & ~Q(group__parent_id=F("unit_id"))):
        if person.group is None or person.group.parent_id is None:  # the filter leaves none: for the type checker
            continue
        branch = unit_for_path(person.group.parent_id)
        do_move(actor, person, branch, on=_not_before_home(person, None), reason=_("党小组划转"), group=person.group)


def _locked(where: Q, *, active_only: bool = True) -> list[Person]:
    """The people meant, locked in one order."""
    rows = Person.objects.unscoped("follows a decision about the tree").filter(where)
    if active_only:
        rows = rows.filter(active=True)
    return list(rows.select_for_update(of=("self",)).select_related("unit", "group", "user").order_by("pk"))


def _rehome(actor: Actor, person: Person, unit: Unit, group: Unit | None, on: date, reason: str) -> None:
    """Move to ``unit``; a person who came only after ``on`` moves from the day he came."""
    do_move(actor, person, unit, on=_not_before_home(person, on), reason=reason[:200], group=group)


def _not_before_home(person: Person, on: date | None) -> date:
    return _not_before(person, MembershipKind.HOME, on)


def _not_before_attachment(person: Person, on: date) -> date:
    return _not_before(person, MembershipKind.ATTACHED, on)


def _not_before(person: Person, kind: str, on: date | None) -> date:
    since = (
        Membership.objects.filter(person=person, kind=kind, until__isnull=True).values_list("since", flat=True).first()
    )
    day = on or clock.today()
    return day if since is None else max(day, since)


def occupancy(unit_ids: Sequence[UUID]) -> int:
    """How many people in service belong to these units: a unit with people does not end."""
    return Person.objects.unscoped("counts, names nobody").filter(unit__in=unit_ids, active=True).count()


def role_check(user: User) -> str:
    """A person of the roster does not become one of the three administrators (SC-12)."""
    if Person.objects.unscoped("only whether there is one").filter(user=user).exists():
        return _("该账号属于花名册中的人员。三员须使用单独的账号，请先解除关联或另建账号。")
    return ""
