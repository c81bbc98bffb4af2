"""The people of the small scenes: two battalions with a branch each."""

from liaoyuan.kernel.clock import today
from liaoyuan.organisation.members.tests.factories import House, load_role, two_branches
from liaoyuan.organisation.units.models import Grant, GrantSource


def with_member_roles() -> House:
    """``two_branches()`` in which everybody holds the member's role at his branch, as the product grants it."""
    house = two_branches()
    for persona, person in house.people.items():
        if persona in house.users:
            Grant.objects.create(
                user=house.users[persona], role=load_role("member"), unit=person.unit, path=person.unit.path,
                since=today(), source=GrantSource.APPOINTMENT,
            )  # fmt: skip
    return house
