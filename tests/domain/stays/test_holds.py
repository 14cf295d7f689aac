"""A hold lies inside its stay and beside all others."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session as Database

from scheduler.domain.stays.models import Hold, Stay
from scheduler.domain.stays.queries import HoldView, hold_on, holds_of
from scheduler.domain.stays.reasons import Places
from scheduler.domain.stays.service import add_hold, end_hold, load_hold
from scheduler.errors import Invalid, NotFound, Refused
from tests.support import factories
from tests.support.people import Everybody

ADMITTED, DISCHARGED = date(2026, 7, 1), date(2026, 8, 31)
FIRST, LAST = date(2026, 7, 20), date(2026, 7, 31)
DAY = timedelta(days=1)


@pytest.fixture
def stay(people: Everybody, session: Database) -> Stay:
    return session.get_one(Stay, factories.stay(session, people.member.id, ADMITTED, DISCHARGED))


def pause(
    people: Everybody,
    session: Database,
    stay: Stay,
    now: datetime,
    first: date = FIRST,
    last: date | None = LAST,
) -> Hold:
    return add_hold(
        session,
        actor=people.coordinator.actor,
        stay=stay,
        from_date=first,
        until_date=last,
        places=Places.FREED,
        now=now,
    )


def test_a_hold_says_from_when_until_when_and_who_made_it(
    people: Everybody, session: Database, stay: Stay, now: datetime
) -> None:
    row = pause(people, session, stay, now)
    view = HoldView(
        id=row.id,
        stay_id=stay.id,
        person_id=people.member.id,
        from_date=FIRST,
        until_date=LAST,
        places=Places.FREED,
        made_at=now,
        made_by="Odile K.",
        revision=1,
    )
    assert holds_of(session, people.member.id) == (view,)
    days = (FIRST - DAY, FIRST, LAST, LAST + DAY)
    assert [hold_on(session, people.member.id, day) is not None for day in days] == [False, True, True, False]
    assert holds_of(session, 999) == ()


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (FIRST, FIRST - DAY, "until_date"),
        (ADMITTED - DAY, LAST, "from_date"),
        (FIRST, DISCHARGED + DAY, "until_date"),
        (FIRST, None, "until_date"),
    ],
)
def test_a_hold_lies_in_its_stay(
    people: Everybody,
    session: Database,
    stay: Stay,
    now: datetime,
    first: date,
    last: date | None,
    field: str,
) -> None:
    with pytest.raises(Invalid) as refused:
        pause(people, session, stay, now, first, last)
    assert list(refused.value.fields) == [field]


def test_the_whole_stay_may_be_on_hold(
    people: Everybody, session: Database, stay: Stay, now: datetime
) -> None:
    assert pause(people, session, stay, now, ADMITTED, DISCHARGED).id


@pytest.mark.parametrize(
    ("first", "last"),
    [(LAST, LAST + DAY), (FIRST - DAY, FIRST), (FIRST + DAY, LAST - DAY), (ADMITTED, DISCHARGED)],
)
def test_no_two_holds_of_one_person_share_a_day(
    people: Everybody, session: Database, stay: Stay, now: datetime, first: date, last: date
) -> None:
    pause(people, session, stay, now)
    with pytest.raises(Refused, match="There is a pause already: "):
        pause(people, session, stay, now, first, last)


def test_holds_may_stand_side_by_side(
    people: Everybody, session: Database, stay: Stay, now: datetime
) -> None:
    pause(people, session, stay, now)
    pause(people, session, stay, now, LAST + DAY, LAST + DAY)
    pause(people, session, stay, now, FIRST - DAY, FIRST - DAY)
    assert [each.from_date for each in holds_of(session, people.member.id)] == [
        LAST + DAY,
        FIRST,
        FIRST - DAY,
    ]


def test_an_open_hold_lasts_until_it_is_ended(
    people: Everybody, session: Database, stay: Stay, now: datetime
) -> None:
    stay.discharged_on = stay.reason = None
    row = pause(people, session, stay, now, FIRST, None)
    with pytest.raises(Refused):
        pause(people, session, stay, now, date(2030, 1, 1), None)
    assert end_hold(session, hold=row, last=LAST)
    assert (row.until_date, row.revision) == (LAST, 2)
    assert end_hold(session, hold=row, last=None)
    assert row.until_date is None


def test_a_longer_hold_is_checked_as_a_new_one(
    people: Everybody, session: Database, stay: Stay, now: datetime
) -> None:
    row = pause(people, session, stay, now)
    pause(people, session, stay, now, LAST + 5 * DAY, LAST + 6 * DAY)
    with pytest.raises(Refused):
        end_hold(session, hold=row, last=LAST + 5 * DAY)
    with pytest.raises(Invalid):
        end_hold(session, hold=row, last=None)
    assert end_hold(session, hold=row, last=LAST + 4 * DAY)


def test_a_hold_that_ends_before_it_begins_never_was(
    people: Everybody, session: Database, stay: Stay, now: datetime
) -> None:
    row = pause(people, session, stay, now)
    assert not end_hold(session, hold=row, last=FIRST - DAY)
    assert holds_of(session, people.member.id) == ()
    with pytest.raises(NotFound):
        load_hold(session, 1)
