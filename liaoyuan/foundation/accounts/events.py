"""What accounts tells the apps above."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class SessionsEnded:
    """Every session of an account, or all but one, was ended: open sockets must look again."""

    user_id: UUID


@dataclass(frozen=True, slots=True)
class AccountDisabled:
    """An account was switched off."""

    user_id: UUID


@dataclass(frozen=True, slots=True)
class AdministratorAppointed:
    """An account became one of the three administrators, or (kind "") ceased to be one."""

    user_id: UUID
    kind: str
