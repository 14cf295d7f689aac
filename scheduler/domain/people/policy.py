"""Whose business it is that a colleague is a member too. Pure."""

from collections.abc import Collection

from scheduler.domain.people.roles import STAFF, Role


def is_colleague(roles: Collection[Role]) -> bool:
    """Whether somebody with these roles works here, so that being a member is not everybody's to read."""
    return not STAFF.isdisjoint(roles)
