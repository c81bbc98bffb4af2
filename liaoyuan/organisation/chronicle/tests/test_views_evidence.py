"""Files beside a fact: kept behind the fact's own door, never taken away."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from liaoyuan.foundation.files.models import StoredFile
from liaoyuan.foundation.files.tests.factories import PDF, PNG
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.chronicle.services import NewFact, fact_record, note
from liaoyuan.organisation.chronicle.tests.factories import SYSTEM, TODAY
from liaoyuan.organisation.members.tests.factories import House

pytestmark = pytest.mark.usefixtures("known_kinds")
HOURS = {"person": "A-PLAIN", "occurred_on": "2026-11-20", "fact_evidence": "记录本第3页", "quantity": "2"}


def paper(name: str = "谈话记录.pdf", data: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


@pytest.fixture
def fact(client: Client, house: House) -> Fact:
    """Written down by hand with one file."""
    house.login(client, "branch_secretary")
    assert client.post(reverse("chronicle:note", args=["test.hours"]), {**HOURS, "file": paper()}).status_code == 302
    return Fact.objects.unscoped("t").get(kind="test.hours")


def test_who_reads_the_fact_fetches_its_file_and_nobody_else(client: Client, house: House, fact: Fact) -> None:
    stored = StoredFile.objects.get()
    where = reverse("files:download", args=[stored.pk])
    page = client.get(reverse("chronicle:fact", args=[fact.pk])).content.decode()
    assert where in page
    assert "谈话记录.pdf" in page
    assert client.get(where).getvalue() == PDF
    house.login(client, "inspector")
    assert client.get(where).getvalue() == PDF
    for stranger in ("branch_secretary_b", "member", "security_admin"):
        house.login(client, stranger)
        assert client.get(where).status_code == 404


def test_a_second_file_stands_beside_the_first_and_a_correction_keeps_both(
    client: Client, house: House, fact: Fact
) -> None:
    add = reverse("chronicle:evidence", args=[fact.pk])
    assert client.post(add, {"file": paper("照片.png", PNG)}).status_code == 302
    mend = {**HOURS, "occurred_on": "2026-11-19", "reason": "记错日期"}
    assert client.post(reverse("chronicle:correct", args=[fact.pk]), mend).status_code == 302
    page = client.get(reverse("chronicle:fact", args=[fact.pk])).content.decode()
    assert "谈话记录.pdf" in page
    assert "照片.png" in page


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (("坏.pdf", b"MZ not a pdf"), "不能上传"),
        (("空.pdf", b""), "空"),
        (("表.csv", "甲,乙\n".encode()), "这里只收"),
    ],
)
def test_an_unfit_file_is_refused_and_the_fact_is_not_written(
    client: Client, house: House, file: tuple[str, bytes], words: str
) -> None:
    house.login(client, "branch_secretary")
    response = client.post(reverse("chronicle:note", args=["test.hours"]), {**HOURS, "file": paper(*file)})
    assert response.status_code == 422
    assert words in "".join(response.context["form"].errors["file"])
    assert not Fact.objects.unscoped("t").filter(kind="test.hours").exists()
    assert not StoredFile.objects.exists()


def test_there_is_an_end_to_files(client: Client, house: House, fact: Fact, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(note, "MOST_FILES", 1)
    response = client.post(reverse("chronicle:evidence", args=[fact.pk]), {"file": paper()})
    assert response.status_code == 422
    assert "最多附 1 个文件" in "".join(response.context["form"].errors["file"])
    assert client.post(reverse("chronicle:evidence", args=[fact.pk])).status_code == 422
    assert StoredFile.objects.count() == 1


def test_a_fact_of_an_affair_takes_no_files_here_nor_one_out_of_reach(client: Client, house: House) -> None:
    for person, source in (
        ("plain_a", ("orglife", "1")),
        ("plain_a", ("duties", "2")),
        ("plain_b", ("chronicle", "3")),
    ):
        who = house.people[person]
        assert who.unit is not None
        fact_record(actor=SYSTEM, fact=NewFact("test.hours", who.unit, TODAY, source, who, payload={"evidence": "x"}))
    house.login(client, "branch_secretary")
    codes = {}
    for row in Fact.objects.unscoped("t").filter(kind="test.hours"):
        response = client.post(reverse("chronicle:evidence", args=[row.pk]), {"file": paper()})
        codes[row.source_app] = response.status_code
    assert codes == {"orglife": 422, "duties": 302, "chronicle": 404}  # what was typed at a duty is by hand too
    assert StoredFile.objects.get().gate_key == "2"
