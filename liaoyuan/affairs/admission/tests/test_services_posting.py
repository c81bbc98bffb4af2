"""A posting is made on the platform, with somebody who receives objections."""

from datetime import date

import pytest

from liaoyuan.affairs.admission.models import StepRecord
from liaoyuan.affairs.admission.services import listing
from liaoyuan.affairs.admission.tests.test_services_refusals import refused
from liaoyuan.affairs.admission.tests.walk import Walk
from liaoyuan.kernel import clock

D = date.fromisoformat
pytestmark = pytest.mark.django_db


def test_postings_are_made_on_the_platform_with_a_receiver(walk: Walk) -> None:
    walk.to("post")
    with clock.set_to(D("2027-09-07")):
        posting = listing.candidate_post(
            actor=walk.secretary, case=walk.case.pk, receiver=walk.house.people["group_leader"]
        )
    record = StepRecord.objects.get(case=walk.case, act="post")
    assert record.detail["posting"] == str(posting.pk)
    assert record.detail["ends_on"] == posting.last_day.isoformat()
    assert posting.person_id == walk.person.pk
    assert refused(walk, "post").message == "正在公示，请等公示结束。"
