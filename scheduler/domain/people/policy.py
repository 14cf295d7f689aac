"""Whose business it is that a colleague is a member too. Pure."""

from collections.abc import Collection

from scheduler.domain.people.roles import STAFF, Actor, Role


def is_colleague(roles: Collection[Role]) -> bool:
    """Whether somebody with these roles works here, so that being a member is not everybody's to read."""
    return not STAFF.isdisjoint(roles)


def may_see_member(
    viewer: Actor, *, person_id: int, roles: Collection[Role], near: Collection[int | None] = ()
) -> bool:
    """Whether this viewer may see somebody's member side: stay, enrollments, marks, the role itself.

    Of somebody who does not work here everybody may whom the page is for. Of a colleague only they
    themselves and those ``near`` to it: the counselor of the stay and whom it is kept by, and on a sheet
    whoever leads that session. The command line and the worker see everything.
    """
    if viewer.person_id is None or not is_colleague(roles):
        return True
    return viewer.person_id == person_id or viewer.person_id in near
