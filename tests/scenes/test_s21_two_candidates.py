"""S21: two candidates compared on their records, posted publicly, an objection that only its receiver can read, one of
the two chosen by the branch's secret vote.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect

from liaoyuan.activity.orglife.rules.boxes import NO, YES
from liaoyuan.activity.orglife.rules.decisions import AGENDA
from liaoyuan.activity.orglife.services import (
    ballot_cast,
    meeting_call,
    meeting_open,
    motion_close,
    motion_open,
    presence_mark_many,
)
from liaoyuan.affairs.admission.services.accepting import meeting_submit
from liaoyuan.affairs.admission.tests.walk import Walk, outsider
from liaoyuan.kernel import clock
from liaoyuan.kernel.scoping import actor_for
from liaoyuan.organisation.members.tests.factories import House
from tests.e2e.clocked import Clocked, ClockedVisits
from tests.scenes.people import with_member_roles

pytestmark = pytest.mark.browser

FIRST, SECOND = "申甲", "申乙"
SECRETARY, RECEIVER, MEMBER, OTHER = "a-branch_secretary", "a-group_leader", "a-member", "b-member"
TOLD = "他去年集体活动请假较多，请核实。"
VOTERS = ("branch_secretary", "battalion_secretary", "group_leader", "member")
EVENING = datetime(2027, 11, 5, 19, tzinfo=ZoneInfo("Asia/Shanghai"))


@dataclass(frozen=True)
class Race:
    """Two cases of one branch, both ready to be posted."""

    house: House
    first: Walk
    second: Walk

    def case(self, walk: Walk) -> str:
        """The address of a case."""
        return f"/admission/{walk.case.pk}/"


def _begin() -> Race:
    house = with_member_roles()
    first, second = (Walk(house, outsider(house, name=name), voters=5) for name in (FIRST, SECOND))
    for walk, text in ((first, "训练标兵，带头完成急难任务"), (second, "表现平稳，请假偏多")):
        walk.to("review").do("review", summary=text)
        walk.to("post")
    return Race(house, first, second)


@pytest.fixture(scope="module")
def race(clocked: Clocked) -> Race:
    clocked.at("2026-05-20")
    race = clocked.do(_begin)
    clocked.at("2027-09-07")
    return race


def fill(page: Page, **fields: str) -> None:
    """Fill in and send the open form."""
    form = page.locator("form.ly-form")
    for label, value in fields.items():
        form.get_by_label(label, exact=True).fill(value)
    form.locator("button[type=submit]").click()


def row(page: Page, head: str) -> Locator:
    """The cells of a row of the comparison."""
    return page.locator("table.compare tr").filter(has=page.locator(f"th:text-is('{head}')")).locator("td")


def test_side_by_side_on_their_records(visits: ClockedVisits, race: Race) -> None:
    page = visits(SECRETARY)
    page.goto("/admission/")
    for name in (FIRST, SECOND):
        page.locator("article.case-card").filter(has_text=name).get_by_label("比较").check()
    page.get_by_role("button", name="并列比较勾选的人选").click()
    table = page.locator("table.compare")
    expect(table).to_be_visible()
    columns = table.locator("thead th a").all_inner_texts()
    assert set(columns) == {FIRST, SECOND}
    reviews = row(page, "半年考察")
    expect(reviews.nth(columns.index(FIRST))).to_contain_text("训练标兵")
    expect(reviews.nth(columns.index(SECOND))).to_contain_text("请假偏多")
    story = row(page, "最近的纪实")
    for at, name in enumerate(columns):
        expect(story.nth(at)).to_contain_text(f"同{name}谈话")
    expect(table).not_to_contain_text("总分")
    # Each piece of evidence leads to its record in the case.
    table.locator("thead th a").filter(has_text=FIRST).click()
    expect(page.locator("#past")).to_contain_text("训练标兵")
    page = visits(OTHER, awaiting=(403, 404))
    answer = page.goto(f"/admission/compare/?case={race.first.case.pk}&case={race.second.case.pk}")
    assert answer is not None
    assert answer.status == 403


def test_posted_with_an_objection_that_its_receiver_alone_can_read(
    clocked: Clocked, visits: ClockedVisits, race: Race
) -> None:
    secretary = visits(SECRETARY, awaiting=(404, 403))
    for walk in (race.first, race.second):
        secretary.goto(race.case(walk))
        secretary.locator("#now").get_by_role("link", name="开始公示", exact=True).click()
        receivers = secretary.get_by_label("意见受理人", exact=True)
        expect(receivers).to_be_visible()
        words = next(text for text in receivers.locator("option").all_inner_texts() if text.startswith("甲班长"))
        receivers.select_option(label=words)
        fill(secretary, 联系方式="连部电话 8001")
        expect(secretary.get_by_text("已登记：开始公示。")).to_be_visible()
    member = visits(MEMBER, size="hand")
    member.goto("/notices/")
    member.locator("main").get_by_role("link", name=SECOND).first.click()
    member.get_by_role("link", name="提出异议").click()
    fill(member, 情况=TOLD)
    expect(member.get_by_text("已密封送交受理人。")).to_be_visible()
    expect(member.locator(".thread")).to_contain_text(TOLD)
    address = member.url.removeprefix(clocked.url)

    for page, path in ((secretary, address), (visits("a-battalion_secretary", awaiting=(403, 404)), address)):
        page.goto(path)
        expect(page.locator("main")).to_contain_text(SECOND)
        expect(page.locator("main")).not_to_contain_text(TOLD)
        page.goto(f"{path}threads/")
        expect(page.locator("main")).not_to_contain_text(TOLD)
        page.goto("/notices/received/")
        expect(page.locator("main")).not_to_contain_text(SECOND)
    outside = visits(OTHER, awaiting=(404,))
    answer = outside.goto(address)
    assert answer is not None
    assert answer.status == 404

    receiver = visits(RECEIVER)
    receiver.goto("/notices/received/")
    receiver.locator("main").get_by_role("link", name=SECOND).click()
    expect(receiver.locator(".thread")).to_contain_text(TOLD)
    receiver.get_by_role("link", name="答复", exact=True).click()
    fill(receiver, 答复="已调阅考勤，请假均经批准。")
    expect(receiver.get_by_text("已答复。")).to_be_visible()
    member.goto(address)
    expect(member.locator(".thread")).to_contain_text("已调阅考勤")

    clocked.at("2027-09-15")
    clocked.run_job("notices.close_due")
    conclude(receiver, SECOND, "异议不成立", 核实情况="经查阅考勤登记，请假均按规定批准。")
    conclude(secretary, FIRST, "没有异议")
    secretary.goto(race.case(race.second))
    expect(secretary.locator("main")).not_to_contain_text(TOLD)


def conclude(page: Page, name: str, result: str, **fields: str) -> None:
    """Say what came of a posting."""
    page.goto("/notices/")
    page.locator("main").get_by_role("link", name=name).first.click()
    page.get_by_role("link", name="作出结论").click()
    page.get_by_label(result, exact=True).check()
    fill(page, **fields)
    expect(page.get_by_text("结论已记录。")).to_be_visible()


def _vote(race: Race) -> None:
    """One evening, one meeting, two motions, four voters on their handhelds: the first 4 to 0, the second 1 to 3."""
    house, secretary = race.house, race.house.actor("branch_secretary")
    for walk in (race.first, race.second):
        acts = walk.acts()
        for act in acts[acts.index("list") : acts.index("meeting")]:
            walk.do(act)
    with clock.set_to(datetime(2027, 11, 3, 12, tzinfo=EVENING.tzinfo)):
        meeting = meeting_call(
            actor=secretary, unit=house.branch_a, kind="general_meeting", title="讨论接收预备党员", planned_at=EVENING
        )
        cases = (race.first.case, race.second.case)
        motions = [meeting_submit(actor=secretary, case=case.pk, meeting=meeting.pk) for case in cases]
    with clock.set_to(EVENING):
        meeting_open(actor=secretary, meeting=meeting.pk)
        here = {house.people[name].pk: "present" for name in VOTERS}
        presence_mark_many(actor=secretary, meeting=meeting.pk, presences=here)
        for motion, votes in zip(motions, ((YES,) * 4, (YES, NO, NO, NO)), strict=True):
            motion_open(actor=secretary, motion=motion.pk, agenda=frozenset(AGENDA))
            for name, choice in zip(VOTERS, votes, strict=True):
                ballot_cast(actor=actor_for(house.users[name], via="web"), motion=motion.pk, choice=choice)
            if motion is motions[0]:
                motion_close(actor=secretary, motion=motion.pk)


def test_one_is_chosen_by_the_branch_s_vote(clocked: Clocked, visits: ClockedVisits, race: Race) -> None:
    clocked.do(_vote, race)
    clocked.at(EVENING)
    page = visits(SECRETARY)
    page.goto("/meetings/")
    page.locator("main").get_by_role("link", name="讨论接收预备党员").first.click()
    page.locator(".motion-title a").filter(has_text=SECOND).click()
    page.get_by_role("link", name="结束并计票").click()
    page.locator("form.ly-form button[type=submit]").click()
    expect(page.locator(".result-why")).to_contain_text("赞成 1 票")
    clocked.settle()
    page.goto(race.case(race.first))
    expect(page.locator("main")).to_contain_text("赞成 4 票")
    expect(page.locator("#now").get_by_role("link", name="上报决议")).to_be_visible()
    page.goto(race.case(race.second))
    expect(page.locator("main")).to_contain_text("赞成 1 票")
    expect(page.locator("#now").get_by_role("link", name="上报决议")).to_have_count(0)
