"""The roster workbook as data: its sheets, their columns, and the other names clerks give them.

One description serves reading, checking, the empty template, the export and the marked copy, so that they cannot
disagree. ``key`` is the name used in code; ``title`` the heading of our own workbooks.
"""

import re
import unicodedata
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``kind`` says how its cells are read (text, code, name, date, number, yes_no); ``required``: a new
    row cannot do without it; ``note`` is the hint in the template; ``choices`` names a drop-down list."""

    key: str
    title: str
    kind: str = "text"
    required: bool = False
    aliases: tuple[str, ...] = ()
    note: str = ""
    choices: str = ""
    width: int = 14
    longest: int = 0


@dataclass(frozen=True, slots=True)
class Layout:
    """One sheet. A row's identity is ``identity``: what must be there for the row to say anything."""

    key: str
    title: str
    columns: tuple[Column, ...]
    identity: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    by_name: dict[str, Column] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        for column in self.columns:
            for name in (column.title, *column.aliases):
                self.by_name[heading(name)] = column

    def column(self, key: str) -> Column:
        """The column called ``key`` in code."""
        return next(column for column in self.columns if column.key == key)


_BRACKETS = re.compile(r"\(.*?\)|\[.*?\]|【.*?】")
_NOISE = re.compile(r"[\s*#:：。、_\-]+")


def heading(text: str) -> str:
    """A heading without what clerks add to it: brackets and what is in them, stars, colons, white space."""
    plain = unicodedata.normalize("NFKC", text)
    return _NOISE.sub("", _BRACKETS.sub("", plain)).lower()


_DATE = "日期写成 2026-03-05；2026/3/5、2026.3.5、20260305 也认得。"

UNITS = Layout(
    key="units",
    title="组织",
    aliases=("党组织", "组织机构", "组织信息", "党组织信息", "组织架构", "机构"),
    identity=("code",),
    columns=(
        Column(
            "code", "组织编码", "code", True, ("党组织编码", "编码", "组织代码"), "全平台唯一，例如 L01-Y1-Z1。", "", 18
        ),
        Column("name", "组织名称", "text", True, ("党组织名称", "名称", "全称"), "", "", 26, 80),
        Column("kind", "类别", "text", True, ("组织类别", "党组织类别"), "", "kinds", 12),
        Column(
            "parent", "上级组织编码", "code", False, ("上级编码", "上级党组织编码", "上级组织"), "最上级留空。", "", 18
        ),
        Column(
            "host_body",
            "所在单位",
            "text",
            False,
            ("单位", "单位名称", "依托单位"),
            "联合党支部用顿号分开。",
            "",
            26,
            80,
        ),
        Column(
            "can_approve",
            "可审批预备党员",
            "yes_no",
            False,
            ("审批权", "是否可审批预备党员", "审批预备党员"),
            "只有党委可以填“是”。",
            "yes_no",
            12,
        ),
        Column("founded_on", "成立日期", "date", False, ("成立时间", "批准成立日期"), _DATE, "", 12),
        Column("elected_on", "换届日期", "date", False, ("换届时间", "最近换届日期", "上次换届日期"), _DATE, "", 12),
        Column("site", "驻地名称", "text", False, ("驻地", "营区", "驻地点位"), "", "", 20, 80),
        Column("lon", "经度", "number", False, ("东经", "lng", "lon", "longitude"), "东经，-180 至 180。", "", 9),
        Column("lat", "纬度", "number", False, ("北纬", "lat", "latitude"), "北纬，-90 至 90。", "", 9),
        Column("approver", "批准组织编码", "code", False, ("批准组织", "批准党组织编码"), "临时党支部必填。", "", 18),
        Column("mission", "任务名称", "text", False, ("任务", "执行任务"), "临时党支部填写。", "", 18, 80),
        Column("planned_end_on", "计划撤销日期", "date", False, ("计划撤销时间", "拟撤销日期"), _DATE, "", 12),
        Column("dissolved_on", "撤销日期", "date", False, ("撤销时间", "实际撤销日期"), _DATE, "", 12),
    ),
)
PEOPLE = Layout(
    key="people",
    title="人员",
    aliases=("党员", "花名册", "名册", "党员名册", "党员花名册", "人员信息", "人员花名册", "党员信息", "人员名册"),
    identity=("number", "name", "id_number"),
    columns=(
        Column(
            "number",
            "人员编号",
            "code",
            True,
            ("编号", "人员编码", "人员代码", "党员编号"),
            "全平台唯一，不要重复使用。",
            "",
            12,
            32,
        ),
        Column("name", "姓名", "name", True, ("名字", "党员姓名"), "", "", 12, 40),
        Column("sex", "性别", "text", True, (), "", "sexes", 7),
        Column("ethnicity", "民族", "text", True, (), "", "ethnicities", 10),
        Column("birth_date", "出生日期", "date", True, ("出生年月", "出生年月日", "生日", "出生时间"), _DATE, "", 12),
        Column(
            "id_number",
            "身份证号",
            "code",
            True,
            ("身份证号码", "身份证", "公民身份号码", "证件号码", "身份证件号"),
            "请把单元格设为文本，否则末几位会变成 0。",
            "",
            22,
        ),
        Column("native_place", "籍贯", "text", False, (), "", "", 14, 60),
        Column("education", "学历", "text", False, ("文化程度", "最高学历"), "", "educations", 12),
        Column("category", "人员类别", "text", True, ("人员类型", "身份类别"), "", "categories", 11),
        Column("rank", "军衔", "text", False, ("衔级", "现军衔"), "文职人员留空。", "ranks", 11),
        Column("position", "职务", "text", False, ("行政职务", "现任职务", "岗位"), "", "", 13, 40),
        Column("phone", "联系电话", "code", False, ("电话", "手机", "手机号", "手机号码", "联系方式"), "", "", 14),
        Column(
            "account",
            "登录账号",
            "code",
            False,
            ("账号", "用户名", "登录名", "帐号", "登录帐号"),
            "不填则不能登录。",
            "",
            12,
        ),
        Column("standing", "政治面貌", "text", True, ("党籍状态", "面貌"), "", "standings", 13),
        Column(
            "unit", "所在党支部编码", "code", True, ("党支部编码", "所在支部编码", "支部编码", "所在党支部"), "", "", 18
        ),
        Column("group", "党小组编码", "code", False, ("小组编码", "所在党小组编码", "党小组"), "党员填写。", "", 20),
        Column(
            "applied_on",
            "入党申请日期",
            "date",
            False,
            ("申请入党日期", "递交入党申请书日期", "入党申请时间"),
            _DATE,
            "",
            12,
        ),
        Column(
            "activist_on",
            "确定积极分子日期",
            "date",
            False,
            ("列为积极分子日期", "积极分子日期", "确定积极分子时间"),
            _DATE,
            "",
            12,
        ),
        Column(
            "candidate_on",
            "确定发展对象日期",
            "date",
            False,
            ("列为发展对象日期", "发展对象日期", "确定发展对象时间"),
            _DATE,
            "",
            12,
        ),
        Column(
            "received_on",
            "支部大会接收日期",
            "date",
            False,
            ("接收为预备党员日期", "入党日期", "入党时间", "支部大会接收时间", "接收预备党员日期"),
            _DATE,
            "",
            12,
        ),
        Column(
            "full_on", "转正日期", "date", False, ("转正时间", "转为正式党员日期", "预备期满转正日期"), _DATE, "", 12
        ),
        Column(
            "dues_base", "月党费基数", "number", False, ("党费基数", "党费计算基数", "缴费基数"), "单位：元。", "", 11
        ),
    ),
)
TENURES = Layout(
    key="tenures",
    title="任职",
    aliases=("任职情况", "党内任职", "党内职务", "任免", "任职信息"),
    identity=("number", "unit"),
    columns=(
        Column("number", "人员编号", "code", True, ("编号", "人员编码", "人员代码", "党员编号"), "", "", 12),
        Column("unit", "组织编码", "code", True, ("党组织编码", "任职组织编码", "组织代码"), "", "", 18),
        Column("post", "职务", "text", True, ("党内职务", "任职职务"), "", "posts", 14),
        Column("since", "任职日期", "date", True, ("任职时间", "任职起始日期", "任职开始日期"), _DATE, "", 12),
        Column("until", "免职日期", "date", False, ("免职时间", "任职结束日期", "离任日期"), "仍在任的留空。", "", 12),
    ),
)
POSTINGS = Layout(
    key="postings",
    title="外出",
    aliases=("外出登记", "外出人员", "外出情况", "外出党员", "派驻", "外出信息"),
    identity=("number",),
    columns=(
        Column("number", "人员编号", "code", True, ("编号", "人员编码", "人员代码", "党员编号"), "", "", 12),
        Column("purpose", "事由", "text", True, ("外出事由", "外出原因", "原因"), "", "purposes", 12),
        Column("site", "地点名称", "text", True, ("地点", "外出地点", "去向", "目的地"), "", "", 20, 80),
        Column("lon", "经度", "number", False, ("东经", "lng", "lon", "longitude"), "地点已有坐标的可以留空。", "", 9),
        Column("lat", "纬度", "number", False, ("北纬", "lat", "latitude"), "地点已有坐标的可以留空。", "", 9),
        Column("attached", "挂靠组织编码", "code", False, ("挂靠党组织编码", "挂靠支部编码", "挂靠组织"), "", "", 18),
        Column("since", "开始日期", "date", True, ("外出日期", "起始日期", "外出时间", "开始时间"), _DATE, "", 12),
        Column(
            "planned_end",
            "预计结束日期",
            "date",
            False,
            ("预计返回日期", "计划结束日期", "预计归队日期"),
            _DATE,
            "",
            12,
        ),
        Column(
            "ended_on",
            "实际结束日期",
            "date",
            False,
            ("实际返回日期", "归队日期", "实际归队日期"),
            "仍在外的留空。",
            "",
            12,
        ),
    ),
)
LAYOUTS = (UNITS, PEOPLE, TENURES, POSTINGS)
BY_KEY = {layout.key: layout for layout in LAYOUTS}
# Sheets that may stand beside ours without a remark.
NOTES_SHEET = "填写说明"
LISTS_SHEET = "选项"
QUIET = frozenset({heading(NOTES_SHEET), heading(LISTS_SHEET)})
