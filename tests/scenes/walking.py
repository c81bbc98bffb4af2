"""Walking a case of admission in browsers: people, forms and meetings as their users click through them."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from playwright.sync_api import Locator, Page, expect

from liaoyuan.affairs.admission.tests.walk import outsider
from liaoyuan.kernel.clock import today
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.members.tests.factories import House, account_for, load_role
from liaoyuan.organisation.units.models import Grant, GrantSource
from tests.e2e.clocked import Clocked, ClockedVisits

# Who acts, by account. In branch a five full members may vote; one of them has no account and is away.
SECRETARY, BATTALION, CLERK = "a-branch_secretary", "a-battalion_secretary", "organisation_clerk"
LEADER, MEMBER, SELF = "a-group_leader", "a-member", "shen"


def make_applicant(house: House, name: str, account: str) -> UUID:
    """Somebody of branch a who is not in the Party, with an account."""
    person = outsider(house, name=name)
    user = account_for(person, account)
    Grant.objects.create(
        user=user, role=load_role("member"), unit=person.unit, path=person.unit.path, since=today(),
        source=GrantSource.APPOINTMENT,
    )  # fmt: skip
    return person.pk


def voters(house: House) -> int:
    """How many of branch a have a vote: earlier walks have made members."""
    return Person.objects.unscoped("test").filter(unit=house.branch_a, standing="full").count()


class Pick(tuple[str, ...]):
    """What is ticked in a group of radio buttons or boxes."""

    __slots__ = ()

    def __new__(cls, *words: str) -> "Pick":
        return super().__new__(cls, words)


class Option(str):
    """What is chosen in a list: the words an option begins with."""

    __slots__ = ()


def fill(page: Page, fields: Mapping[str, Any]) -> None:
    """Fill in the open form, by the words that stand at its fields."""
    form = page.locator("form.ly-form")
    for label, value in fields.items():
        if isinstance(value, Pick):
            group = form.get_by_role("group", name=re.compile(f"^{label}"))
            for words in value:
                group.get_by_label(re.compile(f"^{words}")).check()
        elif isinstance(value, Option):
            field = form.get_by_label(label, exact=True)
            choice = field.locator("option").filter(has_text=re.compile(f"^\\s*{re.escape(value)}")).first
            field.select_option(label=choice.inner_text())  # waits for it: a busy machine shows the page late
        else:
            form.get_by_label(label, exact=True).fill(value)


def send(page: Page) -> None:
    """Send the open form."""
    page.locator("form.ly-form button[type=submit]").click()


class Way:
    """One case and its people's browsers, from the application on. ``years``: by how many it is moved from the script's
    days; ``members``: how many have a vote in the branch."""

    def __init__(self, clocked: Clocked, visits: ClockedVisits, years: int, members: int) -> None:
        self.clocked, self.visits, self.years, self.members = clocked, visits, years, members
        self.case = ""
        self.day = ""
        self._pages: dict[str, Page] = {}
        self._shown = ""  # in whose browser the case is open as it stands now

    def page(self, account: str, *, size: str = "") -> Page:
        """Somebody's browser; members' are handhelds."""
        if account not in self._pages:
            hand = account in {LEADER, MEMBER} or account.startswith(SELF)
            self._pages[account] = self.visits(account, size=size or ("hand" if hand else "wide"), awaiting=(409, 422))
        return self._pages[account]

    def on(self, day: str) -> None:
        """Another day; of the years the script names, the walk's own."""
        self.day = self.shifted(day)
        self.clocked.at(self.day)

    def shifted(self, day: str) -> str:
        """A day of the script in the walk's own years."""
        return f"{int(day[:4]) + self.years}{day[4:]}"

    def open(self, account: str) -> Page:
        """The page of the case, in somebody's browser."""
        page = self.page(account)
        page.goto(self.case)
        self._shown = account
        return page

    def looking(self, account: str) -> Page:
        """Somebody's browser, opened at the case only where it does not show it as it stands now."""
        page = self.page(account)
        if self._shown == account and page.url.partition("#")[0] == self.clocked.url + self.case:
            return page
        return self.open(account)

    def form(self, account: str, label: str) -> Page:
        """The form of an act, clicked at on the page of the case."""
        page = self.looking(account)
        page.wait_for_load_state("domcontentloaded")  # what is looked at next does not wait
        offer = page.locator("#now").get_by_role("link", name=label, exact=True)
        if not offer.is_visible():
            page.locator("#now summary").click()
        offer.click()
        return page

    def do(self, account: str, label: str, **fields: Any) -> Page:
        """One act by its form: clicked, filled in, sent, and said to be recorded."""
        page = self.form(account, label)
        fill(page, fields)
        send(page)
        expect(page.get_by_text(f"已登记：{label}。")).to_be_visible()
        self._shown = account
        return page

    def step(self, account: str, number: int) -> Locator:
        """A step on the step line."""
        return self.open(account).locator("li.line-step").nth(number - 1)

    def stands_at(self, page: Page, number: int, name: str, holder: str) -> None:
        """Where the case stands, and who holds the ball."""
        now = page.locator("#now")
        expect(now.get_by_role("heading", level=2)).to_have_text(f"现在：第 {number} 步 {name}")
        expect(now.locator("dl")).to_contain_text(re.compile(f"该谁办\\s*{re.escape(holder)}"))

    def column(self, stage: str, name: str) -> Locator:
        """The card of somebody in a column of the branch's board."""
        page = self.page(SECRETARY)
        page.goto("/admission/")
        column = page.locator("section.stage").filter(has=page.get_by_role("heading", name=re.compile(f"^{stage}")))
        return column.locator("article").filter(has=page.get_by_role("link", name=name))

    def paper(self, name: str) -> None:
        """The secretary keeps a paper in the file."""
        page = self.looking(SECRETARY)
        row = page.locator("#papers li").filter(has=page.get_by_text(name, exact=True))
        row.get_by_role("link", name="登记").click()
        send(page)
        expect(page.get_by_text(f"已登记材料：{name}。")).to_be_visible()
        self._shown = SECRETARY


def says(page: Page, term: str, words: str | re.Pattern[str]) -> None:
    """What stands at a term of the case's present step."""
    expect(page.locator(f"#now dt:text-is('{term}') + dd")).to_contain_text(words)


class Assembly:
    """One general meeting of branch a: the secretary chairs, members have handhelds, one is away and wrote before.
    ``others``: how many are on the roll without a vote."""

    def __init__(self, way: Way, title: str, moment: str, *, others: int = 0) -> None:
        self.way, self.title, self.others = way, title, others
        self.on_roll = way.members + others
        self.moment = way.shifted(moment)
        page = way.page(SECRETARY)
        page.goto("/meetings/")
        page.get_by_role("link", name="召集会议").first.click()
        fill(page, {"议题": title, "时间": self.moment, "地点": "连部会议室", "会议类别": Option("支部党员大会")})
        send(page)
        expect(page.get_by_text(f"已召集，名册 {self.on_roll} 人。")).to_be_visible()

    def submit(self, mode: str) -> None:
        """Put the case on the agenda; the member who is away has sent his opinion by letter."""
        page = self.way.open(SECRETARY)
        page.locator("#now").get_by_role("link", name="提交支部大会").click()
        fill(page, {"表决方式": Pick(mode)})
        send(page)
        expect(page.get_by_text("已列入议程。")).to_be_visible()
        page.locator(".motion-title a").click()
        page.get_by_role("link", name="会前书面意见").click()
        fill(page, {"谁的意见": Option("甲无账号"), "意见": Pick("赞成"), "理由": "在外驻训，同意。"})
        send(page)
        expect(page.get_by_text("已登记书面意见。")).to_be_visible()

    def begin(self) -> None:
        """The hour has come: open, members sign in on their handhelds, the secretary marks the rest."""
        self.way.clocked.at(self.moment)
        page = self.way.page(SECRETARY)
        page.goto("/meetings/")
        page.get_by_role("link", name=self.title).click()
        page.get_by_role("link", name="宣布开会").click()
        send(page)
        expect(page.get_by_text("已开会，请签到。")).to_be_visible()
        for account in (BATTALION, LEADER, MEMBER):
            hand = self.way.page(account)
            hand.goto("/meetings/")
            hand.get_by_role("link", name=self.title).click()
            hand.get_by_role("button", name="我到会了，签到").click()
            expect(hand.get_by_text("已签到。")).to_be_visible()
        page.reload()
        for name, presence in (("甲指导员", "到会"), ("甲无账号", "请假")):
            page.get_by_role("group", name=name).get_by_label(presence).check()
        page.get_by_role("button", name="保存签到").click()
        expect(page.get_by_text("已保存签到，变动 2 人。")).to_be_visible()
        counts = f"名册 {self.on_roll} 人，有表决权 {self.way.members} 人；到会 4 人（有表决权 4 人），请假 1 人。"
        expect(page.get_by_text(counts)).to_be_visible()

    def put(self) -> Page:
        """Open the ballot, after what must come before it."""
        page = self.way.page(SECRETARY)
        page.locator(".motion-title a").click()
        page.get_by_role("link", name="开始表决").click()
        expect(page.get_by_role("heading", name="开始表决")).to_be_visible()  # a count does not wait for the page
        group = page.get_by_role("group", name="已经进行")
        if group.count():
            for box in group.get_by_role("checkbox").all():
                box.check()
        send(page)
        expect(page.get_by_text("表决已开始，名册已定。")).to_be_visible()
        return page

    def vote(self, votes: Mapping[str, str]) -> None:
        """Everybody votes on his own device; the chair sees how many, and nothing else."""
        for account, choice in votes.items():
            hand = self.way.page(account)
            hand.goto("/meetings/")
            hand.get_by_role("link", name=self.title).click()
            hand.get_by_role("link", name="去投票").click()
            hand.locator(".ballot-choice", has_text=choice).click()
            hand.get_by_role("button", name="投出这一票").click()
            expect(hand.get_by_text("您的票已在票箱里")).to_be_visible()

    def tally(self, tellers: Mapping[str, str], **count: str) -> None:
        """Two tellers enter what they counted on paper, each his own."""
        for account, name in tellers.items():
            page = self.way.page(account)
            page.goto("/meetings/")
            page.get_by_role("link", name=self.title).click()
            page.locator(".motion-title a").click()
            page.get_by_role("link", name="录入票数").click()
            fill(page, {"计票人": Option(name), **count})
            send(page)
            expect(page.get_by_text("已录入。")).to_be_visible()

    def close(self, explanation: str) -> None:
        """Count, sign the resolution, write the minutes."""
        page = self.way.page(SECRETARY)
        page.goto("/meetings/")
        page.get_by_role("link", name=self.title).click()
        page.locator(".motion-title a").click()
        page.get_by_role("link", name="结束并计票").click()
        send(page)
        expect(page.locator(".result-why")).to_contain_text(explanation)
        page.get_by_role("link", name="决议", exact=True).click()
        page.get_by_role("link", name="书记签署").click()
        fill(page, {"主要表现": "政治坚定，训练刻苦，群众基础好。"})
        send(page)
        expect(page.get_by_text("决议已签署。")).to_be_visible()
        page.get_by_role("link", name="返回").click()
        page.get_by_role("link", name=self.title).click()
        page.get_by_role("link", name="会议记录与散会").click()
        fill(page, {"会议记录": "本人汇报，介绍人介绍，支委会报告审查情况，与会党员充分讨论后无记名投票表决。"})
        send(page)
        expect(page.get_by_text("已散会，已记入纪实。")).to_be_visible()
