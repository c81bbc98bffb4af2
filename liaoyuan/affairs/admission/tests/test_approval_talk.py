"""Before the approval somebody of the approving committee talks with the candidate, nobody of his branch (DM-34)."""

from datetime import date

import pytest

from liaoyuan.affairs.admission.forms.acts import FORMS, OTHER, ApprovalTalkForm
from liaoyuan.affairs.admission.models import StepRecord
from liaoyuan.affairs.admission.rules.acts import Act
from liaoyuan.affairs.admission.services.applying import talk_record
from liaoyuan.affairs.admission.services.correcting import record_correct
from liaoyuan.affairs.admission.tests.test_services_refusals import NEW
from liaoyuan.affairs.admission.tests.walk import Walk
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import DomainError
from liaoyuan.organisation.members.models import Person, Tenure
from liaoyuan.organisation.members.tests.factories import PersonFactory, load_post

D = date.fromisoformat
DAY = D("2027-11-20")
pytestmark = pytest.mark.django_db


def holder(walk: Walk, post: str, **more: object) -> Person:
    """Somebody of the neighbours' branch with a post in the brigade's committee, which approves."""
    person = PersonFactory(unit=walk.house.branch_b, name=f"任{post}")
    more = {"unit": walk.house.root, "since": D("2027-01-01")} | more
    Tenure.objects.create(person=person, post=load_post(post), **more)
    return person


def talk(walk: Walk, talker: Person, on: date = DAY) -> StepRecord:
    with clock.set_to(D("2027-11-25")):
        return talk_record(
            actor=walk.clerk, case=walk.case.pk, on=on, talker=talker, mode="phone", summary="动机端正",
            act=Act.APPROVAL_TALK,
        )  # fmt: skip


def test_the_form_offers_the_committees_members_and_its_clerk(walk: Walk) -> None:
    walk.to("approval_talk")
    member, secretary = holder(walk, "committee_member"), holder(walk, "secretary")
    inspector, former = holder(walk, "inspector"), holder(walk, "deputy_secretary", until=D("2027-11-19"))
    elsewhere = holder(walk, "committee_member", unit=walk.house.battalion_b)
    with clock.set_to(DAY):
        form = ApprovalTalkForm(actor=walk.clerk, case=walk.case)
    offered = [key for key, _words in form.fields["talker"].choices]  # type: ignore[attr-defined]
    clerk = walk.house.people["organisation_clerk"]
    assert (offered[0], offered[-1]) == (str(clerk.pk), OTHER)  # oneself first, somebody else by name last
    assert set(offered[1:-1]) == {str(member.pk), str(secretary.pk)}
    for one in (inspector, former, elsewhere, *walk.mentors, walk.house.people["battalion_secretary"]):
        assert str(one.pk) not in offered
    assert FORMS[Act.TALK] is not FORMS[Act.APPROVAL_TALK] is ApprovalTalkForm


@pytest.mark.parametrize("post", ["secretary", "committee_member", "organisation_officer", "organisation_clerk"])
def test_who_holds_such_a_post_talks_with_him(walk: Walk, post: str) -> None:
    walk.to("approval_talk")
    record = talk(walk, holder(walk, post))
    assert record.detail["who"] == f"任{post}"


@pytest.mark.parametrize(
    ("post", "more"),
    [
        ("inspector", {}),
        ("education_clerk", {}),
        ("committee_member", {"since": D("2027-11-21")}),
        ("committee_member", {"until": D("2027-11-19")}),
    ],
)
def test_nobody_else_of_the_roster_does(walk: Walk, post: str, more: dict[str, date]) -> None:
    walk.to("approval_talk")
    for one in (holder(walk, post, **more), walk.mentors[0], walk.house.people["battalion_secretary"]):
        with pytest.raises(DomainError) as found:
            talk(walk, one)
        assert (found.value.field, found.value.clause) == ("talker", f"{NEW}第23条")
    assert not StepRecord.objects.filter(case=walk.case, act="approval_talk").exists()


def test_the_post_is_that_of_the_day_of_the_talk(walk: Walk) -> None:
    walk.to("approval_talk")
    assert talk(walk, holder(walk, "committee_member", since=DAY, until=DAY)).live


def test_the_committee_is_the_one_that_approves(walk: Walk) -> None:
    """A battalion with the power of its own."""
    walk.house.battalion_a.can_approve_members = True
    walk.house.battalion_a.save(update_fields=["can_approve_members"])
    walk.to("approval_talk")
    assert talk(walk, walk.house.people["battalion_secretary"]).live


def test_a_correction_names_nobody_else_either(walk: Walk) -> None:
    walk.to("approve")
    old = StepRecord.objects.get(case=walk.case, act="approval_talk", live=True)
    content = {"talker": walk.mentors[0], "who": "", "mode": "phone", "summary": "动机端正"}

    def correct(talker: Person) -> StepRecord:
        with clock.set_to(D("2027-12-01")):
            return record_correct(
                actor=walk.clerk,
                case=walk.case.pk,
                record=old.pk,
                reason="写错了人",
                content=content | {"talker": talker},
            )

    with pytest.raises(DomainError) as found:
        correct(walk.mentors[0])
    assert found.value.field == "talker"
    member = holder(walk, "committee_member")
    assert correct(member).detail["who"] == member.name


def test_on_the_page_a_branch_member_is_no_choice(walk: Walk, visitor: object) -> None:
    walk.to("approval_talk")
    client = visitor("organisation_clerk")  # type: ignore[operator]
    sent = {"on": "2027-11-20", "mode": "phone", "summary": "动机端正", "who": ""}
    bad = client.send("act", walk.case.pk, "approval_talk", at="2027-11-20", talker=str(walk.mentors[0].pk), **sent)
    assert bad.status_code == 422
    assert bad.context["form"].errors["talker"]
    clerk = str(walk.house.people["organisation_clerk"].pk)
    good = client.send("act", walk.case.pk, "approval_talk", at="2027-11-20", talker=clerk, **sent)
    assert good.status_code == 302
