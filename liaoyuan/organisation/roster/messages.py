"""The sentence and the severity of every kind of finding: what is wrong, and what to do.

``error`` refuses the file, ``warning`` asks for a second look, ``note`` says what the platform decided by itself.
Findings of the rules of units and members bring their own sentence (``said``).
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from liaoyuan.organisation.roster.rules.findings import Finding
from liaoyuan.organisation.units.wording import sentence

ERROR, WARNING, NOTE = "error", "warning", "note"
LABELS = {ERROR: _("错误"), WARNING: _("提醒"), NOTE: _("说明")}


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of the list a clerk gets. ``row`` 0 and ``column`` "" mean the sheet, or the file, as a whole."""

    sheet: str
    row: int
    column: str
    kind: str
    severity: str
    message: str

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


_FILE = {
    "empty_file": _("文件是空的。请重新选择花名册工作簿（.xlsx）。"),
    "not_a_workbook": _(
        "这不是 Excel 工作簿。请上传 .xlsx 文件；若是从别的格式改名得来，请用表格软件打开后另存为 .xlsx。"
    ),
    "not_xlsx": _("这种工作簿格式无法读取。请用表格软件打开后另存为“Excel 工作簿（.xlsx）”。"),
    "old_format": _("这是旧版 .xls 文件。请用表格软件打开后另存为“Excel 工作簿（.xlsx）”再上传。"),
    "encrypted": _("文件设有打开密码，无法读取。请先去掉密码再上传。"),
    "macros": _("文件里带有宏。为了安全，请另存为不带宏的“Excel 工作簿（.xlsx）”再上传。"),
    "entities": _("文件里含有外部实体定义，可能有害，已拒绝读取。请用表格软件重新另存后再上传。"),
    "zip_bomb": _("%(why)s"),
    "damaged": _("文件已损坏，无法读取。请用表格软件打开修复后另存，再上传。"),
    "damaged_sheet": _("工作表“%(name)s”已损坏，无法读取。请用表格软件打开修复后另存，再上传。"),
    "too_many_rows": _("工作表超过 %(limit)s 行。请拆成几个文件分别导入，或删去表尾多余的空行。"),
    "too_large": _(
        "工作表太大（行数 × 列数超过 %(limit)s）。多半是很远的地方有一个多余的单元格，请删去数据区以外的行和列。"
    ),
    "no_known_sheet": _("没有找到花名册的工作表。请使用名为%(names)s的工作表，第一行写列名（可下载空白模板）。"),
    "unreadable_path": _("打不开文件：%(reason)s。请核对路径和权限。"),
}
_ERRORS = {
    "sheet_twice": _("这张表和“%(first)s”都是%(what)s表。请合并成一张。"),
    "sheet_unrecognised": _("认不出这张表的列名。请在前 20 行内写上列名，写法与模板一致。"),
    "column_missing": _("缺少“%(column)s”这一列。请补上列名和内容。"),
    "column_twice": _("“%(column)s”出现了两列（%(first)s 列和 %(second)s 列）。请只保留一列。"),
    "column_missing_for_new": _("有 %(count)s 行是新增的，新增必须有“%(column)s”这一列。请补上。"),
    "missing": _("没有填写“%(what)s”。请补填。"),
    "too_long": _("“%(value)s…”太长。请缩短。"),
    "formula_without_value": _(
        "这里是公式，但文件里没有存下计算结果。请用表格软件打开、保存后再上传，或直接填写数值。"
    ),
    "formula_failed": _("这里的公式出错（如 #N/A、#REF!）。请改正公式或直接填写数值。"),
    "date_impossible": _("“%(value)s”这一天不存在，或不在 1900 至 2100 年之间。请改正。"),
    "date_unreadable": _("看不懂日期“%(value)s”。请写成 2026-03-05 的样子。"),
    "date_ambiguous": _("日期“%(value)s”可以有两种理解。请写全年月日，例如 2026-03-05。"),
    "date_without_month": _("“%(value)s”只有年份。请写全年月日，例如 2026-03-05。"),
    "number_unreadable": _("“%(value)s”不是数字。请填写数字。"),
    "yes_no_unreadable": _("“%(value)s”看不出是或否。请填写“是”或“否”。"),
    "name_unreadable": _("姓名“%(value)s”含有不该出现的字符。姓名可以用汉字、字母和间隔号“·”。"),
    "account_unreadable": _(
        "登录账号“%(value)s”不合规。账号用 2 至 64 个小写字母、数字、汉字或 . _ @ -，以字母、数字或汉字开头。"
    ),
    "person_number_unreadable": _(
        "人员编号“%(value)s”不合规。编号用 1 至 32 个大写字母、数字或短横，以字母或数字开头。"
    ),
    "phone_unreadable": _("联系电话“%(value)s”不合规。电话是 5 至 15 位数字（可以 + 开头）。"),
    "dues_negative": _("月党费基数“%(value)s”是负数。请填写不小于 0 的金额（元）。"),
    "unit_kind_unknown": _("没有“%(value)s”这种组织类别。可用：党委、党总支、党支部、联合党支部、临时党支部、党小组。"),
    "sex_unknown": _("性别“%(value)s”不认识。请填写“男”或“女”。"),
    "ethnicity_unknown": _("民族“%(value)s”不在国家标准的名称里（GB/T 3304）。请核对写法，例如“汉族”。"),
    "education_unknown": _("学历“%(value)s”不在代码表里（GB/T 4658）。请核对写法，例如“大学本科”。"),
    "category_unknown": _(
        "人员类别“%(value)s”不认识。可用：军官、军士、义务兵、文职人员、军校学员、离退休人员、其他。"
    ),
    "standing_unknown": _(
        "政治面貌“%(value)s”不认识。可用：中共党员、中共预备党员、发展对象、入党积极分子、入党申请人、共青团员、群众。"
    ),
    "rank_unknown": _("没有“%(value)s”这个军衔。请核对，例如“二级上士”“中尉”。"),
    "post_unknown": _("没有“%(post)s”这个党内职务。可用：%(posts)s。"),
    "purpose_unknown": _("没有“%(purpose)s”这个外出事由。可用：%(purposes)s。"),
    "duplicate_code": _("组织编码 %(code)s 与第 %(first)s 行重复。请核对，一个组织只写一行。"),
    "duplicate_number": _("人员编号 %(value)s 与第 %(first)s 行重复。请核对，一个人只写一行。"),
    "duplicate_id": _("身份证号与第 %(first)s 行相同。请对照证件核对是谁录错了。"),
    "duplicate_account": _("登录账号 %(value)s 与第 %(first)s 行相同。账号不能共用，请改一个。"),
    "account_taken": _("登录账号 %(account)s 在平台上已属于别人（%(owner)s）。请换一个账号。"),
    "account_changed": _("此人已有登录账号 %(old)s，不能由花名册改成 %(new)s。请填写原账号或留空。"),
    "id_taken": _("这个身份证号在平台上属于人员编号 %(owner)s。请核对人员编号或身份证号。"),
    "parent_unknown": _("上级组织 %(code)s 不在本表，平台上也没有。请核对编码。"),
    "parent_removed": _(
        "它在平台上的上级是 %(parent)s，不能清空。请填回；要调到别处，填新的上级组织编码；不再保留的，填撤销日期。"
    ),
    "parent_cycle": _("组织 %(code)s 的上级一路往上又回到了自己。请改正上级组织编码。"),
    "parent_dissolved": _("上级组织 %(code)s 已于 %(day)s 撤销，下级不能还在。请核对撤销日期或上级组织。"),
    "dissolution_kept": _(
        "%(name)s已于 %(day)s 撤销，花名册不能恢复它，也不能改撤销日期。请填回 %(day)s；确需再设的，用新编码另设。"
    ),
    "dissolved_with_units": _("它下面还有组织“%(name)s”没有撤销。请先安排下级组织。"),
    "dissolved_with_people": _(
        "撤销时还有 %(count)s 人的组织关系在这里（如 %(number)s）。请先转走，或在人员表里改写他们的所在党支部编码。"
    ),
    "dissolved_before_change": _("它 %(day)s 还有变动记录，不能更早撤销。请填写当天或之后的日期。"),
    "ended_unit_changed": _("它已于 %(day)s 撤销，不能再变动。请填回“%(was)s”。"),
    "ended_unit_emptied": _("它已于 %(day)s 撤销，不能再变动。请把这一格清空。"),
    "approver_unknown": _("批准组织 %(code)s 不在本表，平台上也没有。请核对编码。"),
    "position_half": _("经度和纬度要么都填，要么都不填。请补上缺的一个。"),
    "position_without_site": _("填了经纬度，却没有地点名称。请补填名称。"),
    "position_swapped": _("经度 %(lon)s、纬度 %(lat)s 像是写反了。请对调。"),
    "longitude_out_of_range": _("经度 %(value)s 不在 -180 至 180 之间。请改正。"),
    "latitude_out_of_range": _("纬度 %(value)s 不在 -90 至 90 之间。请改正。"),
    "site_twice": _("“%(site)s”与第 %(first)s 行的坐标不同。同一地点只能有一个坐标，请核对。"),
    "site_without_position": _("平台上没有“%(site)s”这个地点，新地点要填经纬度。请补填。"),
    "unit_unknown": _("没有编码为 %(code)s 的组织：本表和平台上都没有。请核对编码。"),
    "unit_not_branch": _("%(name)s（%(code)s）不是党支部。请填写党支部的编码。"),
    "unit_dissolved": _("%(name)s已于 %(day)s 撤销。请填写现在的组织。"),
    "home_in_temporary_branch": _("%(name)s是临时党支部，不接转组织关系。请填写原所在党支部，外出表里写挂靠。"),
    "group_unknown": _("没有编码为 %(code)s 的党小组：本表和平台上都没有。请核对编码。"),
    "group_is_no_group": _("%(name)s（%(code)s）不是党小组。请核对编码。"),
    "group_of_other_branch": _("%(name)s不属于 %(branch)s。请填写本支部的党小组。"),
    "group_for_non_member": _("党小组只编入党员，此人是%(standing)s。请删去党小组编码或核对政治面貌。"),
    "id_form": _("身份证号应为 18 位（末位可为 X），现有 %(length)s 位。请对照证件核对。"),
    "id_character": _("身份证号应为 18 位数字（末位可为 X），而第 %(place)s 位是“%(character)s”。请对照证件核对。"),
    "id_is_number": _("身份证号被存成了数字，末几位已经丢失。请把单元格设为文本后重新录入。"),
    "id_check_digit": _("身份证号的校验码不对，多半有一位录错。请对照证件核对。"),
    "id_birth_impossible": _("身份证号里的出生日期不存在。请对照证件核对。"),
    "id_against_birth": _("身份证号里的出生日期是 %(id)s，表里填的是 %(birth)s。请核对哪个对。"),
    "id_against_sex": _("身份证号表明是%(id)s性，表里填的是%(sex)s。请核对哪个对。"),
    "birth_impossible": _("%(message)s"),
    "birth_too_young": _("按出生日期还不满 %(years)s 岁。请核对年份。"),
    "person_left": _("人员编号 %(number)s 的人已离队。请先在人员档案里办理归队，或删去这一行。"),
    "own_record": _("不能通过花名册改动自己的政治面貌、组织关系和任职。请由上级组织干事办理，或删去改动。"),
    "rank_missing": _("人员类别是%(category)s，应有军衔。请补填。"),
    "rank_not_allowed": _("%(category)s没有军衔。请删去军衔或核对人员类别。"),
    "rank_against_category": _("“%(rank)s”是%(right)s的军衔，与人员类别“%(category)s”不符。请核对。"),
    "person_unknown": _("没有人员编号为 %(number)s 的人：人员表和平台上都没有。请核对编号。"),
    "post_not_here": _("“%(post)s”这个职务不能设在%(unit)s。请核对职务或组织编码。"),
    "in_future_day": _("%(what)s %(day)s 还没有到。请填写实际日期。"),
    "ends_before_start": _("结束日期 %(end)s 早于开始日期 %(start)s。请改正其中一个。"),
    "day_implausible": _("%(message)s"),
    "tenure_before_founding": _("%(unit)s %(day)s 才成立，任职不能更早。请核对日期。"),
    "tenure_after_end": _("%(unit)s已于 %(day)s 撤销，任职不能更晚。请填写免职日期。"),
    "tenure_overlap": _("与第 %(first)s 行是同一人、同一组织、同一职务，任期重叠。请合并或改正日期。"),
    "tenure_overlap_recorded": _("与平台上 %(day)s 开始的同一任职重叠。请核对任职日期。"),
    "posting_overlap": _("与第 %(first)s 行是同一人，外出时间重叠。一个人同时只能在一处，请核对日期。"),
    "posting_overlap_recorded": _("与平台上 %(day)s 开始的外出重叠。请核对日期，或先登记那一次的实际结束日期。"),
    "attached_after_end": _("%(name)s已于 %(day)s 撤销，不能再挂靠。请填写实际结束日期或改挂别的支部。"),
    "out_of_reach": _("%(what)s 不在您的管理范围内，这里不能使用。请核对编号，或删去这一行、请上级组织导入。"),
}
# The same where the owner is out of the clerk's reach, or nobody: whose it is is not his to know.
_OWNER_UNTOLD = {
    "account_taken": _("登录账号 %(account)s 已被使用。请换一个账号。"),
    "id_taken": _("这个身份证号在平台上已登记在另一人名下。请对照证件核对；确属同一人的，请联系上级组织干事。"),
}
_WARNINGS = {
    "sheet_empty": _("这张表是空的，没有读到内容。"),
    "position_abroad": _("经度 %(lon)s、纬度 %(lat)s 在境外。请确认没有录错。"),
    "dues_for_non_member": _("党费由党员交纳，此人是%(standing)s。请核对政治面貌或删去基数。"),
    "standing_backwards": _("平台上已是%(old)s，表里是%(new)s。若属更正请确认，否则请改正。"),
    "post_held_twice": _("%(unit)s的“%(post)s”同时有两人（另见第 %(first)s 行）。请核对是否忘了免职日期。"),
    "attached_to_home": _("%(name)s就是此人所在的支部，不必挂靠。"),
}
_NOTES = {
    "sheet_ignored": _("这张表不是花名册的内容，没有读取。"),
    "column_ignored": _("“%(title)s”不是花名册的列，没有读取。"),
    "row_ignored": _("这一行（“%(text)s…”）像是标题或表尾，没有读取。"),
    "date_without_day": _("“%(value)s”没有写日，按 %(read)s 登记。"),
    "birth_from_id": _("出生日期没有写日，按身份证号登记为 %(day)s。"),
    "rank_retired": _("“%(value)s”是 2022 年 3 月 31 日以前的军衔名称，按“%(read)s”登记。"),
    "rank_prefixed": _("“%(value)s”带有军种名称，按“%(read)s”登记。"),
    "dues_rounded": _("“%(value)s”不是整分，按四舍五入登记。"),
}
KINDS: dict[str, tuple[str, Any]] = {
    **{kind: (ERROR, words) for kind, words in {**_FILE, **_ERRORS}.items()},
    **{kind: (WARNING, words) for kind, words in _WARNINGS.items()},
    **{kind: (NOTE, words) for kind, words in _NOTES.items()},
}


def problem(finding: Finding) -> Problem:
    """A finding as a line of the list."""
    said = finding.values.get("said")
    if said is not None:
        words = str(said.message) if hasattr(said, "message") else sentence(said)
        if said.clause:
            words = f"{words}（{said.clause}）"
        severity = ERROR if said.blocking else WARNING
    else:
        severity, template = KINDS[finding.kind]
        if finding.values.get("owner") == "":
            template = _OWNER_UNTOLD[finding.kind]
        words = str(template) % {"column": finding.column, **finding.values}
    return Problem(finding.sheet, finding.row, finding.column, finding.kind, severity, words)


def in_order(listed: Iterable[Problem], sheets: Iterable[str] = ()) -> list[Problem]:
    """The lines in the order of the file (``sheets``: its sheets' names; others come after): sheet by sheet, row by
    row, the worst first in a cell."""
    rank = {ERROR: 0, WARNING: 1, NOTE: 2}
    places = {name: place for place, name in enumerate(("", *sheets))}
    lines = list(listed)
    for one in lines:
        places.setdefault(one.sheet, len(places))
    return sorted(lines, key=lambda one: (places[one.sheet], one.row, rank[one.severity], one.column))


def problems(findings: Iterable[Finding], sheets: Iterable[str] = ()) -> list[Problem]:
    """Every finding as a line, ``in_order``."""
    return in_order(map(problem, findings), sheets)


def unreadable(error: Any) -> Problem:
    """The one problem of a file that cannot be read (``guard.UnreadableError``)."""
    return problem(Finding("", 0, "", error.kind, error.values))
