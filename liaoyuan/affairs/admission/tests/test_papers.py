"""Papers drawn up from a case: real Word and PDF files, read back."""

import io
import json
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from docx import Document

from liaoyuan.affairs.admission.documents.pdf import pdf
from liaoyuan.affairs.admission.documents.word import layout, word
from liaoyuan.affairs.admission.models import Case
from liaoyuan.affairs.admission.rules.sheets import SHEETS, Sheet
from liaoyuan.affairs.admission.selectors.sheets import everything, sheet, source_of
from liaoyuan.affairs.admission.services.accepting import Votes
from liaoyuan.affairs.admission.services.opening import cases_take_over
from liaoyuan.affairs.admission.tests.pdf_text import pages
from liaoyuan.affairs.admission.tests.test_services_following import stood
from liaoyuan.affairs.admission.tests.walk import Walk, outsider
from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import NotInScope
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.members.tests.factories import House

pytestmark = pytest.mark.django_db

CONSENT_ONLY = {"posting_notice", "posting"}
MARK = "甲指导员 6789 2028-12-20 09:00"


def words_of(file: bytes) -> list[str]:
    """Every paragraph and cell of a Word file, in order of kind."""
    document = Document(io.BytesIO(file))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [paragraph.text for paragraph in document.paragraphs] + cells


def texts(one: Sheet) -> Iterator[str]:
    """Every text of a paper."""
    yield from (one.title, one.subtitle, one.to, one.lead, *one.paragraphs, *one.signs)
    for several in (*one.rows, *one.lines, *one.boxes):
        yield from several


def drawn(walk: Walk) -> dict[str, Sheet]:
    """Every paper of a case as it stands."""
    return {one.kind: one for one in everything(source_of(walk.secretary, walk.case))}


def test_a_whole_case_gives_every_paper_in_both_forms_with_the_same_words(walk: Walk) -> None:
    walk.to("archive")
    found = drawn(walk)
    assert list(found) == list(SHEETS)
    file = pdf(list(found.values()), mark=MARK)
    keep = os.environ.get("KEEP_PAPERS")  # a folder: to look at them as a designer
    if keep:
        Path(keep, "whole.pdf").write_bytes(file)
        for one in found.values():
            Path(keep, f"{one.kind}.docx").write_bytes(word(one, mark=MARK))
    printed = pages(file)
    assert len(found) <= len(printed) <= len(found) + 1  # all but the register fit one page
    assert all(squeezed(MARK) in squeezed(page) for page in printed)
    for one in found.values():
        assert any(squeezed(page).startswith(squeezed(one.title)) for page in printed), one.kind
        said = words_of(word(one, mark=MARK))
        for text in texts(one):
            assert "None" not in text, one.kind
            assert "{" not in text, one.kind
            assert text in said or not text, (one.kind, text)
            assert squeezed(text) in squeezed("".join(printed)), (one.kind, text)
        section = Document(io.BytesIO(word(one, mark=MARK))).sections[0]
        assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (21.0, 29.7)
        assert section.footer.paragraphs[0].text == MARK
        for table in Document(io.BytesIO(word(one, mark=MARK))).tables:
            grid = [column.width for column in table.columns]  # LibreOffice goes by it, Word by the cells
            unmerged = [row.cells for row in table.rows if len(row._tr.tc_lst) == len(grid)]
            assert unmerged, one.kind
            assert all([cell.width for cell in cells] == grid for cells in unmerged), one.kind


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_what_the_papers_of_a_whole_case_say(walk: Walk) -> None:
    walk.to("archive")
    found = drawn(walk)
    resolution = found["resolution"]
    assert ("应到会", "有表决权的 9 人") in resolution.rows
    assert ("赞成", "7 票") in resolution.rows
    assert "2027年11月5日，甲营一连党支部召开支部党员大会" in resolution.paragraphs[0]
    assert "大会同意接收其为中共预备党员。" in resolution.paragraphs[0]
    assert "。。" not in resolution.paragraphs[0]
    assert "预备期自2027年11月5日至2028年11月5日" in found["approval"].paragraphs[0]
    assert found["approval"].to == "甲营一连党支部："
    assert "党龄自2028年11月5日算起" in found["conversion_approval"].paragraphs[0]
    notice = found["posting_notice"]
    assert notice.title == "关于拟列申明同志为发展对象的公示"
    assert "公示期自2027年9月7日起至2027年9月14日止（不少于5个工作日）" in notice.paragraphs[0]
    assert "请在1个月内提交支部党员大会讨论" in found["pre_review"].paragraphs[0]
    assert "经1年以上培养教育和考察" in found["candidate"].paragraphs[0]
    assert dict(found["form"].rows)["短期集中培训"] == "3天、24学时"
    assert len(found["register"].lines) == 24
    assert all(row[2] == "1 页" for row in found["archive"].lines) is False  # nothing is on the shelf yet


def test_the_old_text_knows_no_posting_and_no_month_for_the_meeting(old_walk: Walk) -> None:
    old_walk.to("archive")
    found = drawn(old_walk)
    assert set(SHEETS) - set(found) == CONSENT_ONLY
    assert "请及时提交支部党员大会讨论" in found["pre_review"].paragraphs[0]
    assert "请予备案" in found["candidate"].paragraphs[0]


def test_what_is_not_known_is_left_blank(walk: Walk) -> None:
    Person.objects.unscoped("test").filter(pk=walk.person.pk).update(
        sex="", ethnicity="", birth_date=None, native_place="", education="", position=""
    )
    walk.to("post")
    walk.case.person.refresh_from_db()
    notice = drawn(walk)["posting_notice"]
    assert dict(notice.rows)["出生年月"] == ""
    assert dict(notice.rows)["民族"] == ""
    assert "公示期自　　　　年　　月　　日起" in notice.paragraphs[0]
    for one in drawn(walk).values():
        assert not any("None" in text or "nan" in text for text in texts(one)), one.kind
    assert dict(drawn(walk)["cultivation"].rows)["确定为积极分子"] == "2026年9月1日"


def test_refusals_are_told_with_their_reasons(walk: Walk) -> None:
    walk.to("pre_review")
    walk.do("pre_review", qualified=False, reason="材料不全，政审函调缺一份")
    assert "不合格。理由：材料不全，政审函调缺一份。" in drawn(walk)["pre_review"].paragraphs[0]
    for act, on in (("committee_check", "2027-10-21"), ("pre_review", "2027-10-22"), ("form", "2027-10-25")):
        walk.do(act, on=on)
    walk.do("meeting", votes=Votes(entitled=9, present=8, yes=3, no=5))
    assert "未获通过。" in drawn(walk)["resolution"].paragraphs[0]


def test_markup_in_what_people_write_stays_text(walk: Walk) -> None:
    nasty = "谈话 <b>不是标记</b> {{ secret }} {% for %} & 'x'\n第二行"
    walk.do("talk", summary=nasty)
    one = drawn(walk)["talk"]
    said = "\n".join(words_of(word(one, mark=MARK)))
    assert "<b>不是标记</b> {{ secret }} {% for %} & 'x'" in said
    assert "第二行" in said
    (page,) = pages(pdf([one], mark="<i>名字</i>"))
    assert "<b>不是标记</b>{{secret}}{%for%}&'x'第二行" in squeezed(page)
    assert "<i>名字</i>" in page


def test_a_unit_may_lay_its_own_layout_over_ours(walk: Walk, settings: Any, tmp_path: Path) -> None:
    settings.LIAOYUAN = type("Options", (), {"home": tmp_path})()
    (tmp_path / "papers").mkdir()
    own = Document()
    own.add_paragraph("本单位样式：{{ title }}")
    own.save(str(tmp_path / "papers" / "sheet.docx"))
    assert layout() == tmp_path / "papers" / "sheet.docx"
    assert words_of(word(Sheet("talk", "谈话记录"), mark="")) == ["本单位样式：谈话记录"]


def test_no_paper_before_its_act(walk: Walk) -> None:
    source = source_of(walk.secretary, walk.case)
    assert [one.kind for one in everything(source)] == ["register"]
    for kind in ("talk", "approval", "poem", ""):
        with pytest.raises(NotInScope):
            sheet(source, kind)


def test_the_page_offers_what_can_be_drawn_up(walk: Walk, visitor: Any) -> None:
    client = visitor("branch_secretary")
    assert client.page("papers", walk.case.pk).count(">Word<") == 1
    walk.to("archive")
    text = client.page("papers", walk.case.pk, on="2028-12-20")
    assert text.count(">Word<") == text.count(">PDF<") == len(SHEETS)
    assert 'href="/admission/' in client.page("case", walk.case.pk, on="2028-12-20")
    for kind, form in (("poem", "pdf"), ("talk", "odt"), ("talk", "zip")):
        assert client.get("draw", walk.case.pk, kind, form, on="2028-12-20").status_code == 404


def test_a_paper_is_taken_as_a_file_and_that_is_recorded(walk: Walk, visitor: Any) -> None:
    walk.do("talk", summary="了解动机")
    client = visitor("branch_secretary")
    file = client.get("draw", walk.case.pk, "talk", "docx")
    assert {"申明", "电话", "了解动机"} <= set(words_of(file.content))
    assert "甲指导员" in Document(io.BytesIO(file.content)).sections[0].footer.paragraphs[0].text
    printed = client.get("draw", walk.case.pk, "talk", "pdf")
    assert "了解动机" in pages(printed.content)[0]
    assert printed["Content-Type"] == "application/pdf"
    assert printed["Content-Disposition"].startswith("attachment")
    entries = AuditEntry.objects.filter(action="admission.print", subject_id=walk.person.pk)
    assert [entry.object_label for entry in entries] == ["同入党申请人谈话记录"] * 2


def test_the_whole_case_as_one_file_with_what_was_cancelled(walk: Walk, visitor: Any) -> None:
    walk.to("file_activist")
    answer = visitor("branch_secretary").get("export", walk.case.pk, on="2026-09-05")
    archive = ZipFile(io.BytesIO(answer.content))
    assert archive.namelist() == [
        "发展案卷.pdf", "01 发展党员办理情况一览.docx", "02 同入党申请人谈话记录.docx", "03 入党积极分子备案报告.docx",
        "办理记录.json",
    ]  # fmt: skip
    assert len(pages(archive.read("发展案卷.pdf"))) == 3
    data = json.loads(archive.read("办理记录.json"))
    assert [row["act"] for row in data["records"]] == ["apply", "talk", "activist"]
    assert data["records"][1]["text"] == "了解入党动机"
    assert data["text"] == "《中国共产党发展党员工作细则（2026年）》"
    assert AuditEntry.objects.filter(action="admission.export", subject_id=walk.person.pk).count() == 1


def test_nobody_else_takes_papers(walk: Walk, visitor: Any) -> None:
    other = Walk(walk.house, outsider(walk.house, "b"), side="b")
    walk.do("talk")
    for route, args in (("papers", ()), ("draw", ("talk", "pdf")), ("export", ())):
        assert visitor("branch_secretary").get(route, other.case.pk, *args).status_code == 404, route
        assert visitor("member").get(route, walk.case.pk, *args).status_code == 404, route
    assert not AuditEntry.objects.filter(action__in=["admission.print", "admission.export"]).exists()


def test_the_resolution_of_a_case_taken_over_says_what_the_standing_says(house: House) -> None:
    prober = stood(
        house, applicant="2023-01-10", activist="2023-06-10", candidate="2024-07-10", probationary="2026-02-01"
    )
    clerk = house.actor("organisation_clerk")
    with clock.set_to(date(2026, 11, 23)):
        cases_take_over(actor=Actor.system("test"))
        found = sheet(source_of(clerk, Case.objects.unscoped("test").get(person=prober)), "resolution")
    assert "大会同意接收其为中共预备党员。" in found.paragraphs[0]
    assert "未获通过" not in found.paragraphs[0]
