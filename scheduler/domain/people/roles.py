"""What a person may be here, and who acts."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """A role opens pages; a person may have several."""

    MEMBER = "member"
    FACILITATOR = "facilitator"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"


STAFF = frozenset({Role.FACILITATOR, Role.COORDINATOR, Role.ADMINISTRATOR})


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: a person by one of their sign-ins, or nobody (command line, worker)."""

    person_id: int | None
    sign_in_id: int | None
    roles: frozenset[Role]

    def has(self, *roles: Role) -> bool:
        """Whether the actor has at least one of these roles."""
        return not self.roles.isdisjoint(roles)


SYSTEM = Actor(person_id=None, sign_in_id=None, roles=frozenset())
"""The command line and the worker: allowed everything, and named nobody in the audit."""
