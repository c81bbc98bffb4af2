"""Messages to the outside with real processes: a worker killed between send and record, two workers at once."""

import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from liaoyuan.foundation.inbox.tests.factories import SECRET, Gateway, gateway
from tests.operations.instance import Instance

LEASE = 4  # seconds
PUT = """
from liaoyuan.foundation.accounts.models import User
from liaoyuan.foundation.inbox.services import NewItem, items_put
from liaoyuan.kernel.scoping import Actor
user, _ = User.objects.get_or_create(username="jia-1", defaults=dict(display_name="甲一", must_change_password=False))
print(items_put(actor=Actor.system("test"), items=[
    NewItem(user_id=user.pk, key=f"duty:{n}", title=f"第{n}件", level="late") for n in range(COUNT)]))
"""
# A real worker's process without the supervisor around it, so that the kill meets it and nobody else.
WORKER = ("manage", "shell", "--no-imports", "-c", "from liaoyuan.config.processes import worker; worker.run()")
STATES = """
from liaoyuan.foundation.inbox.models import Delivery
print(*Delivery.objects.order_by("pk").values_list("state", "attempts"))
"""
RUN = """
from liaoyuan.foundation.inbox.services import deliver_due
from liaoyuan.kernel.scoping import Actor
print(deliver_due(actor=Actor.system("test")).sent)
"""


@pytest.fixture
def sender(make_instance: Callable[..., Instance]) -> Callable[[Gateway], Instance]:
    """An instance that knows a gateway; no quiet hours, whatever the time of the run."""
    return lambda far: make_instance(
        LIAOYUAN_WEBHOOK_URL=far.url,
        LIAOYUAN_WEBHOOK_SECRET=SECRET,
        LIAOYUAN_DELIVERY_LEASE_SECONDS=str(LEASE),
        LIAOYUAN_QUIET_FROM="00:00",
        LIAOYUAN_QUIET_UNTIL="00:00",
    )


def wait_for(condition: Callable[[], bool], *, why: Callable[[], str]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, why()
        time.sleep(0.05)


def test_a_worker_killed_between_send_and_record_loses_nothing_and_doubles_nothing_by_its_id(
    sender: Callable[[Gateway], Instance],
) -> None:
    answered = threading.Event()

    def answer(number: int) -> int:
        if number == 1:
            answered.wait(60)  # the gateway has it; its "taken" never reaches the worker
        return 204

    with gateway(answer) as far:
        instance = sender(far)
        assert instance.shell(PUT.replace("COUNT", "3")) == "3"
        instance.start(*WORKER)
        wait_for(lambda: bool(far.calls), why=instance.log)
        assert instance.process is not None
        instance.process.kill()  # SIGKILL: no goodbye
        instance.process.wait(10)
        answered.set()
        assert "('sending', 1)" in instance.shell(STATES)
        instance.process = None
        time.sleep(LEASE)
        instance.start(*WORKER)
        wait_for(lambda: len(far.calls) >= 4, why=instance.log)
        instance.shell(RUN)
        assert instance.shell(STATES) == "('sent', 2) ('sent', 1) ('sent', 1)"
        instance.stop()
    ids = [headers["X-Liaoyuan-Delivery"] for headers, _body in far.calls]
    assert len(ids) == 4
    assert len(set(ids)) == 3  # one came twice, under the same id
    assert ids.count(ids[0]) == 2
    titles = {json.loads(body)["id"]: json.loads(body)["text"] for _headers, body in far.calls}
    assert sorted(titles.values()) == ["第0件", "第1件", "第2件"]


def test_two_workers_at_once_send_everything_once(sender: Callable[[Gateway], Instance]) -> None:
    with gateway() as far:
        instance = sender(far)
        assert instance.shell(PUT.replace("COUNT", "120")) == "120"
        with ThreadPoolExecutor(3) as pool:
            sent = [int(text) for text in pool.map(instance.shell, [RUN] * 3)]
        assert sum(sent) == 120
        assert set(instance.shell(STATES).replace(") (", ")|(").split("|")) == {"('sent', 1)"}
    ids = [headers["X-Liaoyuan-Delivery"] for headers, _body in far.calls]
    assert len(ids) == len(set(ids)) == 120


def test_two_who_put_the_same_at_once_write_it_once(sender: Callable[[Gateway], Instance]) -> None:
    with gateway() as far:
        instance = sender(far)
        instance.shell(PUT.replace("COUNT", "0"))  # the account
        with ThreadPoolExecutor(3) as pool:
            new = [int(text) for text in pool.map(instance.shell, [PUT.replace("COUNT", "200")] * 3)]
        assert sum(new) == 200
        assert len(instance.shell(STATES).split(") (")) == 200
