"""The part of a person's page that tells how they are reached."""

from scheduler.domain.access.queries import Channels, channels_of
from scheduler.domain.people.finding import Found
from scheduler.domain.people.roles import STAFF, Role
from scheduler.extensions import db


def channels_part(person: Found) -> dict[str, Channels | None]:
    """What ``person/_channels.html`` shows: of members who do not work here."""
    is_ours = Role.MEMBER in person.roles and STAFF.isdisjoint(person.roles)
    return {"channels": channels_of(db.session(), person.id) if is_ours else None}
