"""A Tuesday evening at Elm Street: a group with names, and a meeting counted by heads."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session as Database

from tests.support import factories
from tests.support.people import Everybody

AT_SEVEN = datetime(2026, 7, 14, 23, 0, tzinfo=UTC)
"""19:00 in New York on the Tuesday of the group."""


@dataclass(frozen=True, slots=True)
class Group:
    """Ids of the group's rows, and an instant shortly after it began (19:06)."""

    series: int
    post: int
    occurrence: int
    during: datetime


def evening_group(session: Database, people: Everybody) -> Group:
    """Renee T. and Marcus T. are expected; Dana R. has the duty."""
    room = factories.room(session)
    series = factories.series(session, room_id=room)
    for member in (people.member, people.other_member):
        factories.enrollment(session, series, member.id)
    return _led(session, series, factories.post(session, series, people.facilitator.id))


def late_meeting(session: Database, people: Everybody) -> Group:
    """A meeting counted by heads, at the same time, led by Femi A."""
    hall = factories.room(session, "hall", holds=40)
    series = factories.series(
        session, "Late meeting", kind="mutual_help", counting="heads", room_id=hall, minutes=60
    )
    return _led(session, series, factories.post(session, series, people.other_facilitator.id, "chair"))


def _led(session: Database, series: int, post: int) -> Group:
    occurrence = factories.occurrence(session, series)
    factories.duty(session, occurrence, post)
    return Group(series, post, occurrence, AT_SEVEN.replace(minute=6))
