"""Many hands at once: every vote once, none lost, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from liaoyuan.activity.orglife.models import BallotBox, BallotMark, Motion
from liaoyuan.activity.orglife.rules.boxes import NO, YES, Box
from liaoyuan.activity.orglife.services import ballot_cast, motion_close
from liaoyuan.activity.orglife.tests.factories import of, opened, sitting
from liaoyuan.kernel.errors import Conflict, DomainError

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*jobs: Any) -> list[Any]:
    """Run ``jobs`` in threads of their own; what they returned or raised, in their order."""

    def run(job: Any) -> Any:
        try:
            return job()
        except (Conflict, DomainError) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def test_everybody_votes_at_once_and_every_vote_is_counted(house):
    _meeting, motion, attending = sitting(house, size=9, there=8)
    opened(house, motion)
    actors = [of(person) for person in attending]
    answers = at_once(
        *(
            lambda actor=actor, number=number: ballot_cast(
                actor=actor, motion=motion.pk, choice=YES if number < 5 else NO
            )
            for number, actor in enumerate(actors)
        )
    )
    assert answers == [None] * 8
    done = motion_close(actor=house.actor("branch_secretary"), motion=motion.pk)
    assert (done.yes, done.no) == (5, 3)


def test_the_same_hand_at_once_votes_once(house):
    _meeting, motion, attending = sitting(house, size=5, there=4)
    opened(house, motion)
    actor = of(attending[0])
    answers = at_once(*(lambda: ballot_cast(actor=actor, motion=motion.pk, choice=YES) for _number in range(4)))
    assert [type(answer) for answer in answers if answer is not None] == [Conflict] * 3
    assert BallotMark.objects.count() == 1
    assert Box.unpack(BallotBox.objects.get().sealed, motion=motion.pk.hex).tally.total == 1


def test_a_vote_racing_the_close_is_counted_or_refused_never_lost(house):
    _meeting, motion, attending = sitting(house, size=5, there=4)
    opened(house, motion)
    for person in attending[:3]:
        ballot_cast(actor=of(person), motion=motion.pk, choice=YES)
    late, secretary = of(attending[3]), house.actor("branch_secretary")
    vote, close = at_once(
        lambda: ballot_cast(actor=late, motion=motion.pk, choice=NO),
        lambda: motion_close(actor=secretary, motion=motion.pk, missing_ok=True),
    )
    assert isinstance(close, Motion)
    row = Motion.objects.get(pk=motion.pk)
    assert (row.yes, row.no) == ((3, 0) if isinstance(vote, Conflict) else (3, 1))
    assert BallotMark.objects.count() == (3 if isinstance(vote, Conflict) else 4)
