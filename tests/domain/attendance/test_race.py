"""Two facilitators who save the first mark of one member at the same moment."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from threading import Barrier, Event, Thread
from time import sleep

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.domain.attendance import service
from scheduler.domain.attendance.checking_in import check_in
from scheduler.domain.attendance.confirming import Confirmed, submit
from scheduler.domain.attendance.held import records_of
from scheduler.domain.attendance.lasting import Span
from scheduler.domain.attendance.merging import Outcome, Wanted
from scheduler.domain.attendance.models import Attended, Mark, Sheet, SheetRecord
from scheduler.domain.attendance.statuses import Status, Value
from scheduler.domain.people.models import Person
from scheduler.domain.schedule.models import Occurrence, Series
from scheduler.errors import Invalid
from scheduler.store.transaction import transaction
from tests.support import factories
from tests.support.evenings import Group
from tests.support.people import Everybody, Someone

Save = Callable[[Someone, Status, int], str]
ROUNDS = 8


def both(save: Save, people: Everybody, occurrence: int) -> list[str]:
    """What becomes of two different marks that are saved at once, by name."""
    said: list[str] = []
    threads = [
        Thread(target=lambda who=who, status=status: said.append(save(who, status, occurrence)))
        for who, status in ((people.facilitator, Status.PRESENT), (people.coordinator, Status.ABSENT))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return sorted(said)


def occurrences(sessions: sessionmaker[Database], group: Group, number: int) -> list[int]:
    """More meetings of the group, each with a duty and no sheet yet."""
    with sessions() as session, transaction(session):
        made = [
            factories.occurrence(session, group.series, datetime(2026, 7, 2 + day, 19))
            for day in range(number)
        ]
        for occurrence in made:
            factories.duty(session, occurrence, group.post)
    return made


def test_the_first_is_saved_and_the_second_is_shown_both_every_time(
    sessions: sessionmaker[Database], people: Everybody, group: Group
) -> None:
    together = Barrier(2)

    def save(who: Someone, status: Status, occurrence: int) -> str:
        together.wait(timeout=30)
        with sessions() as session, transaction(session):
            results = service.save_marks(
                session,
                actor=who.actor,
                occurrence_id=occurrence,
                marks=[Wanted(people.member.id, Value(status))],
                now=group.during,
            )
        return str(results[0].outcome)

    said = [both(save, people, occurrence) for occurrence in occurrences(sessions, group, ROUNDS)]
    assert said == [[Outcome.APPLIED, Outcome.CONFLICT]] * ROUNDS


def test_without_taking_the_occurrence_first_the_second_is_not_asked(
    sessions: sessionmaker[Database], people: Everybody, group: Group
) -> None:
    """The same save without its lock, which shows that the test above can fail."""
    looked = Barrier(2)

    def save_unguarded(who: Someone, status: Status, occurrence: int) -> str:
        with sessions() as session:
            try:
                found = session.query(Sheet).filter_by(occurrence_id=occurrence).first()
                looked.wait(timeout=30)
                sheet = found or Sheet(occurrence_id=occurrence, opened_at=group.during, walk_ins=0)
                session.add(sheet)
                session.flush()
                session.add(
                    Mark(
                        sheet_id=sheet.id,
                        person_id=people.member.id,
                        status=status,
                        marked_by=who.id,
                        marked_at=group.during,
                        revision=1,
                    )
                )
                session.commit()
            except Exception as error:  # noqa: BLE001 -- whatever it is, it is not the question "which?"
                return type(error).__name__
        return str(Outcome.APPLIED)

    (occurrence,) = occurrences(sessions, group, 1)
    said = both(save_unguarded, people, occurrence)
    assert said in (["IntegrityError", Outcome.APPLIED], ["OperationalError", Outcome.APPLIED])


def test_who_comes_in_at_the_moment_at_which_they_are_marked_is_marked_once(
    sessions: sessionmaker[Database], people: Everybody, group: Group
) -> None:
    """The first stays: the facilitator is asked, or the member is sent to them. Without the occurrence's lock
    both would win, as above."""
    together = Barrier(2)
    with sessions() as session, transaction(session):
        session.get_one(Series, group.series).check_in = True

    def save(who: Someone, _status: Status, occurrence: int) -> str:
        with sessions() as session:
            starts_at = session.get_one(Occurrence, occurrence).starts_at
        together.wait(timeout=30)
        with sessions() as session, transaction(session):
            given = {"occurrence_id": occurrence, "now": starts_at}
            if who is people.coordinator:
                scan = {"scanned_at": starts_at, "once": f"pass {occurrence}"}
                is_in = check_in(session, actor=people.member.actor, **scan, **given)
                return "in" if is_in else "sent to the leader"
            wanted = [Wanted(people.member.id, Value(Status.ABSENT))]
            return str(service.save_marks(session, actor=who.actor, marks=wanted, **given)[0].outcome)

    for occurrence in occurrences(sessions, group, ROUNDS):
        said = both(save, people, occurrence)
        assert said in ([Outcome.APPLIED, "sent to the leader"], [Outcome.CONFLICT, "in"])
    with sessions() as session:
        assert {row.revision for row in session.query(Mark)} == {1}


@pytest.mark.databases("postgresql")
def test_saving_a_sheet_and_planning_around_its_people_never_wait_in_a_circle(
    sessions: sessionmaker[Database], people: Everybody, group: Group
) -> None:
    """Planning locks persons, then changes occurrences; a sheet takes both in the same order."""
    done: list[str] = []
    persons_locked = Event()

    def plan() -> None:
        with sessions() as session, transaction(session):
            persons = [people.member.id, people.facilitator.id]
            session.query(Person).filter(Person.id.in_(persons)).with_for_update().all()
            persons_locked.set()
            sleep(0.3)  # now the sheet waits, with whatever it took before
            session.get_one(Occurrence, group.occurrence).move_reason = "Repairs"
        done.append("planned")

    def save() -> None:
        persons_locked.wait(timeout=30)
        with sessions() as session, transaction(session):
            marks = [Wanted(people.member.id, Value(Status.PRESENT))]
            service.save_marks(
                session,
                actor=people.facilitator.actor,
                occurrence_id=group.occurrence,
                marks=marks,
                now=group.during,
            )
        done.append("saved")

    threads = [Thread(target=plan), Thread(target=save)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert done == ["planned", "saved"]


def fresh(sessions: sessionmaker[Database], people: Everybody, occurrences: list[int], now: datetime) -> None:
    """Everybody is present on these sheets."""
    with sessions() as session, transaction(session):
        for occurrence in occurrences:
            service.mark_rest(
                session,
                actor=people.facilitator.actor,
                occurrence_id=occurrence,
                status=Status.PRESENT,
                now=now,
            )


def together(*acts: Callable[[], str]) -> list[str]:
    """What becomes of acts at the same moment, in their order."""
    said = [""] * len(acts)
    start = Barrier(len(acts))

    def do(place: int) -> None:
        start.wait(timeout=30)
        said[place] = acts[place]()

    threads = [Thread(target=do, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return said


def test_of_two_who_submit_at_once_one_stands_and_the_other_is_told_every_time(
    sessions: sessionmaker[Database], people: Everybody, group: Group
) -> None:
    made = occurrences(sessions, group, ROUNDS)
    fresh(sessions, people, made, group.during)

    def submitting(who: Someone, occurrence: int) -> str:
        with sessions() as session, transaction(session):
            row = session.get_one(Occurrence, occurrence)
            span = Span(row.starts_at, row.ends_at, breaks=who.id)
            confirmed = Confirmed((people.facilitator.id,), span)
            said = submit(
                session, actor=who.actor, occurrence_id=occurrence, now=group.during, confirmed=confirmed
            )
        return "stands" if said.stands else "told"

    for occurrence in made:
        who = (people.facilitator, people.coordinator)
        said = together(*(partial(submitting, each, occurrence) for each in who))
        assert sorted(said) == ["stands", "told"]
        with sessions() as session:
            [record] = records_of(session, occurrence)
            assert record.span.breaks == who[said.index("stands")].id


def test_a_mark_saved_while_its_sheet_is_submitted_is_in_the_record_or_asks_for_a_reason(
    sessions: sessionmaker[Database], people: Everybody, group: Group
) -> None:
    made = occurrences(sessions, group, ROUNDS)
    fresh(sessions, people, made, group.during)

    def marking(occurrence: int) -> str:
        try:
            with sessions() as session, transaction(session):
                service.save_marks(
                    session,
                    actor=people.coordinator.actor,
                    occurrence_id=occurrence,
                    marks=[Wanted(people.member.id, Value(Status.ABSENT), seen=1)],
                    now=group.during,
                )
        except Invalid as error:
            return next(iter(error.fields))
        return "saved"

    def submitting(occurrence: int) -> str:
        with sessions() as session, transaction(session):
            submit(session, actor=people.facilitator.actor, occurrence_id=occurrence, now=group.during)
        return "submitted"

    for occurrence in made:
        marked, _ = together(partial(marking, occurrence), partial(submitting, occurrence))
        assert marked in {"saved", "reason"}
        with sessions() as session:
            [record] = records_of(session, occurrence)
        assert (people.member.id in record.there) is (marked == "reason")


def test_a_record_made_without_the_lock_misses_a_mark_that_is_saved_meanwhile(
    sessions: sessionmaker[Database], people: Everybody, group: Group
) -> None:
    """The same without taking the occurrence, which shows that the test above can fail."""
    (occurrence,) = occurrences(sessions, group, 1)
    fresh(sessions, people, [occurrence], group.during)
    looked, saved = Event(), Event()

    def submit_unguarded() -> str:
        with sessions() as session:
            sheet = session.query(Sheet).filter_by(occurrence_id=occurrence).one()
            there = [row.id for row in session.query(Mark).filter_by(sheet_id=sheet.id)]
            looked.set()
            saved.wait(timeout=30)
            try:
                times = {"starts_at": group.during, "ends_at": group.during + timedelta(hours=1)}
                record = SheetRecord(
                    sheet_id=sheet.id,
                    revision=1,
                    **times,
                    breaks=0,
                    counted=True,
                    present=len(there),
                    made_at=group.during,
                )
                session.add(record)
                session.flush()
                session.add_all(
                    Attended(record_id=record.id, mark_id=each, way="room", minutes=60) for each in there
                )
                session.commit()
            except OperationalError:
                return "locked"
        with sessions() as session:
            [kept] = records_of(session, occurrence)
        return "stale" if people.member.id in kept.there else "right"

    def mark() -> str:
        looked.wait(timeout=30)
        with sessions() as session, transaction(session):
            service.save_marks(
                session,
                actor=people.coordinator.actor,
                occurrence_id=occurrence,
                marks=[Wanted(people.member.id, Value(Status.ABSENT), seen=1)],
                now=group.during,
            )
        saved.set()
        return "saved"

    assert together(submit_unguarded, mark) in (["stale", "saved"], ["locked", "saved"])
