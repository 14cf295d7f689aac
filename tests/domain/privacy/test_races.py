"""One person erased, and two joined, at one moment or while something is written of them: nothing is lost.

The twins show what a race is without its guard.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from threading import Barrier, Event, Thread
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.attendance import holding
from scheduler.domain.attendance import service as attendance
from scheduler.domain.attendance.merging import Outcome, Wanted
from scheduler.domain.attendance.models import Mark
from scheduler.domain.attendance.statuses import Status, Value
from scheduler.domain.calendars import service as calendars
from scheduler.domain.calendars.models import Feed
from scheduler.domain.calendars.service import Choices
from scheduler.domain.calendars.sources import Titles
from scheduler.domain.enrollment.models import Enrollment
from scheduler.domain.people import service
from scheduler.domain.people.models import Person
from scheduler.domain.people.roles import SYSTEM
from scheduler.domain.privacy import erase as erasing
from scheduler.domain.privacy import merge as merging
from scheduler.domain.privacy.erase import Erased, erase
from scheduler.domain.privacy.merge import Merged, merge
from scheduler.domain.privacy.models import Erasure
from scheduler.errors import Conflict, NotFound
from scheduler.store.audit import AuditEntry
from scheduler.store.ledger import KIND
from scheduler.store.outbox import Outbox
from scheduler.store.transaction import transaction
from tests.domain.planning.racing import Act, race
from tests.support import factories
from tests.support.evenings import evening_group
from tests.support.people import Everybody

Sessions = sessionmaker[Database]
KEPT_UNTIL = date(2033, 7, 15)
SOME = 4
ONCE = ["person.disabled", "person.erased"]


def test_a_person_who_is_erased_from_several_pages_at_once_is_erased_once(
    sessions: Sessions, people: Everybody, now: datetime
) -> None:
    answers = race(sessions, [erasure_of(people.member.id, now)] * SOME)
    assert answers == [Erased(people.member.id, now, KEPT_UNTIL)] * SOME
    assert done_in(sessions) == (ONCE, ["disabled", "erased", "sign-ins"], 1)


@pytest.mark.databases("postgresql")
def test_the_twin_without_locks_erases_a_person_several_times(
    sessions: Sessions, people: Everybody, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = Barrier(SOME, timeout=30)
    for each in (erasing, service):
        monkeypatch.setattr(each, "lock", no_lock)
    monkeypatch.setattr(service, "locked", lambda session, number: seen(session, looked, number))
    race(sessions, [erasure_of(people.member.id, now)] * SOME)
    actions, ended, _ = done_in(sessions)
    assert (actions.count("person.disabled"), ended.count("disabled")) == (SOME, SOME)


def test_two_records_joined_both_ways_at_once_are_one_and_keep_everything(
    sessions: Sessions, people: Everybody, now: datetime
) -> None:
    acts = both_ways(sessions, people, now)
    answers = race(sessions, acts)
    assert sorted(map(outcome_of, answers)) == ["gone", "joined"]
    with sessions() as session:
        gone = session.scalars(select(Person.merged_into).where(Person.merged_into.is_not(None))).all()
        assert session.scalars(select(Enrollment.person_id)).all() == gone * 2


@pytest.mark.databases("postgresql")
def test_the_twin_without_locks_joins_both_or_neither(
    sessions: Sessions, people: Everybody, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both look before either writes: then each waits for the other, or both are gone."""
    looked, acts = Barrier(2, timeout=30), both_ways(sessions, people, now)
    monkeypatch.setattr(merging, "lock", no_lock)
    monkeypatch.setattr(merging, "_require_no_clash", lambda *_of: looked.wait())
    answers = race(sessions, acts)
    assert "gone" not in map(outcome_of, answers)


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
    weaker = holding._PERSONS.with_for_update(read=True, key_share=True)
    monkeypatch.setattr(holding, "_HELD_PERSONS", weaker)
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


def erasure_of(person_id: int, now: datetime) -> Act[Erased]:
    return partial(erase, actor=SYSTEM, person_id=person_id, now=now, kept_until=KEPT_UNTIL)


def done_in(sessions: Sessions) -> tuple[list[str], list[Any], int]:
    """What is on record that can be done once, what the ledger is told, and how many erasures there are."""
    with sessions() as session:
        actions = session.scalars(
            select(AuditEntry.action).where(AuditEntry.action.in_(ONCE)).order_by(AuditEntry.action)
        ).all()
        told = session.scalars(select(Outbox.payload).where(Outbox.kind == KIND)).all()
        erasures = len(session.scalars(select(Erasure)).all())
    return list(actions), sorted(each["what"] for each in told), erasures


def both_ways(sessions: Sessions, people: Everybody, now: datetime) -> list[Act[Merged | None]]:
    """Two who belong to a group each; each is to become part of the other."""
    first, second = people.member.id, people.other_member.id
    with sessions() as session, transaction(session):
        for person in (first, second):
            factories.enrollment(session, factories.series(session), person)

    def joined(one: int, other: int) -> Callable[[Database], Merged | None]:
        def act(session: Database) -> Merged | None:
            try:
                return merge(session, actor=SYSTEM, first_id=one, second_id=other, now=now)
            except NotFound:
                return None

        return act

    return [joined(first, second), joined(second, first)]


def outcome_of(answer: Merged | Conflict | None) -> str:
    return "gone" if answer is None else "refused" if isinstance(answer, Conflict) else "joined"


def seen(session: Database, looked: Barrier, person_id: int) -> Person:
    """What `locked` must not be: all look before anybody writes."""
    person = session.get_one(Person, person_id, populate_existing=True)
    looked.wait()
    return person


def no_lock(session: Database, **ids: object) -> None:
    """What `lock` must not be."""
