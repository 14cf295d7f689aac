"""A member's own calendar client shows the right hours, and what changed, at its next look."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
import time_machine
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.calendars.service import Choices
from scheduler.domain.calendars.sources import Titles
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.planning.leading import substitute
from scheduler.domain.planning.membership import end_enrollment
from scheduler.domain.planning.moving import move_occurrence
from scheduler.domain.planning.stopping import cancel_occurrence, restore_occurrence
from scheduler.domain.roster.models import Duty
from scheduler.store.transaction import transaction
from tests.domain.planning.center import Center
from tests.support.browsing import Served
from tests.support.calendar_clients import Client
from tests.support.feeds import subscribe
from tests.support.people import Everybody, Someone

pytestmark = pytest.mark.clients

FULL = Choices("Laptop", Titles.FULL)
PLAIN = Choices("My phone", Titles.PLAIN)
Subscribed = Callable[..., Client]


@pytest.fixture(autouse=True)
def _then(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def center(sessions: sessionmaker[Database], people: Everybody, now: datetime) -> Center:
    center = Center(sessions, people, now)
    center.open()
    return center


@pytest.fixture
def subscribed(served: Served, sessions: sessionmaker[Database], now: datetime, tmp_path: Path) -> Subscribed:
    """Makes a feed for a person and subscribes a client to it."""

    def made(person: Someone, choices: Choices = FULL, timezone: str = "America/New_York") -> Client:
        with sessions() as session, transaction(session):
            path = subscribe(session, person, now, choices)
        return Client.subscribe(tmp_path / choices.name / str(person.id), served.address + path, timezone)

    return made


def test_the_hour_is_right_on_both_sides_of_both_changes_of_clock(
    center: Center, people: Everybody, subscribed: Subscribed
) -> None:
    center.make(members=[people.member.id])
    at_home = subscribed(people.member)
    assert at_home.listed("2026-10-20", "2026-11-11") == [
        "2026-10-20 19:00|2026-10-20 20:30|Tuesday evening group",
        "2026-10-27 19:00|2026-10-27 20:30|Tuesday evening group",
        "2026-11-03 19:00|2026-11-03 20:30|Tuesday evening group",
        "2026-11-10 19:00|2026-11-10 20:30|Tuesday evening group",
    ]
    assert at_home.listed("2027-03-09", "2027-03-24") == [
        "2027-03-09 19:00|2027-03-09 20:30|Tuesday evening group",
        "2027-03-16 19:00|2027-03-16 20:30|Tuesday evening group",
        "2027-03-23 19:00|2027-03-23 20:30|Tuesday evening group",
    ]
    on_a_journey = subscribed(people.member, PLAIN, "Europe/Berlin")
    assert on_a_journey.listed("2026-10-20", "2026-11-06") == [
        "2026-10-21 01:00|2026-10-21 02:30|Appointment",
        "2026-10-28 00:00|2026-10-28 01:30|Appointment",
        "2026-11-04 01:00|2026-11-04 02:30|Appointment",
    ]


def test_the_next_sync_says_what_was_cancelled_moved_and_put_back(
    center: Center, people: Everybody, subscribed: Subscribed
) -> None:
    made = center.make(members=[people.member.id])
    client = subscribed(people.member)
    cancelled, moved, far = made.occurrences[1], made.occurrences[2], made.occurrences[3]
    center.do(cancel_occurrence, occurrence_id=cancelled, revision=1, reason="The boiler is broken")
    for occurrence, start in ((moved, datetime(2026, 8, 5, 17)), (far, datetime(2026, 8, 19, 10))):
        center.do(
            move_occurrence,
            occurrence_id=occurrence,
            revision=1,
            local_start=start,
            room_id=center.room,
            reason="Holiday",
        )
    client.sync()
    assert client.listed("2026-07-21", "2026-08-26") == [
        "2026-07-21 19:00|2026-07-21 20:30|Tuesday evening group",
        "2026-07-28 19:00|2026-07-28 20:30|Cancelled: Tuesday evening group",
        "2026-08-05 17:00|2026-08-05 18:30|Tuesday evening group",
        "2026-08-18 19:00|2026-08-18 20:30|Tuesday evening group",
        "2026-08-19 10:00|2026-08-19 11:30|Tuesday evening group",
        "2026-08-25 19:00|2026-08-25 20:30|Tuesday evening group",
    ]
    center.do(restore_occurrence, occurrence_id=cancelled, revision=center.occurrence(cancelled).revision)
    client.sync()
    assert client.listed("2026-07-28", "2026-07-29") == [
        "2026-07-28 19:00|2026-07-28 20:30|Tuesday evening group"
    ]


def test_leaving_ends_it_and_what_was_stays(
    center: Center, people: Everybody, subscribed: Subscribed
) -> None:
    center.make(members=[people.member.id])
    client = subscribed(people.member)
    assert len(client.listed("2026-07-21", "2026-12-31")) == 24
    (enrollment,) = center.rows(Enrollment)
    center.do(
        end_enrollment, enrollment_id=enrollment.id, revision=enrollment.revision, until_date=date(2026, 8, 4)
    )
    client.sync()
    assert client.listed("2026-07-21", "2026-12-31") == [
        "2026-07-21 19:00|2026-07-21 20:30|Tuesday evening group",
        "2026-07-28 19:00|2026-07-28 20:30|Tuesday evening group",
        "2026-08-04 19:00|2026-08-04 20:30|Tuesday evening group",
    ]


def test_a_substitution_moves_from_one_calendar_to_the_other(
    center: Center, people: Everybody, subscribed: Subscribed
) -> None:
    made = center.make(leads=[people.facilitator.id])
    usual, other = subscribed(people.facilitator), subscribed(people.other_facilitator)
    (duty,) = center.rows(Duty, occurrence_id=made.occurrences[1])
    center.do(substitute, duty_id=duty.id, revision=duty.revision, person_id=people.other_facilitator.id)
    usual.sync()
    other.sync()
    assert usual.listed("2026-07-21", "2026-08-05") == [
        "2026-07-21 19:00|2026-07-21 20:30|Tuesday evening group",
        "2026-07-28 19:00|2026-07-28 20:30|Cancelled: Tuesday evening group",
        "2026-08-04 19:00|2026-08-04 20:30|Tuesday evening group",
    ]
    assert other.listed("2026-07-21", "2026-08-05") == [
        "2026-07-28 19:00|2026-07-28 20:30|Tuesday evening group"
    ]
