# ruff: noqa  a generator kept as it was made: the same options must give the same bytes
# mypy: ignore-errors
# fmt: off
"""Make a synthetic roster workbook: one or more army brigades and their Party organisation.

EVERY PERSON, UNIT, NUMBER AND EVENT IN THE OUTPUT IS INVENTED. Names are random combinations of common
characters; ID numbers use area codes 999xxx, which belong to no place; phone numbers are placeholders;
sites are public city centres to two decimals; pay figures are made up.
    python3 -m liaoyuan.desk.demo.brigade                                    # 1,260 people -> brigade.xlsx
    python3 -m liaoyuan.desk.demo.brigade --members 100000 --out big.xlsx    # 79 brigades under one root
Same options give the same bytes; every date moves with --reference. How to read the columns:
  换届日期    date of the last election; a branch's term ends three years later
  转正日期    day the probation was full: 支部大会接收日期 + 12 months (+ 18 or 24 where it was extended)
  党小组编码  for full and probationary members only; 所在党支部编码 for everybody (the branch that looks after them)
  外出        an open row (no 实际结束日期, begun by the reference date) means away now
"""
import argparse
import random
import re
import zipfile
from calendar import monthrange
from collections import Counter
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

from openpyxl import Workbook

HEAD = {
    "组织": "组织编码 组织名称 类别 上级组织编码 所在单位 可审批预备党员 成立日期 换届日期 驻地名称 经度 纬度 "
            "批准组织编码 任务名称 计划撤销日期 撤销日期".split(),
    "人员": "人员编号 姓名 性别 民族 出生日期 身份证号 籍贯 学历 人员类别 军衔 职务 联系电话 登录账号 政治面貌 所在党支部编码 "
            "党小组编码 入党申请日期 确定积极分子日期 确定发展对象日期 支部大会接收日期 转正日期 月党费基数".split(),
    "任职": "人员编号 组织编码 职务 任职日期 免职日期".split(),
    "外出": "人员编号 事由 地点名称 经度 纬度 挂靠组织编码 开始日期 预计结束日期 实际结束日期".split()}
STAGES = ["入党申请日期", "确定积极分子日期", "确定发展对象日期", "支部大会接收日期"]
GAPS = [None, (0, 40, 240), (12, 5, 200), (0, 35, 150)]    # to reach stage i: whole months, then days (low, high)
FLOOR = [0, 40, 411, 446]                                  # days from application to stage i at the quickest
CITY = {name: (float(x), float(y)) for name, x, y in (c.split() for c in (
    "蚌埠 117.39 32.92,滁州 118.32 32.30,宿州 116.96 33.65,淮北 116.80 33.96,阜阳 115.81 32.89,合肥 117.23 31.82,"
    "张掖 100.45 38.93,酒泉 98.49 39.73,哈密 93.51 42.82,格尔木 94.90 36.40,锡林浩特 116.09 43.93,漳州 117.65 24.51,"
    "南京 118.80 32.06,石家庄 114.51 38.04,西安 108.94 34.34,长沙 112.94 28.23,徐州 117.28 34.20,郑州 113.63 34.75,"
    "济南 117.12 36.65,武汉 114.31 30.59,成都 104.07 30.57,昆明 102.83 24.88,哈尔滨 126.53 45.80").split(","))}
HOMES = "安徽阜阳 安徽宿州 安徽合肥 江苏徐州 河南郑州 山东济南 湖北武汉 湖南长沙 四川成都 甘肃酒泉 云南昆明 黑龙江哈尔滨".split()
PLACE = dict(c.split() for c in (
    "蚌埠 皖北·蚌埠营区,滁州 皖东·滁州营区,宿州 皖北·宿州营区,淮北 皖北·淮北营区,阜阳 皖北·阜阳营区,张掖 西北·张掖驻训点,"
    "酒泉 西北·酒泉保障点,哈密 西北·哈密值勤点,格尔木 西北·格尔木兵站,锡林浩特 华北·锡林浩特外训点,漳州 东南·漳州外训点").split(","))
UNITS = [  # code, unit, kind, barracks, branches
    ("Y1", "合成一营", "党委", "滁州", "一连 二连 三连 火力连 保障连"),
    ("Y2", "合成二营", "党委", "宿州", "四连 五连 六连 火力连 保障连"),
    ("Y3", "合成三营", "党委", "淮北", "七连 八连 九连 火力连 保障连"),
    ("Y4", "火力营", "党委", "阜阳", "榴炮一连 榴炮二连 火箭炮连 防空连"),
    ("Y5", "支援保障营", "党委", "蚌埠", "修理连 运输连 卫生连 补给连"),
    ("Y6", "旅机关", "党委", "蚌埠", "参谋部 政治工作部 保障部 训练场军械通信"),
    ("Y7", "旅直属队", "党总支", "蚌埠", "侦察连 通信连 工化连 教导队")]
JOINT = "训练场军械通信"                                     # the joint branch of three small units
SIZE = {"参谋部": 46, "政治工作部": 34, "保障部": 72, "教导队": 12, JOINT: 12}    # the companies share the rest
FULL = {"保障部": 51, "教导队": 5, JOINT: 6}                 # full members wanted; elsewhere a share of the branch
RANKS = {  # rank: (category, youngest, oldest, dues base), senior first
    "大校": ("军官", 44, 49, 21800), "上校": ("军官", 40, 45, 18600), "中校": ("军官", 36, 41, 15900),
    "少校": ("军官", 31, 36, 13100), "上尉": ("军官", 26, 31, 10700), "中尉": ("军官", 23, 26, 9100),
    "少尉": ("军官", 22, 23, 8300), "一级军士长": ("军士", 41, 45, 14600), "二级军士长": ("军士", 37, 41, 12900),
    "三级军士长": ("军士", 32, 37, 11200), "一级上士": ("军士", 29, 32, 9700), "二级上士": ("军士", 26, 29, 8400),
    "中士": ("军士", 23, 26, 6900), "下士": ("军士", 20, 23, 5300), None: ("文职人员", 24, 50, 7600),
    "上等兵": ("义务兵", 19, 22, 1150), "列兵": ("义务兵", 18, 21, 1000)}
SENIOR = {rank: i for i, rank in enumerate(RANKS)}
STUDY = {"军官": ["大学本科"] * 4 + ["硕士研究生"], "文职人员": ["大学本科"] * 3 + ["硕士研究生", "大学专科"],
         "军士": ["大学专科"] * 5 + ["大学本科", "高中", "中专"], "义务兵": ["高中", "大学专科", "中专", "大学本科"]}
jobs = lambda text: [(*job.split("/"), None)[:2] for job in text.split()]    # noqa: E731 - no rank: civilian staff
STAFF = {"参谋部": jobs("旅长/大校 参谋长/上校 副旅长/上校 科长/中校") + jobs("参谋/少校 参谋/上尉 参谋/中尉 文员") * 7,
         "政治工作部": jobs("政治委员/大校 主任/上校 副政治委员/上校 科长/中校") + jobs("干事/少校 干事/上尉 文员 干事/上尉") * 5,
         "保障部": jobs("部长/中校 科长/中校 科长/少校") + jobs("助理员/少校 助理员/上尉 工程师 会计") * 9,
         "教导队": jobs("教导员/少校 队长/少校 教员/上尉"), JOINT: jobs("站长/上尉 仓库主任/上尉 管理员 保管员")}
COMPANY = jobs("指导员/上尉 连长/上尉 副连长/中尉 排长/中尉 排长/少尉")
HEADS = jobs("营教导员/中校 营长/中校 副营长/少校")           # live with the first company of the battalion
UPPER = {"旅长", "政治委员", "营教导员", "营长", "副营长"}     # lead above the branch, so sit on no branch committee
FIRST = {"政治委员", "主任", "参谋长", "部长", "教导员", "营教导员", "指导员", "站长"}        # secretaries by custom
SURNAMES = ("王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗" * 3 + "郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余" * 2
            + "杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范廖石金韦贾夏付方邹熊白孟秦邱侯尹薛闫段雷黎史陶贺毛郝顾龚邵万")
GIVEN = {"男": ("志文宇浩泽俊嘉子明家德永光天晓思承景启振庆兆宏少海世佳新", "豪轩辉林峰阳坤宁涛航凯旭杰磊斌勇超博鑫帆然恒昊川森瑞洋达诚远"),
         "女": ("雅思晓佳雨梦欣静婉若子诗文亦", "婷萱琪怡雯琳颖洁悦瑶岚燕玥珊妍芸蓉")}
OTHER = {"维吾尔族": "艾山 吐尔洪 阿迪力 玉素甫 凯赛尔".split(), "哈萨克族": "叶尔兰 巴合提 阿尔曼 加那尔".split(),
         "藏族": "扎西 多吉 次仁 旦增 平措 洛桑".split()}
ETHNIC = ["汉族"] * 930 + "回族 满族 蒙古族 土家族 苗族 壮族 彝族 藏族 侗族 布依族".split() * 6 + list(OTHER) * 3
# Digests of names that must not appear: they are real people's.
REAL = set((
    "18292b1af1b9c313 24f4adbcb0ba165c 548c2ce673a6e85a 61fa25617c12e75f 6c72c56173cfe63d "
    "6f58d860231b872e 834d09c1860e420a 935aef633ab5bf12 96f897b0c7716b41 9ca2e54915eb9005 "
    "a0d904d65c22935b b2957cca5383175c dd472a544ed61374 fd2d5f108956dd6a "
).split())


def digest(name):
    """What REAL holds of a name."""
    return sha256(name.encode()).hexdigest()[:16]


def add_months(day, months):
    """Same day of the target month; that month's last day where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def id_number(area, birth, seq):
    """18 characters with a valid GB 11643 check character."""
    body = f"999{area:03d}{birth:%Y%m%d}{seq:03d}"
    return body + "10X98765432"[sum(int(c) * pow(2, 17 - i, 11) for i, c in enumerate(body)) % 11]


class Brigade:
    """The rows of one brigade: dicts keyed by column name (keys that begin with _ are not written)."""

    def __init__(self, number, size, first, root, opt):
        self.rng, self.ref, self.size = random.Random(f"{opt.seed}/{number}"), opt.reference, size
        self.top, self.root, self.first, self.total = f"L{number:02d}", root, first, opt.members
        self.rows, self.orgs, self.branches, self.appointed = {sheet: [] for sheet in HEAD}, {}, [], {}
        for step in (self.tree, self.people, self.members, self.party_groups, self.away, self.posts):
            step()

    def ago(self, *span):
        return self.ref - timedelta(self.rng.randint(span[0], span[-1]))

    def add(self, sheet, *values, **more):
        self.rows[sheet].append(row := dict(zip(HEAD[sheet], values), **more))
        return row

    def org(self, code, name, kind, parent, unit, founded, elected, city, **more):
        self.orgs[code] = self.add("组织", code, name, kind, parent, unit, "是" if code == self.top else "否", founded,
                                   elected, PLACE[city], *CITY[city], _city=city, **more)
        return self.orgs[code]

    def tree(self):
        rng, ref, top, founded = self.rng, self.ref, self.top, add_months(self.ref, -110)
        plan = [(unit, i, label) for unit in UNITS for i, label in enumerate(unit[4].split(), 1)]
        plan = plan if self.size >= 900 else plan[:max(2, self.size // 40)]       # a small roster: the first few only
        # last elections: two terms over, one ending today, several within six months, some on an edge, the rest later
        elected = [add_months(ref, -36) + timedelta(d) for d in (-155, -33, 0, 14, 61, 110, 150)] + [
            add_months(ref, -30), add_months(ref, -30) + timedelta(1), add_months(date(ref.year - 2, 1, 31), 1)]
        elected = (elected + [self.ago(20, 900) for _ in plan])[:len(plan)]
        rng.shuffle(elected)
        self.org(top, f"{top if self.root else ''}旅党委", "党委", self.root, "旅", founded, self.ago(300, 500), "蚌埠")
        rest, n = self.size - sum(SIZE.get(p[2], 0) for p in plan), sum(p[2] not in SIZE for p in plan)
        even = iter([rest * (k + 1) // n - rest * k // n for k in range(n)])
        for (unit, i, label), voted in zip(plan, elected):
            code, name, kind, city, _ = unit
            if i == 1:
                self.org(f"{top}-{code}", name + kind, kind, top, name, founded, self.ago(120, 780), city)
            joint, place = label == JOINT, {"六连": "漳州", "防空连": "哈密", "运输连": "格尔木"}.get(label, city)
            where = "训练场管理站、军械仓库、通信台站" if joint else (name if code < "Y6" else "") + label
            org = self.org(f"{top}-{code}-Z{i}", (label + "联合" if joint else where) + "党支部",
                           "联合党支部" if joint else "党支部", f"{top}-{code}", where,
                           founded + timedelta(rng.randint(10, 60)), voted, place, 批准组织编码=top)
            self.branches.append({"org": org, "label": label, "size": SIZE.get(label) or next(even), "people": []})
        for i, name, task, city, start, planned, end in (
                (1, "骨干集训队", "军士骨干集训", "滁州", 76, -8, None), (2, "西北驻训分队", "西北方向驻训", "张掖", 191, -26, None),
                (3, "防汛任务分队", "防汛抢险", "阜阳", 147, 104, 99)):
            self.org(f"{top}-T{i}", name + "临时党支部", "临时党支部", top, name, self.ago(start), None, city, 批准组织编码=top,
                     任务名称=task, 计划撤销日期=self.ago(planned), 撤销日期=end and self.ago(end))

    def people(self):
        rng = self.rng
        for b in self.branches:
            roles = (STAFF.get(b["label"]) or COMPANY) + (HEADS if re.search("Y[1-5]-Z1$", b["org"]["组织编码"]) else [])
            conscripts = .05 if FULL.get(b["label"], 0) > 6 or b["size"] == 34 else .44
            for _ in range(b["size"] - len(roles)):
                rank = rng.choices(list(RANKS)[7:14], [.6, 2.5, 8, 12, 18, 30, 29])[0]
                sergeant = (rng.choice("班长 副班长 技师 驾驶员 报务员".split() if SENIOR[rank] > 10 else ["技术骨干", "司务长"]), rank)
                roles = roles + [("战士", rng.choice("上等兵 列兵 列兵".split())) if rng.random() < conscripts else sergeant]
            for job, rank in sorted(roles[:b["size"]], key=lambda role: SENIOR[role[1]]):
                (kind, young, old, pay), index = RANKS[rank], self.first + len(self.rows["人员"])
                sex = "女" if rng.random() < (.4 if kind == "文职人员" else .04) else "男"
                birth = add_months(self.ref, -12 * rng.randint(young, old)) - timedelta(rng.randint(5, 364))
                ethnic, (area, seq) = rng.choice(ETHNIC), divmod(index * 7919 % 498000, 498)    # never the same twice
                number = id_number(area, birth, 2 * seq + (1 if sex == "男" else 2))
                phone = 19900000000 + index * 7919 % 10 ** max(4, len(str(self.total - 1)))
                b["people"].append(self.add(
                    "人员", f"P{index + 1:06d}", self.name(ethnic, sex), sex, ethnic, birth, number, rng.choice(HOMES),
                    rng.choice(STUDY[kind]), kind, rank, job, str(phone), f"dy{index + 1:06d}", None, b["org"]["组织编码"],
                    _adult=add_months(birth, 216), _pay=pay + 10 * rng.randint(0, 90)))

    def name(self, ethnic, sex):
        one, two, rng = *GIVEN[sex], self.rng
        if ethnic in OTHER and sex == "男":
            return ("" if ethnic == "藏族" else "·").join(rng.sample(OTHER[ethnic], 2))
        name = rng.choice(SURNAMES) + (rng.choice("骁钧霖淳煊") if rng.random() < .08 else rng.choice(one) + rng.choice(two))
        return self.name(ethnic, sex) if digest(name) in REAL else name         # real names are never used

    def reach(self, p, stage, day):
        """Stage reached on that day: fill in the earlier stages in lawful order, none before the 18th birthday."""
        p[STAGES[stage]] = day
        for i in range(stage, 0, -1):
            months, low, high = GAPS[i]
            day = add_months(day, -months) - timedelta(low)
            room = (day - p["_adult"]).days - FLOOR[i - 1]
            day -= timedelta(self.rng.randint(0, max(0, min(high - low, room))))
            p[STAGES[i - 1]] = day

    def members(self):
        rng, ref, year_ago = self.rng, self.ref, add_months(self.ref, -12)
        for b in self.branches:
            able = [p for p in b["people"] if (year_ago - p["_adult"]).days > 470]
            able.sort(key=lambda p: SENIOR[p["军衔"]] + rng.gauss(0, 1.6))
            share = .76 if b["label"] in STAFF else rng.uniform(.34, .49)
            b["full"] = able[:FULL.get(b["label"], round(b["size"] * share))]
            for p in b["full"]:
                low = p["_adult"] + timedelta(460)
                day = low + timedelta(rng.randint(0, min((year_ago - low).days, 2400)))
                self.reach(p, 3, day)
                longer = add_months(day, rng.choice([18, 24]))
                p["转正日期"] = longer if rng.random() < .03 and longer < ref else add_months(day, 12)
                p["政治面貌"], p["月党费基数"] = "中共党员", p["_pay"]
        pool = [p for p in self.rows["人员"] if not p["政治面貌"]]
        rng.shuffle(pool)
        near = [add_months(ref, -m) + timedelta(d) for m in (6, 12) for d in (0, -1, 1, -3, 3, -10, 7, 14)]
        plan = [  # status, stage, share of all, days of interest, days ago for the others
            ("中共预备党员", 3, .04, [add_months(ref + timedelta(d), -12) for d in (3, 30, -5, 0, 1, 7, -40)], (10, 340)),
            ("发展对象", 2, .02, [self.ago(d) for d in (1, 8, 30, 200)], (5, 230)),
            ("入党积极分子", 1, .08, near + [date(ref.year - 1, 8, 31)], (3, 760)),     # 31 August: checked on 28 February
            ("入党申请人", 0, .08, [self.ago(d) for d in (5, 20, 27, 30, 31, 45, 22, 28, 3, 60) * 2], (0, 120))]
        for status, stage, part, days, span in plan:
            count = round(self.size * part)
            for day in days[:count] + [self.ago(*span) for _ in range(count - len(days))]:
                p = pool.pop(next(i for i, p in enumerate(pool) if (day - p["_adult"]).days >= FLOOR[stage] + 5))
                self.reach(p, stage, day)
                p["政治面貌"], p["月党费基数"] = status, p["_pay"] if stage == 3 else None
        for p in pool:
            p["政治面貌"] = "共青团员" if add_months(p["出生日期"], 336) > ref and rng.random() < .8 else "群众"
        paid = [p for p in self.rows["人员"] if p["人员类别"] == "文职人员" and p.get("月党费基数")]
        for p, pay in zip(paid, (3000, 3000.01, 5000, 5000.01, 10000, 10000.01)):     # edges of the dues bands
            p["月党费基数"] = pay

    def party_groups(self):
        for b in self.branches:
            org, b["groups"] = b["org"], {}
            team = b["full"] + [p for p in b["people"] if p["政治面貌"] == "中共预备党员"]
            count = max(2, round(len(team) / 6)) if len(team) >= 8 else 0
            for i in range(count):
                out = self.rng.random() < (.5 if b["label"] == "通信连" else .05)
                code = f"{org['组织编码']}-X{i + 1}"
                self.org(code, f"{org['所在单位']}第{'一二三四五六七八九十'[i] if i < 10 else i + 1}党小组", "党小组",
                         org["组织编码"], org["所在单位"], org["成立日期"], None,
                         self.rng.choice(["酒泉", "格尔木", "锡林浩特"]) if out else org["_city"])
                b["groups"][code] = team[i::count]
                for p in team[i::count]:
                    p["党小组编码"] = code

    def away(self):
        rng, top, year, helped = self.rng, self.top, self.ago(560), self.branches[-1]["org"]
        free = [p for p in self.rows["人员"] if p["职务"] not in FIRST | UPPER | {"连长", "队长"}
                and p["所在党支部编码"] != helped["组织编码"]]
        rng.shuffle(free)
        leads = [p for p in free if p["人员类别"] == "军官" and p.get("转正日期", self.ref) < year][:9]
        leads.sort(key=lambda p: SENIOR[p["军衔"]])
        free = [p for p in free if p not in leads]

        def go(count, why, cities, host, begun, until, ended=None, chiefs=0):
            """`begun`, `ended`: days ago; `until`: expected length of a leave, else days from the reference date."""
            group = [leads.pop(0) for _ in leads[:chiefs]]
            self.appointed.setdefault(host, group)
            for p in group + [free.pop() for _ in range(max(1, round(count * self.size / 1260) - len(group)))]:
                city = rng.choice(cities.split()) if cities else next(c for c in CITY if p["籍贯"].endswith(c))
                start = self.ago(*begun)
                due = (start if why == "休假" else self.ref) + timedelta(rng.randint(*until))
                self.add("外出", p["人员编号"], why, PLACE[city] if host else city, *CITY[city], host, start, due,
                         ended and self.ago(*ended))

        go(8, "驻训", "张掖", f"{top}-T2", (190, 191), (26, 26), chiefs=3)             # advance party: over six months
        go(58, "驻训", "张掖", f"{top}-T2", (94, 125), (26, 26))
        go(34, "集训", "滁州", f"{top}-T1", (74, 76), (8, 8), chiefs=3)
        go(22, "院校培训", "南京 石家庄 西安 长沙 合肥", None, (60, 262), (30, 240))
        go(8, "借调", "南京 合肥", None, (45, 300), (-40, 60))                         # some overdue, here and below
        go(5, "借调", helped["_city"], helped["组织编码"], (20, 150), (10, 90))
        go(8, "住院疗养", "合肥 南京", None, (3, 120), (-3, 30))
        go(34, "休假", None, None, (1, 28), (16, 28))
        go(12, "公差", "合肥 郑州 徐州 济南", None, (1, 15), (-1, 18))
        go(24, "防汛抢险", "阜阳", f"{top}-T3", (145, 147), (-104, -104), (99, 100), chiefs=3)
        go(20, "院校培训", "南京 西安 长沙", None, (300, 420), (-190, -170), (160, 190))
        go(30, "休假", None, None, (70, 200), (20, 30), (35, 45))
        go(4, "休假", None, None, (-20, -5), (25, 40))                                 # not begun yet

    def post(self, p, org, role, start, end=None):
        """No post before full membership, and no secretary within one year of it."""
        start = max(start, add_months(p["转正日期"], 12 if role == "书记" else 0))
        if start <= (end or self.ref):
            self.add("任职", p["人员编号"], org["组织编码"], role, start, end)

    def posts(self):
        rng, settled, vacancy = self.rng, add_months(self.ref, -16), False
        rank = lambda p: (SENIOR[p["军衔"]], p["职务"] not in FIRST)        # noqa: E731
        for b in self.branches:
            org, before = b["org"], max(add_months(b["org"]["换届日期"], -36), b["org"]["成立日期"])
            able = [p for p in sorted(b["full"], key=rank) if p["转正日期"] < settled and p["职务"] not in UPPER]
            roles = rng.choice(["书记 副书记 组织委员 宣传委员 纪检委员", "书记 组织委员 宣传委员 纪检委员 青年委员",
                                "书记 组织委员 宣传委员 纪检委员", "书记 组织委员 宣传委员+纪检委员"]).split()
            if len(b["full"]) < 7 or org["组织编码"].endswith("Y3-Z5"):    # the latter ought to have a committee
                roles = ["书记"] if len(b["full"]) < 7 else ["书记", "副书记"]
            for p, role in zip(able, roles):
                left = role == "书记" and len(roles) == 5 and not vacancy and org["换届日期"] < self.ago(500)
                vacancy = vacancy or left                                   # one secretary has just left
                for one in role.split("+"):
                    self.post(p, org, one, org["换届日期"], self.ago(16) if left else None)
            veterans = [p for p in able[len(roles):] if add_months(p["转正日期"], 12) <= before]
            for p, role in zip(veterans[:rng.randint(0, 2)], rng.sample(["书记", "组织委员", "宣传委员", "纪检委员"], 2)):
                self.post(p, org, role, before, rng.choice([org["换届日期"], before + timedelta(rng.randint(200, 700))]))
            for code, team in b["groups"].items():
                chief = min((p for p in team if p["政治面貌"] == "中共党员"),
                            key=lambda p: (p in able[:len(roles)], p["人员类别"] == "军官", *rank(p)))
                self.post(chief, self.orgs[code], "党小组长", org["换届日期"])
        for org in [o for o in self.orgs.values() if o["类别"] in ("党委", "党总支")]:
            whole = org["组织编码"] == self.top
            seats = sorted((p for b in self.branches for p in b["full"] if whole or (
                b["org"]["上级组织编码"] == org["组织编码"] and p["职务"] not in ("旅长", "政治委员"))), key=rank)
            for p, role in zip(seats[:9 if whole else 5], ["书记", "副书记", "纪检委员"] + ["委员"] * 6):
                self.post(p, org, role, org["换届日期"])
        for code, chiefs in self.appointed.items():                        # a temporary branch: appointed, not elected
            for p, role in zip(chiefs, ["书记", "副书记", "委员"]):
                self.post(p, self.orgs[code], role, self.orgs[code]["成立日期"], self.orgs[code]["撤销日期"])
        desk = sorted((p for b in self.branches for p in b["full"] if p["人员类别"] == "军官" and p["职务"] not in
                       FIRST | UPPER), key=lambda p: "干事 参谋 助理员".find(p["职务"]) % 99)
        for i, (p, role) in enumerate(zip(desk, ["组织干事", "教育干事", "检查组成员"] * 4)):     # the last three: ended
            self.post(p, self.orgs[self.top], role, self.ago(60, 700) if i < 9 else self.ago(900, 1300),
                      None if i < 9 else self.ago(300, 600))


def freeze(path, day):
    """Rewrite the file with fixed time stamps, so that the same options give the same bytes."""
    draft = path.with_suffix(".part")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(draft, "w") as new:
        for name in sorted(old.namelist()):
            data, now = old.read(name), rb"\d{4}-\d\d-\d\dT[\d:]+Z"
            data = re.sub(now, f"{day}T00:00:00Z".encode(), data) if name == "docProps/core.xml" else data
            new.writestr(zipfile.ZipInfo(name, day.timetuple()[:6]), data, zipfile.ZIP_DEFLATED)
    draft.replace(path)


def write(out, members=1260, seed="20261122", reference=date(2026, 11, 22)):
    """Write the workbook of `members` people (at least 100) to `out`; how many rows of each kind. `reference` is the
    "today" of the data."""
    opt = argparse.Namespace(members=members, seed=seed, reference=reference, out=Path(out))
    book, count, brigades = Workbook(write_only=True), Counter(), max(1, round(opt.members / 1260))
    for name in HEAD:
        book.create_sheet(name).freeze_panes = "A2"
        book[name].append(HEAD[name])
    if brigades > 1:
        book["组织"].append(
            [
                "S00",
                "上级党委",
                "党委",
                None,
                "上级机关",
                "是",
                add_months(opt.reference, -120),
                add_months(opt.reference, -14),
                "皖中·合肥机关",
                *CITY["合肥"],
            ]
        )
    for i in range(brigades):
        low, high = (round(opt.members * k / brigades) for k in (i, i + 1))
        for name, rows in Brigade(i + 1, high - low, low, "S00" if brigades > 1 else None, opt).rows.items():
            count[name] += len(rows)
            count.update(row["政治面貌"] for row in rows if name == "人员")
            for row in rows:
                book[name].append([row.get(column) for column in HEAD[name]])
    book.save(opt.out)
    freeze(opt.out, opt.reference)
    return count


def main():
    cli = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    cli.add_argument("--members", type=int, default=1260, help="number of people (default 1260, at least 100)")
    cli.add_argument("--seed", default="20261122")
    cli.add_argument("--out", type=Path, default=Path("brigade.xlsx"))
    cli.add_argument("--reference", type=date.fromisoformat, default=date(2026, 11, 22), help="the 'today' of the data")
    opt = cli.parse_args()
    print(opt.out.name, dict(write(opt.out, opt.members, opt.seed, opt.reference)))


if __name__ == "__main__":
    main()
