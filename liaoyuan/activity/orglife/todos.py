"""What meetings ask people to do, for the home page."""

from django.urls import reverse
from django.utils.translation import gettext as _

from liaoyuan.activity.orglife.selectors.pages import ahead
from liaoyuan.kernel import clock
from liaoyuan.kernel.registry import Todo
from liaoyuan.kernel.scoping import Actor


def todos(actor: Actor) -> list[Todo]:
    """An open ballot first, then resolutions to sign, then meetings to come."""
    if actor.user_id is None:
        return []
    waiting = ahead(actor)
    found = [
        Todo(
            title=_("请投票：%(title)s") % {"title": motion.title},
            why=_("“%(meeting)s”正在无记名投票，您在会且有表决权。") % {"meeting": motion.meeting.title},
            url=reverse("orglife:vote", args=[motion.pk]),
            action=_("去投票"),
            severity=3,
            icon="checkbox",
        )
        for motion in waiting.to_vote
    ]
    found += [
        Todo(
            title=_("请签署决议：%(title)s") % {"title": motion.title},
            why=_("支部大会决议须由书记签名后及时报批。"),
            url=reverse("orglife:resolution", args=[motion.pk]),
            action=_("签署"),
            severity=2,
            icon="writing-sign",
        )
        for motion in waiting.to_sign
    ]
    found += [
        Todo(
            title=_("%(day)s %(kind)s：%(title)s")
            % {
                "day": f"{clock.local(meeting.planned_at):%m-%d %H:%M}",
                "kind": meeting.get_kind_display(),
                "title": meeting.title,
            },
            why=_("您在“%(unit)s”这次会议的名册上；不能到会请提前请假。") % {"unit": meeting.unit.name},
            url=reverse("orglife:meeting", args=[meeting.pk]),
            action=_("查看"),
            severity=1,
            due=clock.local(meeting.planned_at).date(),
            icon="users-group",
        )
        for meeting in waiting.coming
    ]
    return found
