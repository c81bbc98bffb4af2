"""What oversight adds to the home page: to-dos (data to mend, a system in trouble, a broken chain), a number."""

from collections.abc import Iterator

from django.core.cache import cache
from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.desk.oversight.policies import Capability
from liaoyuan.desk.oversight.selectors.proofs import last_run
from liaoyuan.desk.oversight.selectors.quality import quality
from liaoyuan.desk.oversight.selectors.system import system
from liaoyuan.foundation.accounts.rules import SYSTEM_MANAGE
from liaoyuan.foundation.audit.policies import Capability as Audit
from liaoyuan.foundation.audit.selectors import last_proof, looks_a_day
from liaoyuan.kernel.registry import Tile, Todo
from liaoyuan.kernel.scoping import Actor

_KEEP = 60  # seconds: the checks of a whole brigade must not run again at every look at the home page


def data_problems(actor: Actor) -> Iterator[Todo]:
    """One to-do for each check that found something, for those who can mend it or have it mended."""
    if not actor.holds(Capability.DATA_QUALITY):
        return
    key = f"oversight.todos.{actor.user_id}"
    found = cache.get(key)
    if found is None:
        found = [
            (check.key, check.label, check.count, check.more, max(problem.severity for problem in check.problems))
            for check in quality(actor)
            if check.problems
        ]
        cache.set(key, found, _KEEP)
    for name, label, count, more, severity in found:
        number = _("%(count)d 处以上") % {"count": count} if more else _("%(count)d 处") % {"count": count}
        yield Todo(
            title=_("数据要改：%(label)s %(number)s") % {"label": label, "number": number},
            why=_("有错的数据会让名册、地图和提醒都不准。"),
            url=f"{reverse('oversight:data_quality')}?check={name}",
            action=_("去看"),
            severity=min(severity, 2),
            count=count,
            icon="clipboard-check",
        )


def system_troubles(actor: Actor) -> Iterator[Todo]:
    """What the system administrator must not overlook."""
    if not actor.holds(SYSTEM_MANAGE):
        return
    state, url = system(actor), reverse("oversight:system")
    if state.disk_level != "ok":
        yield _trouble(_("磁盘快满了"), _("写满后数据库将停止工作。"), url, 3)
    if state.queue_level != "ok":
        yield _trouble(_("后台任务积压"), _("最早的任务已等了两分钟以上，后台进程可能没有运行。"), url, 3)
    if state.failed:
        words = _("有 %(count)d 个后台任务失败") % {"count": state.failed}
        yield _trouble(words, _("一天之内失败的任务，原因见系统运行页。"), url, 2)
    if state.backup_level != "ok":
        yield _trouble(_("备份实例"), _("七天内没有备份。运行 liaoyuan backup 即可，不影响使用。"), url, 2)
    if not last_run(actor).ok:
        yield _trouble(_("核对发现不一致"), _("派生数据与原始数据不符，可能影响查看范围。"), url, 3)


def chain_troubles(actor: Actor) -> Iterator[Todo]:
    """A chain that the last proof found broken."""
    if not actor.holds(Audit.VIEW):
        return
    last = last_proof(actor)
    if last is not None and not last.detail.get("ok"):
        yield _trouble(_("审计链核验失败"), last.reason, reverse("oversight:chain"), 3)


def looks_tile(actor: Actor) -> Tile | None:
    """How often my file was looked at in the last seven days, with the trend of fourteen. One query."""
    if actor.person_id is None:
        return None
    trend = looks_a_day(actor, days=14)
    week = sum(trend[-7:])
    return Tile(
        label=_("近七天看过我的档案"),
        value=week,
        unit=_("次"),
        url=reverse("oversight:my_lookups"),
        note=_("前七天 %(count)d 次") % {"count": sum(trend[:7])},
        trend=trend,
    )


def _trouble(title: str, why: str, url: str, severity: int) -> Todo:
    return Todo(title=title, why=why, url=url, action=_("查看"), severity=severity, icon="alert-triangle")
