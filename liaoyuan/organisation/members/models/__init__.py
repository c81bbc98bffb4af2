"""People of the organisation and what they were, where and when."""

from liaoyuan.organisation.members.models.membership import Membership, MembershipKind
from liaoyuan.organisation.members.models.person import Person, PersonCategory
from liaoyuan.organisation.members.models.standing import Standing, StandingKind
from liaoyuan.organisation.members.models.tenure import Tenure

__all__ = ["Membership", "MembershipKind", "Person", "PersonCategory", "Standing", "StandingKind", "Tenure"]
