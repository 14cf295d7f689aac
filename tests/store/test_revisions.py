"""Revisions: stale forms, and calendars that changed."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.people.models import Person
from scheduler.errors import Conflict
from scheduler.store import asking
from scheduler.store.base import require_revision
from scheduler.store.revisions import CalendarRevision, raise_calendars
from scheduler.store.transaction import transaction
from tests.support.people import Everybody
from tests.support.revisions import revision_of

Sessions = sessionmaker[Database]


def save(sessions: Sessions, person_id: int, seen: int) -> None:
    with sessions() as session, transaction(session):
        require_revision(session.get_one(Person, person_id), seen)


def test_of_two_forms_made_from_one_state_the_second_is_refused(
    sessions: Sessions, people: Everybody
) -> None:
    save(sessions, people.member.id, seen=1)
    with pytest.raises(Conflict, match="Somebody changed this in the meantime"):
        save(sessions, people.member.id, seen=1)
    save(sessions, people.member.id, seen=2)


@pytest.mark.parametrize("seen", [0, 2, -1])
def test_a_revision_that_never_was_is_refused(sessions: Sessions, people: Everybody, seen: int) -> None:
    with pytest.raises(Conflict):
        save(sessions, people.member.id, seen=seen)


def test_of_many_at_once_one_is_saved(sessions: Sessions, people: Everybody) -> None:
    def is_saved(_number: int) -> bool:
        try:
            with sessions() as session, transaction(session):
                person = session.scalars(
                    select(Person).where(Person.id == people.member.id).with_for_update()
                ).one()
                require_revision(person, 1)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(is_saved, range(16))) == 1


def test_raised_are_those_who_are_named_and_nobody_else(
    people: Everybody, session: Database, now: datetime
) -> None:
    raise_calendars(session, [people.member.id, people.facilitator.id, people.member.id], now=now)
    raise_calendars(session, [people.member.id], now=now)
    raise_calendars(session, [], now=now)
    rows = session.execute(select(CalendarRevision.person_id, CalendarRevision.revision))
    found = {row.person_id: row.revision for row in rows}
    usual = dict.fromkeys(found, 1)
    assert found == usual | {people.member.id: 3, people.facilitator.id: 2}
    assert revision_of(session, people.member.id) == 3


def test_many_who_raise_the_same_calendars_all_get_through(
    sessions: Sessions, people: Everybody, now: datetime
) -> None:
    """Sorted in Python and updated one by one, such changes deadlocked on PostgreSQL."""

    def change(number: int) -> None:
        chance = random.Random(number)  # noqa: S311 -- the same orders every time
        for _round in range(5):
            with sessions() as session, transaction(session):
                raise_calendars(session, chance.sample(range(1, 7), 6), now=now)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(change, range(8)))
    with sessions() as session:
        assert set(session.scalars(select(CalendarRevision.revision))) == {41}


def test_more_calendars_than_one_statement_takes_are_raised_all(
    sessions: Sessions, people: Everybody, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "_AT_ONCE", 2)
    some = [people.member.id, people.other_member.id, people.facilitator.id]
    with sessions() as session, transaction(session):
        before = [revision_of(session, each) for each in some]
        raise_calendars(session, some, now=now)
        assert [revision_of(session, each) for each in some] == [each + 1 for each in before]
