"""S20, admission: one case from the application to the archive, as its people click through it on their days.

Twice: under the text of 2014 (for a case begun while it was in force) and under that of 2026. What the two texts ask
differently (consent and public posting, terms for the meeting and the oath, clauses) is seen on the pages.
"""

from zipfile import ZipFile

import pytest
from playwright.sync_api import Page, expect

from liaoyuan.affairs.admission.rules.papers import to_archive
from liaoyuan.organisation.members.tests.factories import House
from tests.e2e.clocked import Clocked, ClockedVisits
from tests.scenes.people import with_member_roles
from tests.scenes.walking import (
    BATTALION,
    CLERK,
    LEADER,
    MEMBER,
    SECRETARY,
    SELF,
    Assembly,
    Option,
    Pick,
    Way,
    fill,
    make_applicant,
    says,
    send,
    voters,
)

pytestmark = pytest.mark.browser

TEXT_2014 = "《中国共产党发展党员工作细则（2014年）》"
TEXT_2026 = "《中国共产党发展党员工作细则（2026年）》"
GOOD = Pick("表现良好")
ARCHIVED = [one.name for one in to_archive() if one.kind != "application"]


@pytest.fixture(scope="module")
def house(clocked: Clocked) -> House:
    clocked.at("2021-05-01")
    return clocked.do(with_member_roles)


def apply(way: Way, name: str, text: str) -> None:
    """The secretary takes the application and opens the case; it is bound to the text of that day."""
    way.on("2026-06-01")
    page = way.page(SECRETARY)
    page.goto("/admission/")
    page.get_by_role("link", name="收到申请书").click()
    page.get_by_label("姓名或人员编号").fill(name)
    page.get_by_role("button", name="查找").click()
    page.get_by_role("link", name=name).click()
    fill(page, {"收到入党申请书的日期": way.day})
    send(page)
    expect(page.get_by_text(f"已为 {name} 建立发展案卷。")).to_be_visible()
    way.case = page.url.removeprefix(way.clocked.url)
    expect(page.locator(".page-subtitle")).to_contain_text(f"适用{text}")
    way.paper("入党申请书")


def cultivate(way: Way, name: str, limit: str) -> None:
    """The first year: talk, activist, mentors, half-year review."""
    page = way.open(SECRETARY)
    way.stands_at(page, 2, "党组织派人谈话", "党支部")
    says(page, "最迟", way.shifted("2026-07-01"))
    says(page, "最迟", "还有 30 天")
    says(page, "依据", limit)
    expect(way.column("申请入党", name)).to_contain_text("第 2 步 · 党组织派人谈话")
    expect(way.step(SECRETARY, 7)).to_contain_text(f"最早 {way.shifted('2027-06-01')}")

    way.on("2026-06-15")
    told = "在外执行任务，电话谈了入党动机和经历。"
    way.do(SECRETARY, "记录谈话", 日期=way.day, 谈话人=Option("甲班长"), 方式=Pick("电话"), 谈话情况=told)
    way.on("2026-09-01")
    way.do(SECRETARY, "确定为入党积极分子", 产生方式=Pick("党员推荐"), 研究决定的会议="9月支委会")
    way.on("2026-09-05")
    page = way.do(BATTALION, "登记备案", 文号="备2026-1")
    way.stands_at(page, 5, "指定培养联系人", "党支部")
    page = way.do(SECRETARY, "指定培养联系人", 培养联系人=Pick("甲班长", "甲战士"))
    way.stands_at(page, 6, "培养教育考察", "党支部和培养联系人")
    says(page, "最迟", way.shifted("2027-03-01"))
    expect(way.step(SECRETARY, 7)).to_contain_text(f"最早 {way.shifted('2027-09-01')}")
    way.on("2027-03-01")
    way.do(SECRETARY, "记录半年考察", 结论=GOOD, 考察情况="思想稳定，训练刻苦，参加党课学习认真。")
    expect(way.column("入党积极分子", name)).to_contain_text("第 6 步 · 培养教育考察")


def propose(way: Way, clause: str) -> None:
    """Four opinions, then the committee; not a day before the year is over."""
    way.on("2027-08-31")
    for source in ("党小组", "培养联系人", "党员", "群众"):
        way.do(SECRETARY, "登记征求的意见", 征求谁的意见=Pick(source), 意见="同意列为发展对象。")
    page = way.form(SECRETARY, "支委会讨论拟列发展对象")
    send(page)
    error = page.locator("#field-on .field-error")
    expect(error).to_contain_text(f"须满1年，{way.shifted('2027-09-01')} 起")
    expect(error).to_contain_text(clause)
    way.on("2027-09-01")
    way.do(SECRETARY, "支委会讨论拟列发展对象", 研究的会议="9月支委会")


def review(way: Way) -> None:
    """Introducers, political review, training, the committee's check, the pre-review, the form."""
    way.on("2027-09-28")
    way.do(SECRETARY, "确定入党介绍人", 入党介绍人=Pick("甲班长", "甲战士"))
    way.do(SECRETARY, "登记政治审查结论", 结论=Pick("合格"), 方法=Pick("谈话", "查阅档案"), 结论性意见="政治审查合格。")
    way.on("2027-10-12")
    way.do(SECRETARY, "登记短期集中培训", 天数="3", 学时="24", 举办单位="旅党校")
    way.do(SECRETARY, "支委会审查", 支委会审查=Pick("合格"))
    way.on("2027-10-20")
    page = way.do(CLERK, "预审", 预审=Pick("合格"), 书面通知文号="预2027-3")
    way.stands_at(page, 14, "填写入党志愿书", "本人")
    way.do(SECRETARY, "登记入党志愿书", 志愿书编号="0001")


def accept(way: Way, name: str) -> None:
    """The general meeting votes on handhelds; the case takes the step by itself."""
    way.on("2027-11-03")
    assembly = Assembly(way, f"讨论接收{name}", "2027-11-05T15:00")
    assembly.submit("手持终端")
    assembly.begin()
    chair = assembly.put()
    assembly.vote({SECRETARY: "赞成"})
    chair.get_by_role("link", name="回到会议").click()
    chair.locator(".motion-title a").click()
    expect(chair.locator("#ballot-count")).to_contain_text("已投票 1 / 应投 4")
    assembly.vote({BATTALION: "赞成", LEADER: "赞成", MEMBER: "反对"})
    expect(chair.locator("#ballot-count")).to_contain_text("已投票 4 / 应投 4", timeout=10_000)  # it asks by itself
    assembly.close(
        f"应到会有表决权 {way.members} 人，实到 4 人，超过半数；"
        f"赞成 4 票（含会前书面意见 1 票），超过应到会半数（需 {way.members // 2 + 1} 票）"
    )
    page = way.open(SECRETARY)
    expect(page.locator("#past")).to_contain_text("登记支部大会表决结果")
    way.on("2027-11-08")
    page = way.do(SECRETARY, "上报决议")
    way.stands_at(page, 16, "上级党委派人谈话", "有审批权的党委")


def approve(way: Way) -> None:
    """The committee's talk and vote; the probation counts from the meeting."""
    way.on("2027-11-20")
    way.do(
        CLERK,
        "记录审批前谈话",
        谈话人=Option("其他人"),
        谈话人姓名="旅党委委员",
        方式=Pick("当面"),
        谈话情况="动机端正。",
    )
    way.on("2027-12-01")
    page = way.do(CLERK, "审批接收预备党员", 党委会表决=Pick("批准"), 会议="旅党委会议")
    expect(page.locator("dt:text-is('预备期') + dd")).to_have_text(
        f"{way.shifted('2027-11-05')} – {way.shifted('2028-11-05')}"
    )
    way.do(CLERK, "登记备案", 文号="备2027-9")
    way.on("2027-12-06")
    way.do(SECRETARY, "编入党小组", 党小组=Option("甲一班党小组"))


def convert(way: Way, name: str) -> None:
    """A year later: opinions, the vote on paper, approval, the archive."""
    way.on("2028-06-01")
    way.do(SECRETARY, "记录预备期考察", 结论=GOOD, 考察情况="按期参加组织生活，作用发挥好。")
    way.on("2028-11-05")
    way.do(SECRETARY, "收到转正申请")
    way.do(SECRETARY, "征求意见、支委会审查", 已征求意见=Pick("党小组", "党员", "群众"), 支委会意见=Pick("按期转正"))
    assembly = Assembly(way, f"讨论{name}转正", "2028-11-10T15:00", others=1)
    assembly.submit("纸质")
    assembly.begin()
    assembly.put()
    count = {"发出票数": "4", "收回票数": "4", "赞成": "4", "反对": "0", "弃权": "0"}
    assembly.tally({LEADER: "甲班长", MEMBER: "甲战士"}, **count)
    assembly.close(f"赞成 5 票（含会前书面意见 1 票），超过应到会半数（需 {way.members // 2 + 1} 票）")
    way.on("2028-11-12")
    way.do(SECRETARY, "上报转正决议")
    way.on("2028-12-01")
    way.do(CLERK, "审批转正", 党委会表决=Pick("批准"), 会议="旅党委会议")
    way.on("2028-12-20")
    for paper in ARCHIVED:
        way.paper(paper)
    page = way.do(SECRETARY, "材料归档")
    expect(page.locator("#now").get_by_role("heading", level=2)).to_contain_text("归档")
    expect(page.locator("li.line-step.is-done")).to_have_count(25)
    assert "政治坚定，训练刻苦，群众基础好。" in resolution(page)


def resolution(page: Page) -> str:
    """The resolution of the meeting that accepted him, as the Word file that the case gives out."""
    page.get_by_role("link", name="文书").click()
    row = page.locator("li.paper").filter(has=page.get_by_text("接收预备党员决议", exact=True))
    with page.expect_download() as taken:
        row.get_by_role("link", name="Word").click()
    with ZipFile(taken.value.path()) as word:
        return word.read("word/document.xml").decode()


def test_a_case_under_the_text_of_2014(clocked: Clocked, visits: ClockedVisits, house: House) -> None:
    """Filing instead of consent and posting; no term for the meeting or the oath."""
    clocked.do(make_applicant, house, "申旧", SELF + "1")
    way = Way(clocked, visits, -5, clocked.do(voters, house))
    apply(way, "申旧", TEXT_2014)
    cultivate(way, "申旧", f"{TEXT_2014}第7条")
    propose(way, f"{TEXT_2014}第13条")

    way.on("2027-09-15")
    page = way.open(BATTALION)
    way.stands_at(page, 8, "上级党委备案", "上级党委")
    page = way.do(BATTALION, "上级党委备案，列为发展对象", 文号="备2027-3")
    expect(page.locator("#papers")).not_to_contain_text("公示材料")
    expect(page.get_by_role("heading", name="会议与公示")).to_have_count(0)
    expect(way.column("发展对象", "申旧")).to_have_count(1)

    review(way)
    expect(way.step(SECRETARY, 15)).not_to_contain_text("最迟")
    accept(way, "申旧")
    approve(way)
    expect(way.step(SECRETARY, 20)).not_to_contain_text("最迟")
    way.on("2028-02-20")
    way.do(SECRETARY, "登记入党宣誓", 地点="旅史馆")
    convert(way, "申旧")
    own_way(way, SELF + "1")


def test_a_case_under_the_text_of_2026(clocked: Clocked, visits: ClockedVisits, house: House) -> None:
    """The superior's consent, then a public posting of five working days; a month for the meeting, one for the oath."""
    clocked.do(make_applicant, house, "申新", SELF + "2")
    way = Way(clocked, visits, 0, clocked.do(voters, house))
    apply(way, "申新", TEXT_2026)
    cultivate(way, "申新", f"{TEXT_2026}第7条")
    propose(way, f"{TEXT_2026}第13条")

    way.on("2027-09-06")
    page = way.open(BATTALION)
    way.stands_at(page, 8, "上级党委同意并公示", "上级党委")
    way.do(BATTALION, "上级党委研究是否同意", 上级党委=Pick("同意"), 批复文号="批2027-3")
    post(way)
    page = way.do(SECRETARY, "列为发展对象")
    expect(page.locator("#papers")).to_contain_text("公示材料和公示结果")
    expect(way.column("发展对象", "申新")).to_have_count(1)

    review(way)
    expect(way.step(SECRETARY, 15)).to_contain_text("最迟 2027-11-20 还有 31 天")
    accept(way, "申新")
    approve(way)
    expect(way.step(SECRETARY, 20)).to_contain_text("最迟 2028-01-01")
    way.on("2028-02-20")
    page = way.form(SECRETARY, "登记入党宣誓")
    fill(page, {"地点": "旅史馆"})
    send(page)
    expect(page.locator("#field-reason .field-error")).to_contain_text("第29条")
    fill(page, {"理由": "批准后即外出执行任务，归队后举行。"})
    send(page)
    expect(page.get_by_text("已登记：登记入党宣誓。")).to_be_visible()
    convert(way, "申新")
    own_way(way, SELF + "2")


def post(way: Way) -> None:
    """The proposal hangs for five working days; the branch sees it on its devices; nobody is listed before its end."""
    way.on("2027-09-07")
    page = way.form(SECRETARY, "开始公示")
    fill(page, {"意见受理人": Option("甲班长"), "联系方式": "连部电话 8001"})
    send(page)
    expect(page.get_by_text("已登记：开始公示。")).to_be_visible()
    expect(page.locator("#now").get_by_role("link", name="列为发展对象")).to_have_count(0)
    expect(way.step(SECRETARY, 8)).to_contain_text("最早 2027-09-15")
    hand = way.page(MEMBER)
    hand.goto("/notices/")
    hand.get_by_role("link", name="发展对象").first.click()
    expect(hand.locator("body")).to_contain_text("5 个工作日：2027-09-07 至 2027-09-14")
    expect(hand.get_by_role("link", name="提出异议")).to_be_visible()

    # The working days of 2027 are not announced yet: the end is reckoned, and a person confirms it.
    way.on("2027-09-15")
    way.clocked.run_job("notices.close_due")
    page.goto("/")
    page.get_by_role("link", name="去核对").click()
    page.get_by_role("link", name="作出结论").click()
    fill(page, {"结论": Pick("没有异议")})
    send(page)
    expect(page.get_by_text("结论已记录。")).to_be_visible()


def own_way(way: Way, account: str) -> None:
    """The person sees his own way, and not what others said."""
    hand = way.page(account)
    hand.goto("/admission/mine/")
    expect(hand.locator("li.line-step.is-done")).to_have_count(25)
    expect(hand.locator("body")).not_to_contain_text("思想稳定")
