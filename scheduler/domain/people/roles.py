"""What a person may be here, and who acts."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """A role opens pages; a person may have several."""

    MEMBER = "member"
    TRUSTED_SERVANT = "trusted_servant"
    FACILITATOR = "facilitator"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"
    REVIEWER = "reviewer"


STAFF = frozenset({Role.FACILITATOR, Role.COORDINATOR, Role.ADMINISTRATOR, Role.REVIEWER})
"""Those who see other people's records."""

LIMITABLE = frozenset({Role.TRUSTED_SERVANT, Role.FACILITATOR, Role.COORDINATOR, Role.REVIEWER})
"""Roles that may be for some sites only. Administrators give roles: one with a limit could take it off."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: a person by one of their sign-ins, or nobody (command line, worker).

    ``limits`` are the sites that a role is limited to, as pairs; a role without a pair is for all sites.
    """

    person_id: int | None
    sign_in_id: int | None
    roles: frozenset[Role]
    limits: frozenset[tuple[Role, int]] = frozenset()

    def has(self, *roles: Role) -> bool:
        """Whether the actor has at least one of these roles."""
        return not self.roles.isdisjoint(roles)

    def sites_as(self, role: Role) -> frozenset[int] | None:
        """The sites that this role of the actor is limited to; none where it is for all."""
        return frozenset(site_id for limited, site_id in self.limits if limited is role) or None

    def reach_as(self, roles: Collection[Role]) -> frozenset[int] | None:
        """The sites that those of ``roles`` which the actor has open together; none: all of them.

        Somebody without any of them reaches no site.
        """
        if self.person_id is None:
            return None
        each = [self.sites_as(role) for role in self.roles.intersection(roles)]
        if any(sites is None for sites in each):
            return None
        return frozenset().union(*(sites for sites in each if sites is not None))


SYSTEM = Actor(person_id=None, sign_in_id=None, roles=frozenset())
"""The command line and the worker: allowed everything, and named nobody in the audit."""
