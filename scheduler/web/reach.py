"""What the actor of a request may find by the roles that open its route.

A role may be limited to sites. For somebody limited, every value in an address must name something of their
sites; a name that nobody has thought about here is refused, so that a new kind of address begins closed.
"""

from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy.orm import Session as Database

from scheduler.domain.people.roles import Role
from scheduler.domain.planning.reach import Kind, Reach

BY_DUTY: Final = frozenset({Role.MEMBER, Role.TRUSTED_SERVANT, Role.FACILITATOR, Role.REVIEWER})
"""Roles whose pages show only what is one's own: a duty, a post or a review decides there."""

NAMED: Final[Mapping[str, Kind]] = {f"{kind}_id": kind for kind in Kind}
"""The names of values in addresses, and what they name."""

OF_NO_SITE: Final = frozenset({"program_id", "batch_id"})
"""Names of what belongs to no site: in everybody's reach, or a matter of its own page (an uploaded list)."""


def allows(session: Database, reach: Reach, values: Mapping[str, Any]) -> bool:
    """Whether all that an address names is within reach. A statement for each value, none without a limit."""
    if reach.sites is None:
        return True
    return all(_allows(session, reach, name, value) for name, value in values.items())


def is_by_duty(held: Collection[Role], opening: Collection[Role]) -> bool:
    """Whether one of the roles held opens the route only for what is one's own."""
    return not BY_DUTY.isdisjoint(set(held).intersection(opening))


def _allows(session: Database, reach: Reach, name: str, value: Any) -> bool:
    if name in OF_NO_SITE:
        return True
    kind = NAMED.get(name)
    return kind is not None and isinstance(value, int) and reach.holds(session, kind, value)
