"""One person erased, and two joined, at one moment or while something is written of them: nothing is lost.

The twins show what a race is without its guard.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.attendance import service as attendance
from scheduler.domain.attendance.merging import Outcome, Wanted
from scheduler.domain.attendance.models import Mark
from scheduler.domain.attendance.statuses import Status, Value
from scheduler.domain.calendars import service as calendars
from scheduler.domain.calendars.models import Feed
from scheduler.domain.calendars.service import Choices
from scheduler.domain.calendars.sources import Titles
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.people.models import Person
from scheduler.domain.people.roles import SYSTEM
from scheduler.domain.privacy.erase import erase
from scheduler.domain.privacy.merge import Merged, merge
from scheduler.domain.privacy.models import Erasure
from scheduler.errors import NotFound
from scheduler.store.audit import AuditEntry
from scheduler.store.transaction import transaction
from tests.domain.planning.racing import race
from tests.support import factories
from tests.support.evenings import evening_group
from tests.support.people import Everybody

Sessions = sessionmaker[Database]


def test_a_person_who_is_erased_from_two_pages_at_once_is_erased_once(
    sessions: Sessions, people: Everybody, now: datetime
) -> None:
    given = {"actor": SYSTEM, "now": now, "kept_until": date(2033, 7, 15)}
    act = partial(erase, person_id=people.member.id, **given)
    answers = race(sessions, [act] * 4)
    assert len({repr(answer) for answer in answers}) == 1
    with sessions() as session:
        noted = select(func.count()).where(AuditEntry.action == "person.erased")
        assert (session.scalar(noted), len(session.scalars(select(Erasure)).all())) == (1, 1)


def test_two_records_joined_both_ways_at_once_are_one_and_keep_everything(
    sessions: Sessions, people: Everybody, now: datetime
) -> None:
    first, second = people.member.id, people.other_member.id
    with sessions() as session, transaction(session):
        for person in (first, second):
            factories.enrollment(session, factories.series(session), person)

    def joined(one: int, other: int, session: Database) -> Merged | None:
        try:
            return merge(session, actor=SYSTEM, first_id=one, second_id=other, now=now)
        except NotFound:
            return None

    answers = race(sessions, [partial(joined, first, second), partial(joined, second, first)])
    assert [answer is None for answer in answers].count(True) == 1
    with sessions() as session:
        gone = session.scalars(select(Person.merged_into).where(Person.merged_into.is_not(None))).all()
        assert session.scalars(select(Enrollment.person_id)).all() == gone * 2


def meanwhile(sessions: Sessions, first: Callable[[Database], Any], second: Callable[[Database], Any]) -> Any:
    """What the second answers, or the refusal that it meets: begun when the first has only to commit."""
    begun, answers = Event(), []

    def late() -> None:
        begun.wait(timeout=30)
        try:
            with sessions() as session, transaction(session):
                answers.append(second(session))
        except NotFound as refused:
            answers.append(refused)

    thread = Thread(target=late)
    thread.start()
    with sessions() as session, transaction(session):
        first(session)
        begun.set()
        thread.join(timeout=0.5)  # by then an unguarded second is done
    thread.join(timeout=30)
    return answers[0]


def marked_while_joined(sessions: Sessions, people: Everybody, now: datetime) -> Any:
    """What becomes of a mark for the second of two records; and whom the marks name afterwards."""
    first, second = people.member.id, people.other_member.id
    with sessions() as session, transaction(session):
        group = evening_group(session, people)
    wanted = [Wanted(second, Value(Status.PRESENT))]
    answer = meanwhile(
        sessions,
        partial(merge, actor=SYSTEM, first_id=first, second_id=second, now=now),
        partial(
            attendance.save_marks,
            actor=people.facilitator.actor,
            occurrence_id=group.occurrence,
            marks=wanted,
            now=group.during,
        ),
    )
    with sessions() as session:
        return [each.outcome for each in answer], session.scalars(select(Mark.person_id)).all()


def test_no_mark_is_saved_for_a_record_that_is_joined_at_that_moment(
    sessions: Sessions, people: Everybody, now: datetime
) -> None:
    assert marked_while_joined(sessions, people, now) == ([Outcome.NOT_EXPECTED], [])


@pytest.mark.databases("postgresql")
def test_the_twin_with_a_weaker_lock_saves_it_for_nobody(
    sessions: Sessions, people: Everybody, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hold(session: Database, persons: set[int]) -> None:
        held = select(Person.id).where(Person.id.in_(persons)).order_by(Person.id)
        session.execute(held.with_for_update(read=True, key_share=True))

    monkeypatch.setattr(attendance, "_hold_persons", hold)
    ghost = people.other_member.id
    assert marked_while_joined(sessions, people, now) == ([Outcome.APPLIED], [ghost])


def labels_after_erasing(
    sessions: Sessions, people: Everybody, now: datetime, *, replaces: bool
) -> list[str]:
    """The labels of the calendars of somebody who is erased while one is made, or got a new address."""
    choices = Choices("Renee's phone", Titles.PLAIN)
    words: dict[str, Any] = {"actor": people.member.actor, "person_id": people.member.id, "now": now}
    gone = partial(erase, **words, kept_until=date(2033, 7, 15))
    made = partial(calendars.make_feed, choices=choices, **words)
    if replaces:
        with sessions() as session, transaction(session):
            made(session)
        meanwhile(
            sessions,
            partial(calendars.give_new_address, feed_id=1, farewell=timedelta(days=14), **words),
            gone,
        )
    else:
        meanwhile(sessions, gone, made)
    with sessions() as session:
        return list(session.scalars(select(Feed.name).where(Feed.name != "")))


@pytest.mark.parametrize("replaces", [False, True])
def test_no_calendar_of_somebody_who_is_erased_at_that_moment_survives(
    sessions: Sessions, people: Everybody, now: datetime, *, replaces: bool
) -> None:
    assert labels_after_erasing(sessions, people, now, replaces=replaces) == []


@pytest.mark.databases("postgresql")
@pytest.mark.parametrize("replaces", [False, True])
def test_the_twin_that_does_not_lock_its_owner_makes_one_that_survives(
    sessions: Sessions, people: Everybody, now: datetime, monkeypatch: pytest.MonkeyPatch, *, replaces: bool
) -> None:
    monkeypatch.setattr(calendars, "_take_owner", lambda *_: None)
    assert labels_after_erasing(sessions, people, now, replaces=replaces) == ["Renee's phone"]
