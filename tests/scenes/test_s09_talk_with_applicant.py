"""S09: "…递交入党申请书即将满30天，请尽快安排谈话": the secretary of the right branch is reminded, the applicant is
away, a talk by telephone is recorded, the duty closes. Beside it the duty that nobody sees to, which climbs.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from liaoyuan.kernel.scoping import actor_for
from liaoyuan.organisation.duties.models import Duty, DutyState
from liaoyuan.organisation.members.models import Person, Tenure
from liaoyuan.organisation.units.models import Site, Unit
from liaoyuan.organisation.whereabouts.models import Purpose
from liaoyuan.organisation.whereabouts.services.postings import posting_begin_group
from tests.e2e.clocked import Clocked, ClockedVisits

pytestmark = pytest.mark.browser

TODAY = date(2026, 11, 22)
WEEK = timedelta(days=7)  # what the board calls soon
CLIMB = timedelta(days=15)  # late: the superior's turn
WHY = "browser test"


@dataclass(frozen=True)
class Wait:
    """Somebody who waits for his talk."""

    name: str
    person: str
    duty: str
    due: date


@dataclass(frozen=True)
class Story:
    """A branch that owes nothing these days but talks; the first of those waiting is away. Accounts of people."""

    parent: str
    name: str
    purpose: str
    waiting: tuple[Wait, ...]
    secretary: str
    member: str
    neighbour: str
    superior: str


@dataclass(frozen=True)
class Neglected:
    """A talk that is late already, and whose superior's turn is yet to come."""

    wait: Wait
    superior: str


def _heads() -> dict[object, Tenure]:
    """Who leads which unit, where he has an account."""
    found: dict[object, Tenure] = {}
    rows = Tenure.objects.filter(until__isnull=True, post__code="secretary", person__user__isnull=False)
    for tenure in rows.select_related("person__user", "unit").order_by("unit__path", "since"):
        found.setdefault(tenure.unit_id, tenure)
    return found


def _only_post(tenure: Tenure) -> bool:
    """Whoever also sits on the committee above sees all of it by right."""
    return Tenure.objects.filter(person=tenure.person, until__isnull=True).count() == 1


def _account(person: Person) -> str:
    assert person.user is not None
    return person.user.username


def _wait(duty: Duty) -> Wait:
    assert duty.person is not None
    assert duty.due is not None
    return Wait(duty.person.name, str(duty.person_id), str(duty.pk), duty.due)


def _talks_owed(branch: Unit) -> list[Duty]:
    """The talks that a branch owes these days; nothing where it owes anything else, or is late with one."""
    near = Duty.objects.unscoped(WHY).filter(unit=branch, state=DutyState.OPEN, due__lte=TODAY + WEEK)
    rows = list(near.exclude(rule="DM-11").select_related("person").order_by("due", "pk"))  # DM-11 is never late
    good = all(duty.rule == "DM-03" and duty.due is not None and duty.due > TODAY for duty in rows)
    return rows if good else []


def _begin() -> Story:
    heads = _heads()
    units = Unit.objects.unscoped(WHY)
    for branch in units.filter(kind="branch", dissolved_on=None).order_by("path"):
        near = units.filter(parent=branch.parent, kind="branch").exclude(pk=branch.pk).order_by("path")
        beside = next((heads[one.pk] for one in near if one.pk in heads and _only_post(heads[one.pk])), None)
        head, above, owed = heads.get(branch.pk), heads.get(branch.parent_id), _talks_owed(branch)
        if head and beside and above and owed:
            return _story(branch, owed, head, beside, above)
    raise AssertionError("no branch of the brigade fits")


def _story(branch: Unit, owed: list[Duty], head: Tenure, beside: Tenure, above: Tenure) -> Story:
    purpose = Purpose.objects.order_by("pk")[0]
    away = owed[0].person
    assert away is not None
    assert head.person.user is not None
    if not away.postings.filter(ended_on__isnull=True).exists():
        posting_begin_group(
            actor=actor_for(head.person.user, via="web"), people=[away.pk], purpose=purpose,
            site=Site.objects.order_by("pk")[0], since=date(2026, 11, 10), planned_end=date(2026, 12, 31),
        )  # fmt: skip
    plain = Person.objects.unscoped(WHY).filter(unit=branch, active=True, standing="full", user__isnull=False)
    return Story(
        parent=str(branch.parent_id),
        name=branch.name,
        purpose=away.postings.get(ended_on__isnull=True).purpose.name,
        waiting=tuple(map(_wait, owed)),
        secretary=_account(head.person),
        member=_account(plain.filter(tenures__isnull=True).select_related("user").order_by("number")[0]),
        neighbour=_account(beside.person),
        superior=_account(above.person),
    )


def _neglected() -> Neglected:
    heads = _heads()
    late = Duty.objects.unscoped(WHY).filter(
        rule="DM-03", state=DutyState.OPEN, due__gt=TODAY - CLIMB + timedelta(days=1), due__lt=TODAY
    )
    for duty in late.select_related("person", "unit").order_by("-due"):
        above = heads.get(duty.unit.parent_id)
        if above is not None and duty.unit_id in heads:
            return Neglected(_wait(duty), _account(above.person))
    raise AssertionError("nobody of the brigade fits")


@pytest.fixture(scope="module")
def story(clocked: Clocked) -> Story:
    clocked.load_demo(TODAY)
    clocked.settle()
    return clocked.do(_begin)


def said(wait: Wait) -> str:
    return f"{wait.name}递交入党申请书即将满30天，请尽快安排谈话"


def card(page: Page, story: Story) -> Locator:
    """The branch on its superior's board."""
    return page.locator(".board-unit").filter(has=page.get_by_role("link", name=story.name, exact=True))


def record(page: Page, mode: str, note: str, evidence: str) -> None:
    """Write the talk down on the page of the duty."""
    form = page.locator("#record form")
    form.get_by_label("谈话人").fill("支部书记")
    form.get_by_label("方式").select_option(mode)
    form.get_by_label("说明").fill(note)
    form.get_by_label("依据").fill(evidence)
    form.get_by_role("button", name="登记").click()
    expect(page.get_by_text("已登记，这件事办结了。")).to_be_visible()
    expect(page.locator(".duty-main")).to_contain_text(f"谈话（{mode}）")


def test_nobody_but_the_branch_is_told(visits: ClockedVisits, story: Story) -> None:
    first = story.waiting[0]
    for account in (story.neighbour, story.member):
        page = visits(account, awaiting=(404,))
        for path in ("/", "/todos/", "/inbox/"):
            page.goto(path)
            expect(page.locator("body.framed")).to_be_visible()
            expect(page.locator("main")).not_to_contain_text(said(first))
        answer = page.goto(f"/duties/{first.duty}/")
        assert answer is not None
        assert answer.status == 404, account


def test_the_secretary_talks_by_telephone_and_the_board_turns_green(
    clocked: Clocked, visits: ClockedVisits, story: Story
) -> None:
    first, rest = story.waiting[0], story.waiting[1:]
    page = visits(story.secretary)
    page.goto("/")
    titles = page.locator(".day-todos .task-title").all_inner_texts()
    # Whoever is not back from leave in time comes before everything; then the talk.
    assert next(title for title in titles if not title.startswith("逾期未归")) == said(first)
    mine = page.locator(".day-todos .task").filter(has_text=said(first))
    expect(mine).to_contain_text(f"还有 {(first.due - TODAY).days} 天")
    board = visits(story.superior)
    board.goto(f"/duties/?unit={story.parent}")
    expect(card(board, story)).to_contain_text(f"七天内 {len(story.waiting)}")
    page.goto("/inbox/")  # S20, notices of duty: each once, on one list with everything else
    expect(page.locator("main tbody tr").filter(has_text=said(first))).to_have_count(1)

    # He is away: his file says so, and the talk is by telephone.
    page.goto(f"/members/{first.person}/tab/whereabouts/")
    expect(page.locator("main")).to_contain_text(story.purpose)
    page.goto("/")
    mine.locator(".task-foot a").click()
    expect(page.locator("h1")).to_have_text(said(first))
    expect(page.locator("#why")).to_contain_text("书记")
    record(page, "电话", "本人在外执行任务，电话谈了入党动机和经历。", "支部谈话记录本第12页")
    page.goto("/")
    expect(mine).to_have_count(0)
    for wait in rest:
        page.goto(f"/duties/{wait.duty}/")
        record(page, "当面", "谈了认识、动机和家庭情况。", "支部谈话记录本第13页")
    clocked.settle()
    board.reload()
    expect(card(board, story)).to_contain_text("没有到期")


def test_what_nobody_sees_to_is_red_and_climbs(clocked: Clocked, visits: ClockedVisits, story: Story) -> None:
    neglected = clocked.do(_neglected)
    late = f"{neglected.wait.name}递交入党申请书已满30天，还没有谈话记录"
    clocked.at(neglected.wait.due + CLIMB - timedelta(days=1))
    clocked.run_job("duties.daily")
    page = visits(neglected.superior)
    page.goto("/todos/")
    expect(page.locator("main")).not_to_contain_text(late)
    page.goto(f"/duties/{neglected.wait.duty}/")
    expect(page.locator("main")).to_contain_text("逾期 14 天")

    clocked.at(neglected.wait.due + CLIMB)
    clocked.run_job("duties.daily")
    page.goto("/todos/")
    task = page.locator(".task").filter(has_text=late)
    expect(task).to_contain_text("逾期 15 天")
    task.locator(".task-foot a").click()
    expect(page.locator(".duty-plan")).to_contain_text("逾期上报")
