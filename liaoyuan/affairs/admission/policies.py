"""Who may see case files, keep them, decide in them and approve. Nobody acts in his own case."""

from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext as _

from liaoyuan.affairs.admission.models import Case
from liaoyuan.affairs.admission.rules.acts import ACTS, Act, Level
from liaoyuan.kernel.results import Allowed, Decision, Denied
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import Person


class Capability(StrEnum):
    """Capabilities of this app."""

    VIEW = "admission.view"
    MANAGE = "admission.manage"
    DECIDE = "admission.decide"
    APPROVE = "admission.approve"


def can_list(actor: Actor) -> Decision:
    """Boards and lists: whoever may see anybody's case."""
    if actor.holds(Capability.VIEW):
        return Allowed()
    return Denied(_("发展党员工作由支部委员以上人员查看；您自己的案卷见“我的入党历程”。"))


def can_read(actor: Actor, case: Case) -> Decision:
    """What others said and found about somebody is not for himself: talks, opinions, reviews, papers."""
    if actor.person_id is not None and actor.person_id == case.person_id:
        return Denied(_("您能看到自己走到了哪一步；考察、意见和政审材料由党组织掌握。"))
    return actor.may(Capability.VIEW, case.path, reason=_("您没有查看这个案卷的权限。"))


def can_open(actor: Actor, path: str) -> Decision:
    """Opening a case in the branch with ``path``."""
    return actor.may(Capability.MANAGE, path, reason=_("建立发展案卷由所在党支部的委员办理。"))


def can_keep(actor: Actor, case: Case) -> Decision:
    """Keeping papers, and correcting what was recorded."""
    return _of_another(actor, case.person_id, _keep(actor, case.path))


def can_act(actor: Actor, case: Case, act: Act) -> Decision:
    """Whether the actor may do an act in a case. Which committee above is the right one, and whether it has the power
    to approve, are rules (DM-32), judged with their clause by ``rules.checks``."""
    return _of_another(actor, case.person_id, _may(actor, case.path, act))


def can_note(actor: Actor, person: Person, act: Act) -> Decision:
    """Whether the actor may write an act down in the chronicle of somebody who has no open case: whoever might do it in
    one."""
    return _of_another(actor, person.pk, _may(actor, person.home_path, act))


def _keep(actor: Actor, path: str) -> Decision:
    return actor.may(Capability.MANAGE, path, reason=_("案卷由所在党支部的委员或上级组织干事维护。"))


def _may(actor: Actor, path: str, act: Act) -> Decision:
    level = ACTS[act].level
    if level == Level.RECORD:
        return _keep(actor, path)
    if level == Level.DECIDE:
        return actor.may(Capability.DECIDE, path, reason=_("这一步由所在党支部研究决定，由书记（或受委托的人）登记。"))
    return actor.may(Capability.APPROVE, path, reason=_("这一步由上级党委办理，您没有上级党委的审批权限。"))


def _of_another(actor: Actor, person_id: UUID, decision: Decision) -> Decision:
    """``decision``, but for one's own case."""
    if actor.person_id is not None and actor.person_id == person_id:
        return Denied(_("不能办理自己的发展手续，请由所在党支部的其他委员办理。"))
    return decision
