"""Kinds and facts for the tests of the pages."""

import re
from datetime import date

from django.urls import reverse

from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.chronicle.kinds import FactKind
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.chronicle.services import NewFact, fact_record
from liaoyuan.organisation.members.models import Person

SYSTEM = Actor.system("试验")
TODAY = date(2026, 11, 23)
MET = FactKind(
    "test.met",
    "约见",
    "{name}约见{who}（{mode}）",
    schema={"who": str, "mode": str, "rounds": int, "note": str, "evidence": str},
    choices={"mode": ("当面", "电话")},
    labels={"who": "对象", "rounds": "轮数"},
)
SECRET = FactKind("test.secret", "密事", "{name}有密事", schema={"evidence": str}, see="members.view_file")
DERIVED = FactKind("test.derived", "随动", "{name}随动")
HOURS = FactKind("test.hours", "听课", "{name}听课{quantity}学时", schema={"evidence": str}, unit="学时")
FOUND = FactKind("test.found", "开工", "{unit}开工", about="unit", schema={"evidence": str})
FILLED = FactKind(
    "test.filled",
    "专办",
    "{unit}专办{which}：{result}",
    about="unit",
    schema={"which": str, "result": str, "evidence": str},
    required=frozenset({"which"}),
    filled=frozenset({"which"}),
)
UNTIL = FactKind("test.until", "定期", "{name}定期至{until}", schema={"until": str, "evidence": str})
GOOD = {
    "person": "A-PLAIN",
    "occurred_on": "2026-11-20",
    "fact_who": "教导员",
    "fact_mode": "电话",
    "fact_evidence": "记录本第3页",
}
KINDS = (MET, SECRET, DERIVED, HOURS, FOUND, FILLED, UNTIL)


def told(person: Person, kind: str = "test.met", on: date = date(2026, 11, 10), **payload: object) -> Fact:
    assert person.unit is not None
    if kind == "test.met":
        payload = {"who": "教导员", "mode": "当面", "evidence": "记录本", **payload}
    source = ("chronicle", f"{person.pk.hex}{kind}{on}"[-60:])
    return fact_record(actor=SYSTEM, fact=NewFact(kind, person.unit, on, source, person, payload=payload))


def text(response) -> str:  # type: ignore[no-untyped-def]
    return re.sub(r"\s+", " ", response.content.decode())


def url(name: str, *args: object) -> str:
    return reverse(f"chronicle:{name}", args=list(args))
