"""Motions from the agenda to the count."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from liaoyuan.activity.orglife.forms.meetings import ReasonForm, posted
from liaoyuan.activity.orglife.forms.motions import (
    CloseBallotForm,
    HandsForm,
    MotionForm,
    OpenBallotForm,
    OpinionForm,
    PaperForm,
)
from liaoyuan.activity.orglife.models import Motion
from liaoyuan.activity.orglife.policies import can_chair, can_record
from liaoyuan.activity.orglife.rules.decisions import HANDS, RULES
from liaoyuan.activity.orglife.selectors import meeting_visible, motion_visible
from liaoyuan.activity.orglife.selectors.pages import ballot_progress, motion_page, own_ballot
from liaoyuan.activity.orglife.services import (
    hands_record,
    motion_add,
    motion_close,
    motion_open,
    motion_withdraw,
    paper_tally_record,
    written_opinion_record,
)
from liaoyuan.activity.orglife.views.meetings import answer
from liaoyuan.kernel.errors import NotInScope

LEVELS = {"planned": "info", "open": "soon", "decided": "ok", "withdrawn": "muted"}


@login_required
@require_http_methods(["GET", "POST"])
def new_motion(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put a question on the agenda."""
    actor = request.actor  # type: ignore[attr-defined]
    row = meeting_visible(actor, pk)
    can_record(actor, row).require()
    form = MotionForm(row, posted(request))

    def save() -> None:
        motion_add(actor=actor, meeting=pk, **form.cleaned_data)

    note = _("接收预备党员和转正的表决从发展党员的个人进程里提出。")
    return answer(
        request, row, form, save, title=_("提出表决事项"), submit=_("列入议程"), done=_("已列入议程。"), note=note
    )


@login_required
@require_GET
def motion(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One motion: the live count of who has voted, or the result."""
    actor = request.actor  # type: ignore[attr-defined]
    page = motion_page(actor, motion_visible(actor, pk))
    context = {
        "page": page, "motion": page.motion, "level": LEVELS[page.motion.state],
        "takes_opinions": RULES[page.motion.rule].written,
    }  # fmt: skip
    return render(request, "orglife/motion.html", context)


@login_required
@require_GET
def count(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How many have voted: a fragment that the chair's page asks for again and again."""
    row = motion_visible(request.actor, pk)  # type: ignore[attr-defined]
    marked, present = ballot_progress(row)
    return render(request, "orglife/_count.html", {"motion": row, "marked": marked, "present": present})


@login_required
@require_http_methods(["GET", "POST"])
def open_motion(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Open the ballot."""
    actor = request.actor  # type: ignore[attr-defined]
    row = motion_visible(actor, pk)
    can_chair(actor, row.meeting).require()
    form = OpenBallotForm(row, posted(request))

    def save() -> None:
        data = form.cleaned_data
        motion_open(actor=actor, motion=pk, agenda=frozenset(data.get("agenda", ())), mode=data["mode"])

    return answer(
        request, row.meeting, form, save, title=_("开始表决：%(title)s") % {"title": row.title}, submit=_("开始表决"),
        done=_("表决已开始，名册已定。"), back=_page(row),
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def close_motion(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Close the ballot and count."""
    actor = request.actor  # type: ignore[attr-defined]
    row = motion_visible(actor, pk)
    can_chair(actor, row.meeting).require()
    form = CloseBallotForm(posted(request))
    marked, present = ballot_progress(row)

    def save() -> None:
        motion_close(actor=actor, motion=pk, missing_ok=form.cleaned_data["missing_ok"])

    note = "" if row.mode != "handheld" else _("已投票 %(n)d 人，到会 %(m)d 人。") % {"n": marked, "m": present}
    return answer(
        request, row.meeting, form, save, title=_("结束表决：%(title)s") % {"title": row.title}, submit=_("结束并计票"),
        done=_("已计票，决议草稿已生成。"), back=_page(row), note=note,
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def withdraw_motion(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take it back."""
    actor = request.actor  # type: ignore[attr-defined]
    row = motion_visible(actor, pk)
    can_chair(actor, row.meeting).require()
    form = ReasonForm(posted(request))

    def save() -> None:
        motion_withdraw(actor=actor, motion=pk, reason=form.cleaned_data["reason"])

    return answer(
        request, row.meeting, form, save, title=_("撤回表决事项：%(title)s") % {"title": row.title},
        submit=_("撤回"), done=_("已撤回。"), back=_page(row), danger=True,
        note=_("已经投入的票作废，不计票。"),
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def written(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write an opinion before the meeting: one's own, or (the recorder) one that came by letter."""
    actor = request.actor  # type: ignore[attr-defined]
    row = motion_visible(actor, pk)
    entry, _voted = own_ballot(actor, row)
    records = bool(can_record(actor, row.meeting))
    if entry is None and not records:
        raise NotInScope()
    own = None if records or entry is None else entry.person
    form = OpinionForm(row.meeting, own, posted(request))

    def save() -> None:
        data = form.cleaned_data
        written_opinion_record(
            actor=actor, motion=pk, person=data["person"].pk, choice=data["choice"], text=data["text"],
            received_at=data.get("received_at"),
        )  # fmt: skip

    note = _("书面意见是署名的正式意见，由记录人归档；计入票数，不计入到会人数。本人到会的，以会上投票为准。")
    return answer(
        request, row.meeting, form, save, title=_("会前书面意见：%(title)s") % {"title": row.title},
        submit=_("提交"), done=_("已登记书面意见。"), back=_page(row), note=note, private=True,
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def tally(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Enter what was counted on paper or by hands."""
    actor = request.actor  # type: ignore[attr-defined]
    row = motion_visible(actor, pk)
    entry, _voted = own_ballot(actor, row)
    if row.mode == HANDS or entry is None:
        can_record(actor, row.meeting).require()
    own = None if entry is None or can_record(actor, row.meeting) else entry.person
    form = HandsForm(posted(request)) if row.mode == HANDS else PaperForm(row, own, posted(request))

    def save() -> None:
        data = form.cleaned_data
        if isinstance(form, PaperForm):
            paper_tally_record(actor=actor, motion=pk, teller=data["teller"].pk, count=form.count())
        else:
            hands_record(actor=actor, motion=pk, **data)

    note = "" if row.mode == HANDS else _("每名计票人各清点一次、各录一份，须一致。")
    return answer(
        request, row.meeting, form, save, title=_("录入票数：%(title)s") % {"title": row.title}, submit=_("录入"),
        done=_("已录入。"), back=_page(row), note=note,
    )  # fmt: skip


def _page(row: Motion) -> str:
    return reverse("orglife:motion", args=[row.pk])
