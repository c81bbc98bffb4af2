"""Two workers at once, and one that died half-way: every posting ends once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.db import connection

from liaoyuan.activity.notices.events import PostingClosed
from liaoyuan.activity.notices.models import Objection, PublicPosting
from liaoyuan.activity.notices.services import objection_submit, postings_close_due
from liaoyuan.activity.notices.tests.factories import DAY, hung
from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.kernel import bus, clock
from liaoyuan.kernel.scoping import Actor

pytestmark = pytest.mark.django_db(transaction=True)
SYSTEM = Actor.system("测试")


def at_once(job: Any, times: int) -> list[Any]:
    def run(_number: int) -> Any:
        try:
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


def test_two_workers_close_each_posting_once(house):
    for number in range(4):
        hung(house, title=f"第{number}份公示")
    with clock.set_to(date(2026, 11, 28)):
        closed = at_once(lambda: postings_close_due(actor=SYSTEM), 2)
    assert sum(closed) == 4
    assert AuditEntry.objects.filter(action="notices.posting_close").count() == 4


def test_a_worker_that_dies_half_way_loses_and_doubles_nothing(house, monkeypatch):
    for number in range(3):
        hung(house, title=f"第{number}份公示")
    heard: list[Any] = []

    def dies_at_the_second(event: PostingClosed) -> None:
        heard.append(event.posting_id)
        if len(heard) == 2:
            raise KeyboardInterrupt

    monkeypatch.setitem(bus._inside, PostingClosed, [dies_at_the_second])
    with clock.set_to(date(2026, 11, 28)):
        with pytest.raises(KeyboardInterrupt):
            postings_close_due(actor=SYSTEM)
        rows = PublicPosting.objects.unscoped("test")
        assert rows.filter(state="closed").count() == 1
        assert postings_close_due(actor=SYSTEM) == 2
    assert rows.filter(state="closed", result="no_objection").count() == 3
    assert AuditEntry.objects.filter(action="notices.posting_close").count() == 3


def test_two_first_messages_at_once_are_one_thread(house):
    posting = hung(house)
    actor = house.actor("member")
    with clock.set_to(DAY):
        at_once(lambda: objection_submit(actor=actor, posting=posting.pk, text="此人曾私自外出。"), 2)
    objection = Objection.objects.get()
    assert [message.number for message in objection.messages.all()] == [1, 2]
