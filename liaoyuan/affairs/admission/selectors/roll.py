"""The roll by which a count on paper is judged."""

from datetime import date

from django.db.models import Q

from liaoyuan.activity.orglife.clauses import clause_words
from liaoyuan.activity.orglife.selectors import voters_on
from liaoyuan.affairs.admission.models import Case
from liaoyuan.affairs.admission.rules.findings import Roll
from liaoyuan.organisation.members.models import Membership, MembershipKind


def roll_of(case: Case, on: date) -> Roll:
    """Who had a vote on a day in the branch to which the person belonged then: the case may have moved since. Where the
    platform knows of no branch that day, his present one's roll stands in, uncertain."""
    rows = Membership.objects.filter(
        Q(until__isnull=True) | Q(until__gt=on), person=case.person_id, kind=MembershipKind.HOME, since__lte=on
    )
    home = rows.select_related("unit").first()
    unit = home.unit if home is not None else case.unit
    voters = voters_on(unit, on)
    certain = voters.certain and home is not None
    return Roll(unit.name, voters.entitled, certain, left_out=clause_words("MT-18", on=on))
