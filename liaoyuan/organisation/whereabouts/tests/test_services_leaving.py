"""Who leaves is away from nowhere any more."""

from datetime import date, timedelta

import pytest

from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.kernel.errors import DomainError
from liaoyuan.organisation.chronicle.selectors import facts_visible
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.members.services import person_leave
from liaoyuan.organisation.members.tests.factories import House
from liaoyuan.organisation.whereabouts.desk import data_problems, tile_away, todos
from liaoyuan.organisation.whereabouts.models import Posting, PostingChange, Presence
from liaoyuan.organisation.whereabouts.selectors import postings as read
from liaoyuan.organisation.whereabouts.services.changes import Correction, posting_correct
from liaoyuan.organisation.whereabouts.services.facts import postings_follow
from liaoyuan.organisation.whereabouts.services.presence import presence_differences, presence_refresh
from liaoyuan.organisation.whereabouts.tests.factories import TODAY, PostingFactory

pytestmark = pytest.mark.django_db
YESTERDAY, TOMORROW = TODAY - timedelta(1), TODAY + timedelta(1)


def leave(house: House, person: Person, on: date = TODAY) -> None:
    person_leave(actor=house.actor("organisation_clerk"), person=person, on=on, reason="退役")


def told(house: House, person: Person) -> list[tuple[str, date]]:
    rows = facts_visible(house.actor("organisation_clerk")).filter(person=person, kind__startswith="posting.")
    return sorted(rows.values_list("kind", "occurred_on"))


def test_the_posting_he_is_on_ends_on_the_day_of_leaving_everywhere(
    house: House, django_capture_on_commit_callbacks
) -> None:
    clerk, person = house.actor("organisation_clerk"), house.people["plain_a"]
    posting = PostingFactory(person=person, since=date(2026, 10, 1), planned_end=date(2026, 11, 1))
    postings_follow(actor=clerk, person_ids=[person.pk])
    presence_refresh()
    assert [row.pk for row in read.overdue(clerk)] == [posting.pk]
    with django_capture_on_commit_callbacks(execute=True):
        leave(house, person, YESTERDAY)
    posting.refresh_from_db()
    assert posting.ended_on == YESTERDAY
    assert told(house, person) == [("posting.began", date(2026, 10, 1)), ("posting.ended", YESTERDAY)]
    assert not Presence.objects.filter(pk=person.pk).exists()
    assert presence_differences()[1] == 0
    for nothing in (read.overdue(clerk), read.unconfirmed(clerk), todos(clerk), data_problems(clerk)):
        assert not list(nothing)
    assert tile_away(clerk).value == 0
    change = posting.changes.get()
    assert (change.verb, change.reason, change.by_name) == ("ended", "离队", "系统（离队）")
    assert AuditEntry.objects.filter(action="whereabouts.ended", subject_id=person.pk).count() == 1


@pytest.mark.parametrize(("since", "stays"), [(YESTERDAY, True), (TODAY, False)])
def test_what_begins_on_the_day_of_leaving_ends_and_what_begins_later_is_taken_out(
    house: House, since: date, stays: bool
) -> None:
    person = house.people["plain_a"]
    posting = PostingFactory(person=person, since=since)
    postings_follow(actor=house.actor("organisation_clerk"), person_ids=[person.pk])
    leave(house, person, YESTERDAY)
    assert Posting.objects.unscoped("test").filter(pk=posting.pk, ended_on=YESTERDAY).exists() is stays
    assert bool(told(house, person)) is stays
    if not stays:
        assert not person.postings.exists()
        assert PostingChange.objects.get(person=person).verb == "cancelled"


def test_a_posting_to_come_is_taken_out_and_those_of_others_stay(house: House) -> None:
    person, other = house.people["plain_a"], house.people["member"]
    for one in (person, other):
        PostingFactory(person=one, since=TOMORROW)
    back = PostingFactory(person=person, since=date(2026, 3, 1), ended_on=date(2026, 4, 1))
    leave(house, person)
    assert list(person.postings.all()) == [back]
    assert other.postings.get().ended_on is None


def test_a_refused_leave_ends_no_posting(house: House) -> None:
    person = house.people["plain_a"]
    posting = PostingFactory(person=person, since=date(2026, 10, 1))
    with pytest.raises(DomainError):
        leave(house, person, TOMORROW)
    posting.refresh_from_db()
    assert posting.ended_on is None


def test_a_posting_of_somebody_who_has_left_is_not_opened_again(house: House) -> None:
    person = house.people["plain_a"]
    posting = PostingFactory(person=person, since=date(2026, 10, 1))
    leave(house, person)
    posting.refresh_from_db()
    to = {"purpose": posting.purpose, "site": posting.site, "planned_end": None, "attached_unit": None}
    clerk = house.actor("organisation_clerk")
    with pytest.raises(DomainError, match="已离队") as refused:
        posting_correct(
            actor=clerk, posting=posting.pk, reason="记错", to=Correction(since=posting.since, ended_on=None, **to)
        )
    assert refused.value.field == "ended_on"
    right = Correction(since=posting.since, ended_on=date(2026, 11, 1), **to)
    assert posting_correct(actor=clerk, posting=posting.pk, reason="记错", to=right).ended_on == date(2026, 11, 1)
