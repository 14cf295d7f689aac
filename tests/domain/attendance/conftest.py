"""An evening group of two members, and who leads it."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.store.transaction import transaction
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


@pytest.fixture
def group(sessions: sessionmaker[Database], people: Everybody) -> Group:
    """Renee T. and Marcus T. are expected; Dana R. has the duty."""
    with sessions() as session, transaction(session):
        room = factories.room(session)
        series = factories.series(session, room_id=room)
        post = factories.post(session, series, people.facilitator.id)
        occurrence = factories.occurrence(session, series)
        factories.duty(session, occurrence, post)
        for member in (people.member, people.other_member):
            factories.enrollment(session, series, member.id)
    return Group(series, post, occurrence, AT_SEVEN.replace(minute=6))


@pytest.fixture
def meeting(sessions: sessionmaker[Database], people: Everybody) -> Group:
    """A meeting counted by heads, at the same time, led by the other facilitator."""
    with sessions() as session, transaction(session):
        hall = factories.room(session, "hall", holds=40)
        series = factories.series(
            session, "Late meeting", kind="mutual_help", counting="heads", room_id=hall, minutes=60
        )
        post = factories.post(session, series, people.other_facilitator.id, "chair")
        occurrence = factories.occurrence(session, series)
        factories.duty(session, occurrence, post)
    return Group(series, post, occurrence, AT_SEVEN.replace(minute=6))
